import MartletWire
import NIOCore
import Testing

/// What a server makes of a plain ttrpc client's frames, as tables of bytes.
struct TTRPCServerInputTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        let events: [String]
        let replies: [String]
        /// Requests that wait for their end.
        let open: Int
        var testDescription: String { rule }

        init(_ rule: String, _ input: [UInt8], _ events: [String], _ replies: [String] = [], open: Int? = nil) {
            self.rule = rule
            self.input = input
            self.events = ["ttrpc"] + events
            self.replies = replies
            self.open = open ?? events.count { $0.hasPrefix("request") }
        }
    }

    static let limits = WireLimits(maxConcurrentStreams: 3, maxMetadataBytes: 100)

    @Test(arguments: requests + streams + refusals + oddities)
    func input(_ test: Case) {
        for feeding in Feeding.all(for: test.input) {
            var wire = ServerWire(limits: Self.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = feed(test.input, feeding, to: &wire)
            #expect(outcome == Outcome(events: test.events, replies: test.replies), "\(feeding)")
            #expect(wire.openStreams == test.open, "\(feeding)")
            #expect(wire.peer == nil && !wire.hasFlowControl, "\(feeding)")
        }
    }

    static let names = bytes("0a 03 'svc'  12 03 'Get'")
    static let ping = names + bytes("1a 04 'ping'")

    // MARK: Requests

    static let requests = [
        Case(
            "a unary request, as the first frame",
            bytes(
                """
                00 00 00 10  00 00 00 01  01 00  # 16 bytes, stream 1, Request, no flags
                0a 03 'svc'                      # 1 service
                12 03 'Get'                      # 2 method
                1a 04 'ping'                     # 3 payload
                """), ["request 1 svc/Get ping"]),
        Case(
            "timeout and metadata",
            frame(0x01, stream: 1, ping + bytes("20 e8 07  2a 06 0a 01 'K' 12 01 'v'")),
            ["request 1 svc/Get ping timeout 1000 metadata k=v"]),
        Case(
            "stream ids may leave gaps, up to the highest",
            frame(0x01, stream: 5, ping) + frame(0x01, stream: .max, ping),
            ["request 5 svc/Get ping", "request 4294967295 svc/Get ping"]),
        Case(
            "flags that ttrpc doesn't define are ignored", frame(0x01, stream: 1, flags: 0xF8, ping),
            ["request 1 svc/Get ping"]),
        Case(
            "remote closed: the only request of a stream",
            frame(0x01, stream: 1, flags: 0x01, ping), ["request 1 svc/Get ping"]),
    ]

    // MARK: Streams

    static let streams = [
        Case(
            "remote open: messages follow as Data, an empty one too, up to the one that closes",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x03, stream: 1, "'a'") + frame(0x03, stream: 1, "")
                + frame(0x03, stream: 1, flags: 0x05, ""),
            ["request 1 svc/Get open", "message 1 a", "message 1 ", "halfClosed 1"]),
        Case(
            "the last message may close",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x03, stream: 1, flags: 0x01, "'a'"),
            ["request 1 svc/Get open", "message 1 a", "halfClosed 1"]),
        Case(
            "an empty message may close",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x03, stream: 1, flags: 0x01, ""),
            ["request 1 svc/Get open", "message 1 ", "halfClosed 1"]),
        Case(
            "the first message may come with the request",
            frame(0x01, stream: 1, flags: 0x02, ping) + frame(0x03, stream: 1, flags: 0x05, ""),
            ["request 1 svc/Get open", "message 1 ping", "halfClosed 1"]),
        Case(
            "no data says nothing by itself, whatever is in it",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x03, stream: 1, flags: 0x04, "'a'")
                + frame(0x03, stream: 1, flags: 0x05, "'a'"),
            ["request 1 svc/Get open", "halfClosed 1"]),
        Case(
            "streams go on beside each other",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x01, stream: 3, flags: 0x02, names)
                + frame(0x03, stream: 3, "'a'") + frame(0x03, stream: 1, "'b'") + frame(0x01, stream: 5, ping),
            [
                "request 1 svc/Get open", "request 3 svc/Get open", "message 3 a", "message 1 b",
                "request 5 svc/Get ping",
            ]),
        Case(
            "Data after the end breaks the stream, once",
            frame(0x01, stream: 1, flags: 0x02, names) + frame(0x03, stream: 1, flags: 0x05, "")
                + frame(0x03, stream: 1, "'a'") + frame(0x03, stream: 1, "'b'"),
            [
                "request 1 svc/Get open", "halfClosed 1",
                "failedStream 1 INVALID_ARGUMENT (3): Data on stream 1, which the client had closed",
            ]),
        Case(
            "Data for the only request of a stream breaks it",
            frame(0x01, stream: 1, flags: 0x01, ping) + frame(0x03, stream: 1, "'a'"),
            [
                "request 1 svc/Get ping",
                "failedStream 1 INVALID_ARGUMENT (3): Data on stream 1, which the client had closed",
            ]),
        Case(
            "Data for a unary call, which may have ended, is dropped",
            frame(0x01, stream: 1, ping) + frame(0x03, stream: 1, "'a'"), ["request 1 svc/Get ping"]),
    ]

    // MARK: Refusals

    static func refused(
        _ rule: String, _ input: [UInt8], stream: Int = 1, _ code: String, _ problem: String,
        after events: [String] = []
    ) -> Case {
        let number = code.split(separator: "(")[1].dropLast()
        return Case(
            rule, input, events + ["refused \(stream) \(code): \(problem)"],
            ["Response \(stream) {1: {1: \(number), 2: \"\(problem)\"}}"])
    }

    static let refusals = [
        refused(
            "an even stream id, as the first frame", frame(0x01, stream: 4, ping), stream: 4, "INVALID_ARGUMENT (3)",
            "stream id 4 is even: a client's are odd"),
        refused(
            "an even stream id on a frame of any type",
            frame(0x01, stream: 1, ping) + frame(0x77, stream: 2, ""), stream: 2, "INVALID_ARGUMENT (3)",
            "stream id 2 is even: a client's are odd", after: ["request 1 svc/Get ping"]),
        refused(
            "a stream id used before", frame(0x01, stream: 5, ping) + frame(0x01, stream: 5, ping), stream: 5,
            "INVALID_ARGUMENT (3)", "stream id 5 doesn't rise: the last was 5", after: ["request 5 svc/Get ping"]),
        refused(
            "a stream id below the last", frame(0x01, stream: 5, ping) + frame(0x01, stream: 3, ping), stream: 3,
            "INVALID_ARGUMENT (3)", "stream id 3 doesn't rise: the last was 5", after: ["request 5 svc/Get ping"]),
        refused(
            "Data that no request came before",
            frame(0x01, stream: 1, ping) + frame(0x03, stream: 3, "'a'"), stream: 3, "INVALID_ARGUMENT (3)",
            "Data on stream 3, which no Request opened", after: ["request 1 svc/Get ping"]),
        refused(
            "more calls than the limit",
            [1, 3, 5, 7].flatMap { frame(0x01, stream: $0, ping) }, stream: 7, "UNAVAILABLE (14)",
            "the connection has its 3 open calls: retry when one has ended",
            after: [1, 3, 5].map { "request \($0) svc/Get ping" }),
        refused(
            "a request that isn't protobuf", frame(0x01, stream: 1, "0a 05 'x'"), "INVALID_ARGUMENT (3)",
            "Request on stream 1 is malformed: a length runs past the end, at byte 1"),
        refused(
            "a timeout that has passed, as clients send it who have just waited too long",
            frame(0x01, stream: 1, ping + bytes("20 ffffffffffffffffff01")), "DEADLINE_EXCEEDED (4)",
            "the timeout of -1 ns had passed before the request was sent"),
        refused(
            "metadata over the limit",
            frame(0x01, stream: 1, ping + field(5, field(1, "k") + field(2, String(repeating: "x", count: 68)))),
            "RESOURCE_EXHAUSTED (8)", "metadata of 101 bytes (keys, values and 32 per field) is over the limit of 100"),
        refused(
            "metadata that isn't printable ASCII",
            frame(0x01, stream: 1, ping + field(5, field(1, "k") + field(2, "ä"))), "INVALID_ARGUMENT (3)",
            "metadata value of \"k\" is not valid: use printable ASCII"),
    ]

    // MARK: Frames that nobody expects

    static let oddities = [
        Case(
            "unknown types and a Response are ignored on odd streams",
            frame(0x01, stream: 1, ping) + frame(0x10, stream: 1, "08 01") + frame(0x02, stream: 1, "ff")
                + frame(0x77, stream: .max, flags: 0xFF, "ff") + frame(0x01, stream: 3, ping),
            ["request 1 svc/Get ping", "request 3 svc/Get ping"]),
        Case(
            "what was wrong with one stream doesn't touch the next",
            frame(0x01, stream: 1, "ff") + frame(0x01, stream: 3, ping),
            [
                """
                refused 1 INVALID_ARGUMENT (3): Request on stream 1 is malformed: a varint is cut short, at byte 0
                """,
                "request 3 svc/Get ping",
            ], ["Response 1 {1: {1: 3, 2: \"Request on stream 1 is malformed: a varint is cut short, at byte 0\"}}"]),
    ]

    // MARK: Sizes

    @Test func frameOverTheLimitIsRefusedAndDropped() {
        let problem = "its 4194305 bytes are over ttrpc's limit of 4194304 for one frame"
        let tooLarge = [UInt8](repeating: 0xFF, count: 4 << 20 + 1)
        let input =
            frame(0x01, stream: 1, tooLarge) + frame(0x01, stream: 3, flags: 0x02, Self.names)
            + frame(0x03, stream: 3, tooLarge) + frame(0x03, stream: 3, "'a'") + frame(0x77, stream: 3, tooLarge)
            + frame(0x01, stream: 5, Self.ping)
        for feeding in [Feeding.whole, .split(11), .split(5 << 20), .asNeeded] {
            var wire = ServerWire(limits: Self.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = feed(input, feeding, to: &wire)
            #expect(
                outcome.events == [
                    "ttrpc", "refused 1 RESOURCE_EXHAUSTED (8): Request on stream 1: \(problem)",
                    "request 3 svc/Get open", "failedStream 3 RESOURCE_EXHAUSTED (8): Data on stream 3: \(problem)",
                    "request 5 svc/Get ping",
                ], "\(feeding)")
            #expect(outcome.replies == ["Response 1 {1: {1: 8, 2: \"Request on stream 1: \(problem)\"}}"], "\(feeding)")
        }
    }

    @Test func largestFrameIsTaken() {
        // 4 MiB of data: names, and a payload with a header of five bytes.
        let size = 4 << 20 - Self.names.count - 5
        let input = frame(0x01, stream: 1, Self.names + field(3, [UInt8](repeating: 1, count: size)))
        #expect(input.count == 4 << 20 + 10)
        var wire = ServerWire(implementation: NativeImplementation(name: "us", version: "1"))
        var buffer = ByteBuffer(bytes: input)
        var output = ByteBuffer()
        guard case .established(nil) = wire.next(&buffer, output: &output),
            case .request(let request) = wire.next(&buffer, output: &output)
        else {
            Issue.record("no request")
            return
        }
        #expect(request.message?.bytes.readableBytes == size)
    }
}
