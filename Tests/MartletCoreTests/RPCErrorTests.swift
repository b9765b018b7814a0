import MartletCore
import Testing

@Suite struct RPCErrorTests {
    @Test func describesCodeNumberAndMessage() {
        #expect(RPCError(.notFound, "no user u-1").description == "NOT_FOUND (5): no user u-1")
    }

    @Test func isOneReferenceInSize() {
        #expect(MemoryLayout<RPCError>.size == MemoryLayout<AnyObject>.size)
    }

    @Test(arguments: StatusCode.allCases)
    func codesSurviveTheWire(code: StatusCode) {
        #expect(StatusCode(wire: code.rawValue) == code)
    }

    @Test(arguments: [-1, 17, Int32.max])
    func strangeCodesAreUnknown(number: Int32) {
        #expect(StatusCode(wire: number) == .unknown)
    }
}
