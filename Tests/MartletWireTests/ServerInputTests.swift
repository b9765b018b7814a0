import MartletWire
import NIOCore
import Testing

/// What a server's machine makes of what a client sends, as tables of bytes.
struct ServerInputTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        let events: [String]
        var replies: [String] = []
        var testDescription: String { rule }
    }

    static let limits = WireLimits(
        maxFrameBytes: 20_000, maxMessageBytes: 15_000, maxConcurrentStreams: 3, maxMetadataBytes: 100,
        streamWindow: 65_536, connectionWindow: 131_072, compressions: ["gzip"])

    @Test(arguments: openings + requests + refusals + controls + violations)
    func input(_ test: Case) {
        for feeding in Feeding.all(for: test.input) {
            var machine = ServerWire(
                limits: Self.limits, implementation: NativeImplementation(name: "us", version: "1"))
            let outcome = feed(test.input, feeding, to: &machine)
            #expect(outcome == Outcome(events: test.events, replies: test.replies), "\(feeding)")
            let requests = test.events.count { $0.hasPrefix("request") }
            #expect(machine.openStreams == requests, "\(feeding)")
        }
    }

    static let helloEvent =
        "hello 1 frame 16384 streams 100 metadata 16384 windows 65536 65536 compressions [] features 0 by /"
    static let helloReply =
        "Hello 0 {1: 1, 2: 20000, 3: 15000, 4: 3, 5: 100, 6: 65536, 7: 131072, 8: \"gzip\", 10: \"us\", 11: \"1\"}"
    static let portAdvice = "this port takes Martlet's native wire, gRPC, HTTP and plain ttrpc"

    /// A case whose input begins with a Hello.
    static func established(_ rule: String, _ input: [UInt8], _ events: [String], _ replies: [String] = []) -> Case {
        Case(rule: rule, input: hello + input, events: [helloEvent] + events, replies: [helloReply] + replies)
    }

    /// A case in which the first bytes end the connection.
    static func wrongStart(_ rule: String, _ input: [UInt8], seen: String) -> Case {
        let problem = "the connection began with \(seen); \(portAdvice)\(seen.contains("TLS") ? ", without TLS" : "")"
        return Case(
            rule: rule, input: input, events: ["failed handshake: FAILED_PRECONDITION (9): \(problem)"],
            replies: ["GoAway 0 {2: 9, 3: \"\(problem)\"}"])
    }

    static func badHello(_ rule: String, _ input: [UInt8], code: String, _ number: Int, _ problem: String) -> Case {
        Case(
            rule: rule, input: input, events: ["failed handshake: \(code) (\(number)): \(problem)"],
            replies: ["GoAway 0 {2: \(number), 3: \"\(problem)\"}"])
    }

    /// A case in which what follows the Hello ends the connection.
    static func violation(
        _ rule: String, _ input: [UInt8], _ problem: String, code: String = "INTERNAL (13)", lastStream: Int = 0,
        after events: [String] = []
    ) -> Case {
        let number = code.split(separator: "(")[1].dropLast()
        let last = lastStream == 0 ? "" : "1: \(lastStream), "
        return established(
            rule, input, events + ["failed established: \(code): \(problem)"],
            ["GoAway 0 {\(last)2: \(number), 3: \"\(problem)\"}"])
    }

    // MARK: First frames

    static let openings = [
        Case(rule: "the smallest Hello", input: hello, events: [helloEvent], replies: [helloReply]),
        Case(
            rule: "every field of a Hello, and some that nobody knows",
            input: frame(
                0x10, stream: 0,
                """
                08 02              # 1 version: 2, which falls back to 1
                10 80 80 04        # 2 max_frame_bytes: 65536
                18 80 80 08        # 3 max_message_bytes: 131072
                20 07              # 4 max_concurrent_streams: 7
                28 80 10           # 5 max_metadata_bytes: 2048
                30 80 80 08        # 6 initial_stream_window: 131072
                38 80 80 10        # 7 initial_connection_window: 262144
                42 04 'gzip'       # 8 compressions
                42 04 'zstd'
                48 05              # 9 features
                52 03 'one'        # 10 implementation
                5a 03 '2.0'        # 11 implementation_version
                c0 3e 01           # 1000: 1
                61 0102030405060708  # 12: eight bytes
                """),
            events: [
                """
                hello 2 frame 65536 streams 7 metadata 2048 windows 131072 262144 compressions ["gzip", "zstd"] features 5 \
                by one/2.0
                """
            ], replies: [helloReply]),
        Case(
            rule: "limits beyond a frame's largest size count as that",
            input: frame(0x10, stream: 0, "08 01  10 ffffffffffffffffff01  20 ffffffff7f  28 8080808008"),
            events: [
                """
                hello 1 frame 2147483647 streams 2147483647 metadata 2147483647 windows 65536 65536 compressions [] \
                features 0 by /
                """
            ], replies: [helloReply]),
        badHello(
            "a Hello without version", frame(0x10, stream: 0, ""), code: "FAILED_PRECONDITION", 9,
            "the Hello states no version; the lowest is 1"),
        badHello(
            "a Hello with a frame limit that is too low", frame(0x10, stream: 0, "08 01  10 ff7f"),
            code: "FAILED_PRECONDITION", 9,
            "the Hello limits frames to 16383 bytes; every side must accept 16384"),
        badHello(
            "a Hello that isn't protobuf", frame(0x10, stream: 0, "08 01  10"), code: "INTERNAL", 13,
            "Hello is malformed: a varint is cut short, at byte 3"),
        badHello(
            "a Hello with flags", frame(0x10, stream: 0, flags: 1, "08 01"), code: "INTERNAL", 13,
            "Hello: flags 0x1 have no place on it"),
        badHello(
            "a Hello over the initial limit of frames", bytes("00 00 40 01  00 00 00 00  10 00"),
            code: "RESOURCE_EXHAUSTED", 8, "Hello: its 16385 bytes are over the limit of 16384 for one frame"),
        wrongStart("TLS", bytes("16 03 01 02 00 01 00 01 fc 03 03"), seen: "a TLS handshake"),
        wrongStart("noise", bytes("de ad be ef 00 01 02 03 04 05 06"), seen: "the bytes de ad be ef 00 01 02 03 04 05"),
        wrongStart(
            "a frame of the native wire, but no Hello", frame(0x12, stream: 1, "08 01"),
            seen: "the bytes 00 00 00 02 00 00 00 01 12 00"),
        wrongStart(
            "a Hello on a stream", frame(0x10, stream: 1, "08 01"), seen: "the bytes 00 00 00 02 00 00 00 01 10 00"),
    ]

    // MARK: Requests

    static let ping = bytes("0a 03 'svc'  12 03 'Get'  1a 04 'ping'")

    static let requests = [
        established(
            "a request",
            bytes(
                """
                00 00 00 10  00 00 00 01  01 00  # 16 bytes, stream 1, Request
                0a 03 'svc'                      # 1 service
                12 03 'Get'                      # 2 method
                1a 04 'ping'                     # 3 payload
                """), ["request 1 svc/Get ping"]),
        established(
            "all fields, in no order, with unknown ones between",
            frame(
                0x01, stream: 7,
                """
                2a 06 0a 01 'k' 12 01 'v'    # 5 metadata: k = v
                1a 04 'ping'                 # 3 payload
                f8 ff ff ff 0f 01            # 536870911, the highest number: 1
                20 e8 07                     # 4 timeout_nano: 1000
                33 08 01 34                  # 6: a group
                12 03 'Get'                  # 2 method
                2a 0a 12 01 'w' 18 01 0a 03 'k-2'  # 5 metadata: the value first, and an unknown field
                3d 01 02 03 04               # 7: four bytes
                0a 03 'svc'                  # 1 service
                """), ["request 7 svc/Get ping timeout 1000 metadata k=v,k-2=w"]),
        established(
            "the last of a repeated field wins",
            frame(
                0x01, stream: 1,
                """
                0a 01 'x' 12 01 'x' 1a 01 'x' 20 05
                0a 03 'svc' 12 03 'Get' 1a 04 'ping' 20 06
                """), ["request 1 svc/Get ping timeout 6"]),
        established(
            "known numbers with another wire type are unknown fields",
            frame(0x01, stream: 1, ping + bytes("08 01 10 01 18 01 22 01 'x' 28 01")),
            ["request 1 svc/Get ping"]),
        established("an empty request", frame(0x01, stream: 1, ""), ["request 1 / "]),
        established("a timeout of 0 is none", frame(0x01, stream: 1, ping + [0x20, 0]), ["request 1 svc/Get ping"]),
        established(
            "the longest timeout", frame(0x01, stream: 1, ping + bytes("20 ff ff ff ff ff ff ff ff 7f")),
            ["request 1 svc/Get ping timeout 9223372036854775807"]),
        established(
            "stream ids may leave gaps, up to the highest",
            frame(0x01, stream: 3, ping) + frame(0x01, stream: 9, ping) + frame(0x01, stream: .max, ping),
            ["request 3 svc/Get ping", "request 9 svc/Get ping", "request 4294967295 svc/Get ping"]),
        established(
            "metadata: upper case is lowered, an empty value and a repeated key stay",
            frame(0x01, stream: 1, ping + field(5, field(1, "Key")) + field(5, field(1, "key") + field(2, "v"))),
            ["request 1 svc/Get ping metadata key=,key=v"]),
        established(
            "names that aren't UTF-8 are repaired",
            frame(0x01, stream: 1, "0a 02 ff 's'  12 01 'm'"), ["request 1 \u{FFFD}s/m "]),
    ]

    // MARK: Requests that no handler sees

    static func refused(
        _ rule: String, _ input: [UInt8], stream: Int = 1, _ code: String, safe: Bool = true, _ problem: String,
        after events: [String] = []
    ) -> Case {
        let number = code.split(separator: "(")[1].dropLast()
        return established(
            rule, input, events + ["refused \(stream) \(code): \(problem)\(safe ? " safe to retry" : "")"],
            ["Response \(stream) {1: {1: \(number), 2: \"\(problem)\"}\(safe ? ", 101: 1" : "")}"])
    }

    static let refusals = [
        refused(
            "an even stream id", frame(0x01, stream: 4, ping), stream: 4, "INVALID_ARGUMENT (3)", safe: false,
            "stream id 4 is even: a client's are odd"),
        refused(
            "stream id 0", frame(0x01, stream: 0, ping), stream: 0, "INVALID_ARGUMENT (3)", safe: false,
            "stream id 0 is even: a client's are odd"),
        refused(
            "a stream id used before", frame(0x01, stream: 5, ping) + frame(0x01, stream: 5, ping), stream: 5,
            "INVALID_ARGUMENT (3)", safe: false, "stream id 5 doesn't rise: the last was 5",
            after: ["request 5 svc/Get ping"]),
        refused(
            "a stream id below the last", frame(0x01, stream: 5, ping) + frame(0x01, stream: 3, ping), stream: 3,
            "INVALID_ARGUMENT (3)", safe: false, "stream id 3 doesn't rise: the last was 5",
            after: ["request 5 svc/Get ping"]),
        refused(
            "more calls than the limit",
            [1, 3, 5, 7].flatMap { frame(0x01, stream: $0, ping) }, stream: 7, "UNAVAILABLE (14)",
            "the connection has its 3 open calls: retry when one has ended",
            after: [1, 3, 5].map { "request \($0) svc/Get ping" }),
        refused(
            "a message over the limit", frame(0x01, stream: 1, field(3, String(repeating: "x", count: 15_001))),
            "RESOURCE_EXHAUSTED (8)", "the request's 15001 bytes are over the limit of 15000 for one message"),
        refused(
            "a negative timeout", frame(0x01, stream: 1, ping + bytes("20 ffffffffffffffffff01")),
            "INVALID_ARGUMENT (3)", "the timeout of -1 ns is negative; leave it out for none"),
        refused(
            "metadata over the limit",
            frame(
                0x01, stream: 1,
                ping + field(5, field(1, "a") + field(2, "b")) + field(5, field(2, String(repeating: "x", count: 35)))),
            "RESOURCE_EXHAUSTED (8)", "metadata of 101 bytes (keys, values and 32 per field) is over the limit of 100"),
        refused(
            "metadata of many empty fields", frame(0x01, stream: 1, ping + bytes("2a 00 2a 00 2a 00 2a 00")),
            "RESOURCE_EXHAUSTED (8)", "metadata of 128 bytes (keys, values and 32 per field) is over the limit of 100"),
        refused(
            "a metadata key that is empty", frame(0x01, stream: 1, ping + bytes("2a 00")), "INVALID_ARGUMENT (3)",
            """
            metadata key "" is not valid: use a\u{2013}z, 0\u{2013}9, "_", "-" and "."
            """),
        refused(
            "a metadata value with a line feed",
            frame(0x01, stream: 1, ping + bytes("2a 08 0a 01 'k' 12 03 'a' 0a 'b'")), "INVALID_ARGUMENT (3)",
            "metadata value of \"k\" is not valid: use printable ASCII"),
    ]

    // MARK: Other frames

    static let controls = [
        established(
            "a cancel, for a stream that is open or was",
            frame(0x01, stream: 3, ping) + frame(0x12, stream: 3, "08 01") + frame(0x12, stream: 1, "08 04"),
            ["request 3 svc/Get ping", "cancel 3 CANCELLED", "cancel 1 DEADLINE_EXCEEDED"]),
        established(
            "a cancel with a code that makes no sense, or none, is CANCELLED",
            frame(0x01, stream: 3, ping) + frame(0x12, stream: 3, "") + frame(0x12, stream: 3, "08 05")
                + frame(0x12, stream: 3, "08 00"),
            ["request 3 svc/Get ping", "cancel 3 CANCELLED", "cancel 3 CANCELLED", "cancel 3 CANCELLED"]),
        established(
            "a go-away, after which requests are still taken",
            frame(0x15, stream: 0, "1a 03 'bye'") + frame(0x01, stream: 1, ping),
            ["goAway OK bye", "request 1 svc/Get ping"]),
        established(
            "a go-away with an unknown code", frame(0x15, stream: 0, "10 63"), ["goAway UNKNOWN "]),
        established(
            "unknown types, with any stream, flags and data, are skipped",
            frame(0x16, stream: 1, flags: 0xFF, "ff ff") + frame(0xFF, stream: .max, "00")
                + frame(0x01, stream: 1, ping),
            ["request 1 svc/Get ping"]),
    ]

    // MARK: What ends the connection

    static let violations = [
        violation("a second Hello", hello, "a second Hello"),
        violation(
            "a Response", frame(0x02, stream: 1, ""), "Response on stream 1: only a server sends it"),
        violation(
            "a frame over the limit, known from its header", bytes("00 00 4e 21  00 00 00 05  01 00"),
            "Request on stream 5: its 20001 bytes are over the limit of 20000 for one frame",
            code: "RESOURCE_EXHAUSTED (8)"),
        violation(
            "an unknown frame over the limit", bytes("ff ff ff ff  00 00 00 00  77 00"),
            "frame of type 0x77: its 4294967295 bytes are over the limit of 20000 for one frame",
            code: "RESOURCE_EXHAUSTED (8)"),
        violation(
            "a Request with more to come", frame(0x01, stream: 1, flags: 0x08, ping),
            "Request on stream 1: flags 0x8 have no place on it"),
        violation(
            "flags that nobody knows", frame(0x01, stream: 1, flags: 0x40, ping),
            "Request on stream 1: flags 0x40 have no place on it"),
        violation(
            "a cancel with flags", frame(0x12, stream: 1, flags: 0x01, ""),
            "Cancel on stream 1: flags 0x1 have no place on it"),
        violation(
            "a cancel of a stream never opened", frame(0x12, stream: 1, ""),
            "Cancel on stream 1, which the client never opened"),
        violation(
            "a cancel without stream", frame(0x12, stream: 0, ""), "Cancel, which the client never opened"),
        violation(
            "a malformed cancel", frame(0x12, stream: 1, "0a 05"),
            "Cancel on stream 1 is malformed: a length runs past the end, at byte 1"),
        violation(
            "a malformed go-away", frame(0x15, stream: 0, "08"), "GoAway is malformed: a varint is cut short, at byte 1"
        ),
    ]

    @Test(
        "malformed requests end the connection and say where",
        arguments: [
            ("0a 04 'svc'", "a length runs past the end, at byte 1"),
            ("0a ff ff ff ff ff ff ff ff ff 01", "a length runs past the end, at byte 1"),
            ("0a", "a varint is cut short, at byte 1"),
            ("20 80", "a varint is cut short, at byte 1"),
            ("20 80 80 80 80 80 80 80 80 80 80 00", "a varint is longer than 10 bytes, at byte 1"),
            ("00 00", "a field number is out of range, at byte 0"),
            ("80 80 80 80 10 00", "a field number is out of range, at byte 0"),
            ("31 01 02 03 04 05 06 07", "a field is cut short, at byte 1"),
            ("3d 01 02 03", "a field is cut short, at byte 1"),
            ("33 08 01", "a group has no end, at byte 1"),
            ("33 3c", "wire type 4 has no place here, at byte 2"),
            ("0c", "wire type 4 has no place here, at byte 1"),
            ("36 00", "wire type 6 has no place here, at byte 1"),
            ("0a 00 2a 03 0a 05 'k'", "a length runs past the end, at byte 5"),
        ])
    func malformed(data: String, problem: String) {
        let test = Self.violation(
            "", frame(0x01, stream: 1, data), "Request on stream 1 is malformed: \(problem)")
        input(test)
    }

    @Test func deeplyNestedGroupsEndTheConnection() {
        let data = [UInt8](repeating: 0x33, count: 1000)
        let problem = "Request on stream 1 is malformed: groups nest too deeply, at byte 101"
        input(Self.violation("", frame(0x01, stream: 1, data), problem))
        let shallow = [UInt8](repeating: 0x33, count: 100) + [UInt8](repeating: 0x34, count: 100)
        input(Self.established("", frame(0x01, stream: 1, shallow), ["request 1 / "]))
    }

    @Test func nothingIsTakenAfterTheEnd() {
        var machine = ServerWire(implementation: NativeImplementation(name: "us", version: "1"))
        _ = feed(hello + hello, .whole, to: &machine)
        #expect(feed(frame(0x01, stream: 1, Self.ping), .whole, to: &machine) == Outcome())
        #expect(machine.peer == nil)
    }
}
