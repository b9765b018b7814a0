import MartletWire
import NIOCore
import Testing

/// What a server's machine makes of streams, as tables of bytes. Frames and limits are those of `ServerInputTests`, but
/// both sides have gzip.
struct ServerStreamTests {
    typealias Case = ServerInputTests.Case

    @Test(arguments: messages + dropped + failures + credit + pings + violations)
    func input(_ test: Case) {
        let feedings = test.input.count < 1000 ? Feeding.all(for: test.input) : [.whole, .asNeeded, .split(100)]
        for feeding in feedings {
            var machine = ServerWire(
                limits: ServerInputTests.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = feed(test.input, feeding, to: &machine)
            #expect(outcome == Outcome(events: test.events, replies: test.replies), "\(feeding)")
        }
    }

    static let helloWithGzip = frame(0x10, stream: 0, "08 01 42 04 'gzip'")

    static func established(_ rule: String, _ input: [UInt8], _ events: [String], _ replies: [String] = []) -> Case {
        Case(
            rule: rule, input: helloWithGzip + input,
            events: [ServerInputTests.helloEvent.replacing("[]", with: "[\"gzip\"]")] + events,
            replies: [ServerInputTests.helloReply] + replies)
    }

    static func violation(
        _ rule: String, _ input: [UInt8], after events: [String] = [], _ problem: String, code: String = "INTERNAL (13)"
    ) -> Case {
        let number = code.split(separator: "(")[1].dropLast()
        return established(
            rule, input, events + ["failed established: \(code): \(problem)"],
            ["GoAway 0 {1: 1, 2: \(number), 3: \"\(problem)\"}"])
    }

    /// A request on stream 1 whose messages follow.
    static let open = frame(0x01, stream: 1, flags: 0x02, "0a 03 'svc'  12 03 'Put'")
    static let opened = "request 1 svc/Put open"

    static func data(_ flags: UInt8 = 0, _ text: String = "", stream: UInt32 = 1) -> [UInt8] {
        frame(0x03, stream: stream, flags: flags, Array(text.utf8))
    }

    static func data(_ flags: UInt8 = 0, count: Int) -> [UInt8] {
        frame(0x03, stream: 1, flags: flags, [UInt8](repeating: UInt8(ascii: "x"), count: count))
    }

    // MARK: Messages

    static let messages = [
        established(
            "messages, an empty one too, and the half-close with the last",
            open
                + bytes(
                    """
                    00 00 00 03  00 00 00 01  03 00  'one'   # Data
                    00 00 00 00  00 00 00 01  03 00          # Data without bytes: an empty message
                    00 00 00 03  00 00 00 01  03 01  'two'   # Data, remote closed
                    """), [opened, "message 1 one", "message 1 ", "message 1 two", "halfClosed 1"]),
        established(
            "a half-close without a message", open + data(0, "one") + data(0x05),
            [opened, "message 1 one", "halfClosed 1"]),
        established(
            "a message in parts, the first and the last of them empty, between those of another stream",
            open + frame(0x01, stream: 3, flags: 0x02, "") + data(0x08) + data(0x08, "on") + data(0x08, "x", stream: 3)
                + data(0x08, "e") + data(0, "y", stream: 3) + data(0x01),
            [opened, "request 3 / open", "message 3 xy", "message 1 one", "halfClosed 1"]),
        established(
            "what is compressed says so with its first part",
            open + data(0x10, "one") + data(0x18, "t") + data(0x01, "wo")
                + frame(0x01, stream: 3, flags: 0x11, "0a 03 'svc'  12 03 'Get'  1a 01 'x'"),
            [
                opened, "message 1 compressed one", "message 1 compressed two", "halfClosed 1",
                "request 3 svc/Get compressed x",
            ]),
        established(
            "a request for a method that answers with a stream", frame(0x01, stream: 1, flags: 0x01, "1a 01 'x'"),
            ["request 1 / x"]),
    ]

    // MARK: What is dropped, or ends only a stream

    static let dropped = [
        established(
            "Data for a stream that has no more to come, as far as we know",
            frame(0x01, stream: 1, "") + data(0, "one") + data(0x08, "two") + data(0x05), ["request 1 / "]),
        established(
            "credit for such a stream, and a cancel",
            frame(0x01, stream: 1, "") + frame(0x13, stream: 1, "08 05") + frame(0x12, stream: 1, ""),
            ["request 1 / ", "cancel 1 CANCELLED"]),
    ]

    static let failures = [
        established(
            "a message over the limit, after which the stream gives none and others go on",
            open + data(0x08, count: 15_000) + data(0x08, "x") + data(0, "y") + data(0, "z") + data(0x05)
                + frame(0x01, stream: 3, "1a 01 'x'"),
            [
                opened,
                """
                failedStream 1 RESOURCE_EXHAUSTED (8): the message's 15001 bytes are over the limit of 15000 for one \
                message
                """, "request 3 / x",
            ])
    ]

    // MARK: Credit

    static let credit = [
        established(
            "the connection's is given back as bytes come, half the window at a time",
            frame(0x01, stream: 1, "") + data(count: 20_000) + data(count: 20_000) + data(count: 20_000)
                + data(count: 5_407) + data(count: 1),
            ["request 1 / "], ["Window 0 {1: 65568}"]),
        established(
            "a stream's is given back early for a message that the reader waits for",
            open + data(0x08, count: 10_000) + data(0x08, count: 4_999) + data(0, "x"),
            [opened, "message 1 " + String(repeating: "x", count: 15_000)]),
    ]

    static let pings = [
        established(
            "a ping is answered, an answer is told",
            bytes(
                """
                00 00 00 09  00 00 00 00  14 00  09 2a 00 00 00 00 00 00 00  # Ping, 42
                00 00 00 09  00 00 00 00  14 01  09 07 00 00 00 00 00 00 00  # Ping, acknowledgement, 7
                00 00 00 00  00 00 00 00  14 00                              # Ping without number
                """), ["pong 7"], ["Ping 0 flags 1 {1: 42}", "Ping 0 flags 1 {1: 0}"])
    ]

    // MARK: What ends the connection

    static let violations = [
        violation(
            "Data after the half-close", open + data(0x05) + data(0, "x"), after: [opened, "halfClosed 1"],
            "Data on stream 1 after the stream's half-close"),
        violation(
            "a half-close inside a message", open + data(0x08, "x") + data(0x05), after: [opened],
            "Data on stream 1 ends inside a message"),
        violation(
            "more to come after the half-close", open + data(0x09, "x"), after: [opened],
            "Data on stream 1: more of the message can't follow remote-closed"),
        violation(
            "no-data alone", open + data(0x04), after: [opened],
            "Data on stream 1: no-data goes with remote-closed and no bytes"),
        violation(
            "no-data with bytes", open + data(0x05, "x"), after: [opened],
            "Data on stream 1: no-data goes with remote-closed and no bytes"),
        violation(
            "compressed in the middle", open + data(0x08, "x") + data(0x10, "x"), after: [opened],
            "Data on stream 1: only the first part of a message says that it is compressed"),
        violation(
            "remote-open on Data", open + data(0x02, "x"), after: [opened],
            "Data on stream 1: flags 0x2 have no place on it"),
        violation(
            "Data for a stream never opened", open + data(0, "x", stream: 3), after: [opened],
            "Data on stream 3, which the client never opened"),
        violation(
            "Data for a server's stream", open + data(0, "x", stream: 2), after: [opened],
            "Data on stream 2, which the client never opened"),
        overCredit,
        violation(
            "credit of 0", open + frame(0x13, stream: 1, ""), after: [opened], "Window on stream 1 gives no credit"),
        violation(
            "too much credit", open + frame(0x13, stream: 1, "08 80 80 fc ff 07"), after: [opened],
            "Window on stream 1 raises the credit by 2147418112 to more than 2147483647"),
        violation(
            "too much credit for the connection", open + frame(0x13, stream: 0, "08 80 80 fc ff 07"), after: [opened],
            "Window raises the credit by 2147418112 to more than 2147483647"),
        violation(
            "credit for a stream never opened", open + frame(0x13, stream: 3, "08 01"), after: [opened],
            "Window on stream 3, which the client never opened"),
        violation(
            "a Window with flags", open + frame(0x13, stream: 1, flags: 1, "08 01"), after: [opened],
            "Window on stream 1: flags 0x1 have no place on it"),
        violation(
            "a ping on a stream", open + frame(0x14, stream: 1, ""), after: [opened],
            "Ping on stream 1, but pings are the connection's"),
        violation(
            "a ping with flags", open + frame(0x14, stream: 0, flags: 2, ""), after: [opened],
            "Ping: flags 0x2 have no place on it"),
        violation(
            "Metadata", open + frame(0x11, stream: 1, ""), after: [opened],
            "Metadata on stream 1: only a server sends it"),
        violation(
            "an open request with a message", open + frame(0x01, stream: 3, flags: 0x02, "1a 01 'x'"), after: [opened],
            "Request on stream 3 has a message, though its flag says that they follow"),
        violation(
            "an open request that is closed", open + frame(0x01, stream: 3, flags: 0x03, ""), after: [opened],
            "Request on stream 3: remote-open goes without other flags"),
    ]

    static let overCredit: Case = {
        let problem = "Data on stream 1 takes 14032 bytes of credit, but the stream had 9408"
        return established(
            "more than the stream's credit", open + [1, 2, 3, 4, 5].flatMap { _ in data(0, count: 14_000) },
            [opened] + [1, 2, 3, 4].map { _ in "message 1 " + String(repeating: "x", count: 14_000) }
                + ["failed established: INTERNAL (13): \(problem)"],
            ["Window 0 {1: 70160}", "GoAway 0 {1: 1, 2: 13, 3: \"\(problem)\"}"])
    }()

    @Test func compressionThatWasNotAgreedOnEndsTheConnection() {
        for input in [frame(0x01, stream: 1, flags: 0x10, "1a 01 'x'"), Self.open + Self.data(0x10, "x")] {
            var machine = ServerWire(
                limits: ServerInputTests.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = feed(hello + input, .whole, to: &machine)
            #expect(outcome.events.last?.hasSuffix("stream 1: flags 0x10 have no place on it") == true)
        }
    }

    /// 1000 for nothing, and one for each frame of a message.
    @Test(arguments: [
        ("Ping", frame(0x14, stream: 0, "")), ("Window on stream 1", frame(0x13, stream: 1, "08 01")),
        ("Data on stream 1", data(0x08)), ("frame of type 0x77 on stream 1", frame(0x77, stream: 1, "")),
        ("Cancel on stream 1", frame(0x12, stream: 1, "")),
    ])
    func tooManyFramesWithoutMessages(name: String, frame: [UInt8]) {
        var machine = ServerWire(
            limits: ServerInputTests.limits, implementation: NativeImplementation(name: "us", version: "1"))
        // One more for the request.
        _ = feed(hello + Self.open + Array(repeating: frame, count: 1001).flatMap { $0 }, .whole, to: &machine)
        #expect(machine.peer != nil)
        machine.tick()
        _ = feed(Array(repeating: frame, count: 1000).flatMap { $0 }, .whole, to: &machine)
        #expect(machine.peer != nil)
        let outcome = feed(frame, .whole, to: &machine)
        let problem = """
            too many frames without messages, the last a \(name); each second there may be 1000, and one for each \
            frame of a message
            """
        #expect(outcome.events == ["failed established: RESOURCE_EXHAUSTED (8): \(problem)"])
    }
}
