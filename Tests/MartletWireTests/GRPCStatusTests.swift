import MartletCore
import Testing

@testable import MartletWire

@Suite struct GRPCStatusTests {
    @Test(
        arguments: [
            (["grpc-status": "5", "grpc-message": "no %E2%98%BA"], "NOT_FOUND (5): no ☺"),
            (["grpc-status": "07"], "PERMISSION_DENIED (7): "), (["grpc-status": "17"], "UNKNOWN (2): "),
            (["grpc-status": "-1"], "UNKNOWN (2): "), (["grpc-status": ""], "UNKNOWN (2): "),
            (["grpc-status": "4294967296"], "UNKNOWN (2): "), (["grpc-status": "OK"], "UNKNOWN (2): "),
            (["grpc-status": "0", "grpc-message": "ignored"], "OK"), (["grpc-message": "x"], "none"), ([:], "none"),
            (
                ["grpc-status": "3", "grpc-status-details-bin": "CAMSA2JhZBoICgF0EgNhYmM"],
                "INVALID_ARGUMENT (3): bad detail t=616263"
            ),
            (
                ["grpc-status": "3", "grpc-message": "own", "grpc-status-details-bin": "CAMSA2JhZBoICgF0EgNhYmM="],
                "INVALID_ARGUMENT (3): own detail t=616263"
            ),
            (["grpc-status": "3", "grpc-status-details-bin": "?"], "INVALID_ARGUMENT (3): "),
            (["grpc-status": "3", "grpc-status-details-bin": "CAMS"], "INVALID_ARGUMENT (3): "),
        ] as [(Metadata, String)])
    func aStatusIsRead(headers: Metadata, outcome: String) {
        var status = GRPCStatus()
        for field in headers.fields { read(field.key, Array(field.value.utf8), &status) }
        #expect(render(status) == outcome)
    }

    @Test(arguments: [
        (RPCError(.notFound, ""), "grpc-status: 5"),
        (RPCError(.unauthenticated, "no\nway"), "grpc-status: 16|grpc-message: no%0Away"),
        (
            RPCError(.invalidArgument, "bad", details: [ErrorDetail(typeURL: "t", bytes: [0x61, 0x62, 0x63])]),
            "grpc-status: 3|grpc-message: bad|grpc-status-details-bin: CAMSA2JhZBoICgF0EgNhYmM"
        ),
    ])
    func anErrorIsWrittenAndReadAgain(error: RPCError, headers: String) {
        var lines: [String] = []
        var status = GRPCStatus()
        GRPCStatus.write(error) { name, value in
            lines.append("\(name): \(String(decoding: value, as: UTF8.self))")
            read("\(name)", value, &status)
        }
        #expect(lines.joined(separator: "|") == headers)
        let again = status.error(error.code, ["a": "b"])
        #expect(status.code == error.code && again.message == error.message && again.details == error.details)
        #expect(again.origin == .peer && again.metadata["a"] == "b")
    }

    @Test(
        arguments: [
            (200, .unknown), (400, .internalError), (401, .unauthenticated), (403, .permissionDenied),
            (404, .unimplemented),
            (429, .unavailable), (431, .internalError), (500, .unknown), (502, .unavailable), (503, .unavailable),
            (504, .unavailable), (302, .unknown),
        ] as [(Int, StatusCode)])
    func anHTTPStatusHasACode(status: Int, code: StatusCode) { #expect(StatusCode(httpStatus: status) == code) }

    @Test(
        arguments: [
            (0, "INTERNAL"), (1, "INTERNAL"), (2, "INTERNAL"), (3, "INTERNAL"), (4, "INTERNAL"), (5, "UNKNOWN"),
            (6, "INTERNAL"), (7, "UNAVAILABLE"), (8, "CANCELLED"), (9, "INTERNAL"), (10, "INTERNAL"),
            (11, "RESOURCE_EXHAUSTED"), (12, "PERMISSION_DENIED"), (13, "INTERNAL"), (14, "UNKNOWN"), (.max, "UNKNOWN"),
        ] as [(UInt32, String)])
    func aResetHasACode(reset: UInt32, code: String) {
        let error = RPCError(reset: reset)
        #expect(error.code.name == code)
        #expect(error.isSafeToRetry == (reset == 7))
    }

    private func read(_ name: String, _ value: [UInt8], _ status: inout GRPCStatus) {
        Array(name.utf8).withUnsafeBytes { name in value.withUnsafeBytes { status.read(name, $0) } }
    }

    private func render(_ status: GRPCStatus) -> String {
        guard let code = status.code else { return "none" }
        return code == .ok ? "OK" : MartletWireTests.render(status.error(code, [:]))
    }
}
