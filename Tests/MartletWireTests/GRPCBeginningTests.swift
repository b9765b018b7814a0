import Testing

@testable import MartletWire

/// How a gRPC server may begin a connection: with its SETTINGS, and nothing ahead of them (RFC 9113, section 3.4).
struct GRPCBeginningTests {
    typealias Case = GRPCClientTests.Case

    /// The client has sent a unary call, which waits for nothing.
    @Test(arguments: beginnings) func beginning(_ test: Case) {
        for feeding in Feeding.all(for: test.input) {
            let exchange = GRPCClientExchange(GRPCClientTests.limits)
            exchange.request(.only(streamsResponses: false))
            _ = exchange.sent()
            var events = exchange.feed(test.input, feeding)
            let resets = exchange.sent().filter { $0.hasPrefix("GOAWAY") }
            events += exchange.events()
            #expect(events == test.events, "\(feeding)")
            #expect(resets == test.resets, "\(feeding)")
        }
    }

    private static let settings = HTTP2.frame(4, 0, 0, [0, 3, 0, 0, 0, 9])
    private static let acknowledgement = HTTP2.frame(4, 1, 0, [])
    private static let answer =
        GRPCClientTests.answer(1) + HTTP2.data(1, GRPCClientTests.pong) + GRPCClientTests.trailers(1)

    private static func strange(_ rule: String, _ input: [UInt8], seen: String) -> Case {
        Case(
            rule: rule, input: input + settings + answer,
            events: [
                """
                failed handshake: FAILED_PRECONDITION (9): the server began with the bytes \(seen) instead of HTTP/2's \
                SETTINGS; the target must be a port that serves gRPC, and the client secured if that is
                """
            ], resets: ["GOAWAY 0 1 SETTINGS expected"])
    }

    static let beginnings = [
        Case(rule: "nothing yet", input: Array(settings.dropLast())),
        Case(rule: "settings", input: settings + acknowledgement + answer, events: ["ttrpc", "response 1 pong"]),
        Case(
            rule: "empty settings, and more of them later",
            input: HTTP2.frame(4, 0, 0, []) + acknowledgement + answer + settings, events: ["ttrpc", "response 1 pong"]),
        strange("an acknowledgement", acknowledgement, seen: "00 00 00 04 01 00 00 00 00 00"),
        strange("credit", HTTP2.window(0, 100), seen: "00 00 04 08 00 00 00 00 00 00"),
        strange("a ping", HTTP2.ping(7), seen: "00 00 08 06 00 00 00 00 00 00"),
        strange(
            "an acknowledgement with settings", HTTP2.frame(4, 1, 0, [0, 3, 0, 0, 0, 9]),
            seen: "00 00 06 04 01 00 00 00 00 00"),
    ]
}
