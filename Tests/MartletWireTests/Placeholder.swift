import Testing

@testable import MartletWire

@Test func placeholder() {}
