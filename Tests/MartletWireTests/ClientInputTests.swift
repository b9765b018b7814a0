import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a client's machine makes of what a server sends, as tables of bytes. The client has sent requests on the
/// streams 1, 3 and 5 behind its Hello.
struct ClientInputTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        let events: [String]
        var replies: [String] = []
        var testDescription: String { rule }
    }

    static let limits = WireLimits(
        maxFrameBytes: 20_000, maxMessageBytes: 15_000, maxMetadataBytes: 100, streamWindow: 65_536,
        connectionWindow: 131_072, compressions: ["gzip"])

    @Test(arguments: openings + responses + controls + violations)
    func input(_ test: Case) {
        for feeding in Feeding.all(for: test.input) {
            var machine = ClientWire(
                limits: Self.limits, implementation: NativeImplementation(name: "us", version: "1"))
            var sent = ByteBuffer()
            machine.start(into: &sent)
            for _ in 0..<3 { _ = machine.send("Get", into: &sent) }
            let outcome = feed(test.input, feeding, to: &machine)
            #expect(outcome == Outcome(events: test.events, replies: test.replies), "\(feeding)")
            let responses = test.events.count { $0.hasPrefix("response") }
            #expect(machine.openStreams == 3 - responses, "\(feeding)")
        }
    }

    static let helloEvent =
        "hello 1 frame 16384 streams 100 metadata 16384 windows 65536 65536 compressions [] features 0 by /"

    static func established(_ rule: String, _ input: [UInt8], _ events: [String]) -> Case {
        Case(rule: rule, input: hello + input, events: [helloEvent] + events)
    }

    static func wrongStart(_ rule: String, _ input: [UInt8], seen: String) -> Case {
        let problem = """
            the server began with \(seen) instead of a Hello; the target must be a port that serves Martlet's native \
            wire\(seen.contains("TLS") ? ", without TLS" : "")
            """
        return Case(
            rule: rule, input: input, events: ["failed handshake: FAILED_PRECONDITION (9): \(problem)"],
            replies: ["GoAway 0 {2: 9, 3: \"\(problem)\"}"])
    }

    static func violation(
        _ rule: String, _ input: [UInt8], _ problem: String, code: String = "INTERNAL (13)",
        after events: [String] = []
    ) -> Case {
        let number = code.split(separator: "(")[1].dropLast()
        return Case(
            rule: rule, input: hello + input,
            events: [helloEvent] + events + ["failed established: \(code): \(problem)"],
            replies: ["GoAway 0 {2: \(number), 3: \"\(problem)\"}"])
    }

    // MARK: First frames

    static let openings = [
        Case(rule: "a Hello", input: hello, events: [helloEvent]),
        Case(
            rule: "a go-away instead of a Hello",
            input: frame(0x15, stream: 0, bytes("08 00 10 09 1a 08 'go home!'")),
            events: ["goAway 0 FAILED_PRECONDITION go home!"]),
        Case(
            rule: "a Hello without version", input: frame(0x10, stream: 0, ""),
            events: ["failed handshake: FAILED_PRECONDITION (9): the Hello states no version; the lowest is 1"],
            replies: ["GoAway 0 {2: 9, 3: \"the Hello states no version; the lowest is 1\"}"]),
        wrongStart(
            "a ttrpc server, which answers our Hello on stream 0",
            frame(0x02, stream: 0, "0a 04 08 03 12 00"), seen: "a plain ttrpc Response"),
        wrongStart(
            "a ttrpc server, which answers a request", frame(0x02, stream: 1, "12 01 'x'"),
            seen: "a plain ttrpc Response"),
        wrongStart("HTTP/1.1", Array("HTTP/1.1 400 Bad Request\r\n".utf8), seen: "an HTTP/1.1 response"),
        wrongStart(
            "HTTP/2", bytes("00 00 06 04 00 00 00 00 00  00 05 00 00 40 00"),
            seen: "an HTTP/2 SETTINGS frame, as gRPC servers send"),
        wrongStart("TLS", bytes("15 03 03 00 02 02 0a 00 00 00"), seen: "a TLS alert"),
        wrongStart("noise", Array("SSH-2.0-OpenSSH\r\n".utf8), seen: "the bytes 53 53 48 2d 32 2e 30 2d 4f 70"),
    ]

    // MARK: Responses

    static let responses = [
        established(
            "a response",
            bytes(
                """
                00 00 00 06  00 00 00 01  02 00  # 6 bytes, stream 1, Response
                12 04 'pong'                     # 2 payload
                """), ["response 1 pong"]),
        established("an empty response", frame(0x02, stream: 1, ""), ["response 1 "]),
        established(
            "responses in any order",
            [5, 1, 3].flatMap { frame(0x02, stream: $0, "12 01 'x'") },
            ["response 5 x", "response 1 x", "response 3 x"]),
        established(
            "a status that says OK, trailing metadata, unknown fields, in no order",
            frame(
                0x02, stream: 3,
                """
                a2 06 06 0a 01 'k' 12 01 'v'   # 100 metadata: k = v
                1a 01 'x'                      # 3: unknown
                12 04 'pong'                   # 2 payload
                0a 04 08 00 12 00              # 1 status: OK
                """), ["response 3 pong trailers k=v"]),
        established(
            "a status with everything",
            frame(
                0x02, stream: 1,
                """
                0a 13                             # 1 status
                   08 05                          #   1 code: NOT_FOUND
                   12 04 'gone'                   #   2 message
                   1a 07 0a 01 'A' 12 02 01 02    #   3 details: Any with type_url A
                   1a 00                          #   3 details: an empty Any
                a2 06 06 0a 01 'k' 12 01 'v'      # 100 metadata
                """),
            [
                """
                response 1 peer: NOT_FOUND (5): gone detail A=0102 detail = metadata k=v
                """
            ]),
        established(
            "a refusal that is safe to retry", frame(0x02, stream: 1, "0a 07 08 0e 12 03 'no!'  a8 06 01"),
            ["response 1 peer: UNAVAILABLE (14): no! safe to retry"]),
        established(
            "a status in two parts is merged", frame(0x02, stream: 1, "0a 02 08 05  0a 03 12 01 'x'"),
            ["response 1 peer: NOT_FOUND (5): x"]),
        established(
            "a code that gRPC doesn't name", frame(0x02, stream: 1, "0a 02 08 63"),
            ["response 1 peer: UNKNOWN (2): "]),
        established(
            "a negative code", frame(0x02, stream: 1, "0a 0b 08 ff ff ff ff ff ff ff ff ff 01"),
            ["response 1 peer: UNKNOWN (2): "]),
        established(
            "a message that isn't UTF-8 is repaired", frame(0x02, stream: 1, "0a 05 08 05 12 01 ff"),
            ["response 1 peer: NOT_FOUND (5): \u{FFFD}"]),
        established(
            "more than 64 details: the rest is dropped",
            frame(0x02, stream: 1, field(1, bytes("08 05") + Array(repeating: bytes("1a 00"), count: 100).joined())),
            ["response 1 peer: NOT_FOUND (5): " + String(repeating: " detail =", count: 64)]),
        established(
            "a response that is OK with metadata over the limit is none",
            frame(0x02, stream: 1, bytes("12 04 'pong'") + metadata(field(2, String(repeating: "v", count: 69)))),
            [
                """
                response 1 local: RESOURCE_EXHAUSTED (8): the response's metadata can't be used: metadata of 101 bytes \
                (keys, values and 32 per field) is over the limit of 100
                """
            ]),
        established(
            "nor is one with metadata of other characters",
            frame(0x02, stream: 1, metadata(field(1, "k") + field(2, "\n"))),
            [
                """
                response 1 local: INTERNAL (13): the response's metadata can't be used: metadata value of "k" is not \
                valid: use printable ASCII
                """
            ]),
        established(
            "a failure keeps its status whatever its metadata",
            frame(0x02, stream: 1, bytes("0a 05 08 05 12 01 'x'") + metadata(field(1, "k") + field(2, "\n"))),
            [
                """
                response 1 peer: NOT_FOUND (5): x (its metadata is left out: metadata value of "k" is not valid: \
                use printable ASCII)
                """
            ]),
    ]

    /// The Response's metadata field, number 100.
    static func metadata(_ keyValue: [UInt8]) -> [UInt8] {
        bytes("a2 06") + varint(UInt64(keyValue.count)) + keyValue
    }

    // MARK: Other frames

    static let controls = [
        established(
            "a go-away, then what is open",
            frame(0x15, stream: 0, "08 03 1a 03 'bye'") + frame(0x02, stream: 1, "12 01 'x'"),
            ["goAway 3 OK bye", "response 1 x"]),
        established(
            "unknown types are skipped",
            frame(0x16, stream: 1, flags: 0xFF, "ff") + frame(0xFF, stream: 0, "0102030405060708")
                + frame(0x02, stream: 1, "12 01 'x'"),
            ["response 1 x"]),
    ]

    // MARK: What ends the connection

    static let violations = [
        violation("a second Hello", hello, "a second Hello"),
        violation("a Request", frame(0x01, stream: 2, ""), "Request on stream 2: only a client sends it"),
        violation("a Cancel", frame(0x12, stream: 1, ""), "Cancel on stream 1: only a client sends it"),
        violation(
            "a frame over the limit", bytes("00 00 4e 21  00 00 00 05  02 00"),
            "Response on stream 5: its 20001 bytes are over the limit of 20000 for one frame",
            code: "RESOURCE_EXHAUSTED (8)"),
        violation(
            "a response to a stream never used", frame(0x02, stream: 7, ""),
            "Response on stream 7, which has no open call"),
        violation(
            "a response on an even stream", frame(0x02, stream: 2, ""), "Response on stream 2, which has no open call"),
        violation("a response on stream 0", frame(0x02, stream: 0, ""), "Response, which has no open call"),
        violation(
            "more responses than calls", Array(repeating: frame(0x02, stream: 1, ""), count: 4).flatMap { $0 },
            "Response on stream 1, which has no open call", after: Array(repeating: "response 1 ", count: 3)),
        violation(
            "a Response with more to come", frame(0x02, stream: 1, flags: 0x08, ""),
            "Response on stream 1: flags 0x8 have no place on it"),
        violation(
            "a malformed response", frame(0x02, stream: 1, "12 05 'x'"),
            "Response on stream 1 is malformed: a length runs past the end, at byte 1"),
        violation(
            "a malformed status", frame(0x02, stream: 1, "0a 02 08 80"),
            "Response on stream 1 is malformed: a varint is cut short, at byte 3"),
        violation(
            "a malformed detail", frame(0x02, stream: 1, "0a 05 1a 03 0a 02 'x'"),
            "Response on stream 1 is malformed: a length runs past the end, at byte 5"),
        violation(
            "a malformed go-away", frame(0x15, stream: 0, "1a 01"),
            "GoAway is malformed: a length runs past the end, at byte 1"),
    ]
}

extension ClientWire {
    /// Sends a request to `svc`.
    mutating func send(
        _ method: String, payload: [UInt8] = [], timeout: Int64? = nil, metadata: Metadata = [:],
        into output: inout ByteBuffer
    ) -> RequestOutcome {
        request(
            service: "svc", method: method, form: .only(streamsResponses: false), payloadSize: payload.count,
            timeoutNanoseconds: timeout,
            metadata: metadata, into: &output, write: { payload.copy(to: $0) })
    }
}

extension [UInt8] {
    func copy(to place: UnsafeMutableRawPointer) {
        withUnsafeBytes { UnsafeMutableRawBufferPointer(start: place, count: count).copyMemory(from: $0) }
    }
}
