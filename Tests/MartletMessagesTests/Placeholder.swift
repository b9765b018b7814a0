import Testing

@testable import MartletMessages

@Test func placeholder() {}
