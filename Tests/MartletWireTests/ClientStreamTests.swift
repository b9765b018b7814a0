import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a client's machine makes of streams, as tables of bytes. The client has sent an open request on stream 1, one
/// with its only message on stream 3, and has cancelled a third, on stream 5.
struct ClientStreamTests {
    typealias Case = ClientInputTests.Case

    @Test(arguments: messages + dropped + failures + violations + [overCredit])
    func input(_ test: Case) {
        let feedings = test.input.count < 1000 ? Feeding.all(for: test.input) : [.whole, .asNeeded, .split(100)]
        for feeding in feedings {
            var machine = ClientWire(
                limits: ClientInputTests.limits, implementation: NativeImplementation(name: "us", version: "1"))
            var sent = ByteBuffer()
            machine.start(into: &sent)
            for form in [
                .open(streamsResponses: true), .only(streamsResponses: true), .open(streamsResponses: true),
            ] as [RequestForm] {
                _ = machine.request(
                    service: "svc", method: "Get", form: form, payloadSize: 0, timeoutNanoseconds: nil, metadata: [:],
                    into: &sent, write: { _ in })
            }
            machine.cancel(stream: 5, code: .cancelled, into: &sent)
            let outcome = feed(test.input, feeding, to: &machine)
            #expect(outcome == Outcome(events: test.events, replies: test.replies), "\(feeding)")
            let responses = test.events.count { $0.hasPrefix("response") }
            #expect(machine.openStreams == 3 - responses, "\(feeding)")
        }
    }

    static func established(_ rule: String, _ input: [UInt8], _ events: [String], _ replies: [String] = []) -> Case {
        Case(
            rule: rule, input: ServerStreamTests.helloWithGzip + input,
            events: [ClientInputTests.helloEvent.replacing("[]", with: "[\"gzip\"]")] + events, replies: replies)
    }

    static func violation(
        _ rule: String, _ input: [UInt8], after events: [String] = [], _ problem: String
    ) -> Case {
        established(
            rule, input, events + ["failed established: INTERNAL (13): \(problem)"],
            ["GoAway 0 {2: 13, 3: \"\(problem)\"}"])
    }

    static func data(_ flags: UInt8 = 0, _ text: String = "", stream: UInt32 = 3) -> [UInt8] {
        frame(0x03, stream: stream, flags: flags, Array(text.utf8))
    }

    static func data(_ flags: UInt8 = 0, count: Int) -> [UInt8] {
        data(flags, String(repeating: "x", count: count))
    }

    static let metadata = frame(0x11, stream: 3, "0a 06 0a 01 'k' 12 01 'v'")

    // MARK: What arrives

    static let messages = [
        established(
            "initial metadata, messages and the end with trailing metadata",
            metadata + data(0, "one") + data() + data(0x08, "t") + data(0, "wo")
                + frame(0x02, stream: 3, ClientInputTests.metadata(bytes("0a 01 'k' 12 01 'v'"))),
            [
                "initialMetadata 3 k=v", "message 3 one", "message 3 ", "message 3 two", "response 3  trailers k=v",
            ]),
        established(
            "messages of several streams in parts between each other",
            data(0x08, "o") + data(0x08, "a", stream: 1) + data(0, "ne") + data(0, "b", stream: 1),
            ["message 3 one", "message 1 ab"]),
        established(
            "small messages right behind one another, up to what isn't one of them",
            data(0, "a") + data() + data(0, "b") + data(0, "c", stream: 1) + data(0, "d", stream: 1) + data(0, "e")
                + data(0x08, "f") + data(0, "g") + data(0, "h") + frame(0x02, stream: 3, ""),
            [
                "message 3 a", "message 3 ", "message 3 b", "message 1 c", "message 1 d", "message 3 e",
                "message 3 fg", "message 3 h", "response 3 ",
            ]),
        established(
            "what is compressed says so",
            data(0x18, "o") + data(0, "ne") + frame(0x02, stream: 1, flags: 0x10, "12 01 'x'"),
            ["message 3 compressed one", "response 1 compressed x"]),
        established(
            "a failure in the middle of a message", data(0x08, "o") + frame(0x02, stream: 3, "0a 02 08 05"),
            ["response 3 peer: NOT_FOUND (5): "]),
    ]

    static let dropped = [
        established(
            "what comes for a cancelled stream, up to its Response",
            frame(0x11, stream: 5, "") + data(0x08, "x", stream: 5) + data(0, "y", stream: 5)
                + frame(0x02, stream: 5, "0a 02 08 01"),
            ["response 5 peer: CANCELLED (1): "]),
        established(
            "credit for a stream that has ended, or that sends nothing",
            frame(0x02, stream: 1, "") + frame(0x13, stream: 1, "08 05") + frame(0x13, stream: 3, "08 05"),
            ["response 1 "]),
    ]

    static let failures = [
        established(
            "a message over the limit: the call is cancelled and its Response awaited",
            data(0x08, count: 15_000) + data(0, "x") + data(0, "y") + frame(0x02, stream: 3, ""),
            [
                """
                failedStream 3 RESOURCE_EXHAUSTED (8): the message's 15001 bytes are over the limit of 15000 for one \
                message
                """, "response 3 ",
            ], ["Cancel 3 {1: 1}"]),
        established(
            "a response over the limit", frame(0x02, stream: 3, field(2, String(repeating: "x", count: 15_001))),
            [
                """
                response 3 local: RESOURCE_EXHAUSTED (8): the response's 15001 bytes are over the limit of 15000 for \
                one message
                """
            ]),
        established(
            "initial metadata over the limit",
            frame(0x11, stream: 3, field(1, field(1, "k") + field(2, String(repeating: "v", count: 68))))
                + data(0, "x"),
            [
                """
                failedStream 3 RESOURCE_EXHAUSTED (8): the server's metadata can't be used: metadata of 101 bytes \
                (keys, values and 32 per field) is over the limit of 100
                """
            ], ["Cancel 3 {1: 1}"]),
    ]

    // MARK: What ends the connection

    /// Messages that are taken many at a time.
    static let overCredit: Case = {
        let problem = "Data on stream 3 takes 1032 bytes of credit, but the stream had 520"
        return established(
            "more small messages than the stream's credit allows", (0..<64).flatMap { _ in data(0, count: 1000) },
            (0..<63).map { _ in "message 3 " + String(repeating: "x", count: 1000) }
                + ["failed established: INTERNAL (13): \(problem)"],
            ["Window 0 {1: 66048}", "GoAway 0 {2: 13, 3: \"\(problem)\"}"])
    }()

    static let violations = [
        violation(
            "metadata twice", metadata + metadata, after: ["initialMetadata 3 k=v"],
            "Metadata on stream 3 comes twice, or after a message"),
        violation(
            "metadata after a message", data(0, "x") + metadata, after: ["message 3 x"],
            "Metadata on stream 3 comes twice, or after a message"),
        violation(
            "a success in the middle of a message", data(0x08, "x") + frame(0x02, stream: 3, ""),
            "Response on stream 3 ends inside a message"),
        violation(
            "Data on a stream never opened", data(0, "x", stream: 7), "Data on stream 7, which has no open call"),
        violation(
            "Data on a stream that has ended, when all that are open are known",
            frame(0x02, stream: 3, "") + data(0, "x"), after: ["response 3 "],
            "Data on stream 3, which has no open call"),
        violation(
            "metadata on an even stream", frame(0x11, stream: 2, ""), "Metadata on stream 2, which has no open call"),
        violation(
            "a Window on a stream never opened", frame(0x13, stream: 7, "08 01"),
            "Window on stream 7, which the client never opened"),
        violation(
            "malformed metadata", frame(0x11, stream: 3, "0a 05"),
            "Metadata on stream 3 is malformed: a length runs past the end, at byte 1"),
    ]
}
