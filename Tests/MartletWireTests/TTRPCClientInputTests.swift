import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a client makes of a plain ttrpc server's frames, as tables of bytes. Stream 1 is unary, 3 gets responses, 5 sends
/// requests and gets responses, 7 was cancelled.
struct TTRPCClientInputTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        let events: [String]
        /// Of the three calls.
        let open: Int
        var testDescription: String { rule }

        init(_ rule: String, _ input: [UInt8], _ events: [String], open: Int) {
            self.rule = rule
            self.input = input
            self.events = ["ttrpc"] + events
            self.open = open
        }
    }

    static func client(limits: WireLimits = WireLimits(maxMetadataBytes: 100)) -> ClientWire {
        var wire = ClientWire(.ttrpc, limits: limits, implementation: NativeImplementation(name: "us", version: "1"))
        var output = ByteBuffer()
        wire.start(into: &output)
        for form in [
            RequestForm.only(streamsResponses: false), .only(streamsResponses: true), .open(streamsResponses: true),
            .open(streamsResponses: true),
        ] {
            _ = wire.request(
                service: "svc", method: "Get", form: form, payloadSize: 0, timeoutNanoseconds: nil, metadata: [:],
                into: &output, write: { _ in })
        }
        wire.cancel(stream: 7, code: .cancelled, into: &output)
        return wire
    }

    @Test(arguments: responses + streams + oddities + openings)
    func input(_ test: Case) {
        for feeding in Feeding.all(for: test.input) {
            var wire = Self.client()
            let outcome = feed(test.input, feeding, to: &wire)
            #expect(outcome == Outcome(events: test.events, replies: []), "\(feeding)")
            #expect(wire.openStreams == test.open, "\(feeding)")
        }
    }

    // MARK: Responses

    static let responses = [
        Case(
            "a response, as the first frame",
            bytes(
                """
                00 00 00 06  00 00 00 01  02 00  # 6 bytes, stream 1, Response
                12 04 'pong'                     # 2 payload
                """), ["response 1 pong"], open: 2),
        Case("an empty response is an empty message", frame(0x02, stream: 1, ""), ["response 1 "], open: 2),
        Case("a status with code 0 is a success", frame(0x02, stream: 1, "0a 00 12 01 'x'"), ["response 1 x"], open: 2),
        Case(
            "a status with details",
            frame(0x02, stream: 1, "0a 12  08 05  12 04 'gone'  1a 08 0a 03 'url' 12 01 ff"),
            ["response 1 peer: NOT_FOUND (5): gone detail url=ff"], open: 2),
        Case(
            "a second response is dropped", frame(0x02, stream: 1, "") + frame(0x02, stream: 1, ""), ["response 1 "],
            open: 2),
        Case(
            "a response that isn't protobuf ends its call",
            frame(0x02, stream: 1, "ff") + frame(0x02, stream: 3, ""),
            [
                """
                failedStream 1 INTERNAL (13): Response on stream 1 is malformed: a varint is cut short, at byte 0
                """, "response 3 ",
            ], open: 1),
    ]

    // MARK: Streams

    static let streams = [
        Case(
            "messages, an empty one too, and the end without one",
            frame(0x03, stream: 3, "'a'") + frame(0x03, stream: 3, "") + frame(0x03, stream: 3, flags: 0x05, ""),
            ["message 3 a", "message 3 ", "response 3 "], open: 2),
        Case(
            "the last message may close", frame(0x03, stream: 3, flags: 0x01, "'a'"),
            ["message 3 a", "response 3 "], open: 2),
        Case(
            "an empty message may close", frame(0x03, stream: 3, flags: 0x01, ""),
            ["message 3 ", "response 3 "], open: 2),
        Case(
            "a response with a message is the last one",
            frame(0x03, stream: 5, "'a'") + frame(0x02, stream: 5, "12 01 'b'"),
            ["message 5 a", "message 5 b", "response 5 "], open: 2),
        Case(
            "a response without is the end", frame(0x03, stream: 5, "'a'") + frame(0x02, stream: 5, ""),
            ["message 5 a", "response 5 "], open: 2),
        Case(
            "an error after messages", frame(0x03, stream: 5, "'a'") + frame(0x02, stream: 5, "0a 02 08 05"),
            ["message 5 a", "response 5 peer: NOT_FOUND (5): "], open: 2),
        Case(
            "no data says nothing by itself, whatever is in it",
            frame(0x03, stream: 3, flags: 0x04, "'a'") + frame(0x03, stream: 3, flags: 0x05, "'a'"),
            ["response 3 "], open: 2),
        Case(
            "what comes after the end is dropped",
            frame(0x03, stream: 3, flags: 0x05, "") + frame(0x03, stream: 3, "'a'")
                + frame(0x02, stream: 3, "0a 02 08 03"),
            ["response 3 "], open: 2),
        Case(
            "Data for a unary call ends it, once",
            frame(0x03, stream: 1, "'a'") + frame(0x03, stream: 1, "'a'") + frame(0x02, stream: 1, ""),
            [
                "failedStream 1 INTERNAL (13): Data on stream 1, whose call expects a Response only"
            ], open: 2),
    ]

    // MARK: Frames that nobody expects

    static let oddities = [
        Case(
            "what comes for a cancelled call is dropped",
            frame(0x03, stream: 7, "'a'") + frame(0x02, stream: 7, "") + frame(0x02, stream: 1, ""),
            ["response 1 "], open: 2),
        Case(
            "what comes for streams that never were, and unknown types, is dropped",
            frame(0x02, stream: 9, "ff") + frame(0x03, stream: 2, "'a'") + frame(0x77, stream: 1, "ff")
                + frame(0x01, stream: 1, "ff") + frame(0x02, stream: 1, ""),
            ["response 1 "], open: 2),
    ]

    // MARK: Servers that speak something else

    static func wrongStart(_ rule: String, _ input: [UInt8], seen: String) -> Case {
        Case(
            rule, input,
            [
                """
                failed handshake: FAILED_PRECONDITION (9): the server began with \(seen) instead of ttrpc's Response or \
                Data; the target must be a port that serves plain ttrpc
                """
            ], open: 3)
    }

    static let openings = [
        wrongStart("HTTP/1.1", Array("HTTP/1.1 400 Bad Request\r\n".utf8), seen: "an HTTP/1.1 response"),
        wrongStart(
            "HTTP/2", bytes("00 00 12 04 00 00 00 00 00 00 03 00 00 00 64"),
            seen: "an HTTP/2 SETTINGS frame, as gRPC servers send"),
        wrongStart("noise", bytes("de ad be ef 00 01 02 03 04 05"), seen: "the bytes de ad be ef 00 01 02 03 04 05"),
    ]

    // MARK: Sizes

    @Test func frameOverTheLimitEndsItsCall() {
        let tooLarge = [UInt8](repeating: 0xFF, count: 4 << 20 + 1)
        let input =
            frame(0x02, stream: 1, tooLarge) + frame(0x03, stream: 3, "'a'") + frame(0x03, stream: 3, tooLarge)
            + frame(0x03, stream: 7, tooLarge) + frame(0x02, stream: 5, "")
        let problem = "its 4194305 bytes are over ttrpc's limit of 4194304 for one frame"
        for feeding in [Feeding.whole, .split(11), .split(5 << 20), .asNeeded] {
            var wire = Self.client()
            let outcome = feed(input, feeding, to: &wire)
            #expect(
                outcome.events == [
                    "ttrpc", "failedStream 1 RESOURCE_EXHAUSTED (8): Response on stream 1: \(problem)", "message 3 a",
                    "failedStream 3 RESOURCE_EXHAUSTED (8): Data on stream 3: \(problem)", "response 5 ",
                ], "\(feeding)")
            #expect(wire.openStreams == 0, "\(feeding)")
        }
    }
}
