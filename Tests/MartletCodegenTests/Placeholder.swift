import Testing

@testable import MartletCodegen

@Test func placeholder() {}
