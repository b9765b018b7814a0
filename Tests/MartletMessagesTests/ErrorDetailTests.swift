import MartletMessages
import Testing

struct ErrorDetailTests {
    private let violation = GoogleRPC.BadRequest.FieldViolation(field: "email", description: "is not an address")

    @Test func detailsTravelAsBytes() throws {
        let request = GoogleRPC.BadRequest(fieldViolations: [violation])
        let error = RPCError(
            .invalidArgument, "1 field is wrong", details: request, GoogleRPC.ErrorInfo(reason: "BAD_EMAIL"))
        #expect(
            error.details.map(\.typeURL) == [
                "type.googleapis.com/google.rpc.BadRequest", "type.googleapis.com/google.rpc.ErrorInfo",
            ])
        #expect(try error.details(of: GoogleRPC.BadRequest.self) == [request])
        #expect(try error.details(of: GoogleRPC.ErrorInfo.self).map(\.reason) == ["BAD_EMAIL"])
        #expect(try error.details(of: GoogleRPC.Help.self).isEmpty)
    }

    @Test func onlyTheWholeNameMatches() throws {
        let bytes = try GoogleRPC.Help().serialized()
        let error = RPCError(
            .unknown, "",
            details: [
                ErrorDetail(typeURL: "google.rpc.Help", bytes: bytes),
                ErrorDetail(typeURL: "example.com/types/google.rpc.Help", bytes: bytes),
                ErrorDetail(typeURL: "type.googleapis.com/not.google.rpc.Help", bytes: bytes),
            ])
        #expect(try error.details(of: GoogleRPC.Help.self).count == 2)
    }

    @Test func anUnreadableDetailIsNamed() throws {
        let error = RPCError(
            .unknown, "", details: [ErrorDetail(typeURL: "type.googleapis.com/google.rpc.Help", bytes: [0x0A])])
        let cutShort = DecodingError(.malformed(.cutShort), message: "google.rpc.Help", field: "links[0]", offset: 1)
        #expect(throws: cutShort) {
            try error.details(of: GoogleRPC.Help.self)
        }
    }
}
