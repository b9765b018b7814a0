import Testing

@testable import MartletCore

@Test func placeholder() {}
