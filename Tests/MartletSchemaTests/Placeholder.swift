import Testing

@testable import MartletSchema

@Test func placeholder() {}
