import MartletCore
import NIOCore
import Testing

@testable import MartletWire

/// What a client makes of what a gRPC server sends, as tables of bytes. Stream 1 is a unary call, 3 one that streams
/// its responses, 5 one that streams its requests, 7 one that streams both.
struct GRPCClientTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        var events: [String] = []
        /// Streams that are reset, with their codes.
        var resets: [String] = []
        var testDescription: String { rule }
    }

    static let limits = WireLimits(
        maxMessageBytes: 20, maxMetadataBytes: 200, streamWindow: 65_536, connectionWindow: 131_072,
        compressions: ["gzip", "deflate"])

    @Test(arguments: outcomes + bodies + statuses + rules + connections)
    func input(_ test: Case) {
        let input = HTTP2.frame(4, 0, 0, []) + test.input
        for feeding in Feeding.all(for: input) {
            let exchange = GRPCClientExchange(Self.limits)
            for form in [.only(streamsResponses: false), .only(streamsResponses: true)] as [RequestForm] {
                exchange.request(form)
            }
            exchange.request(.open(streamsResponses: false))
            exchange.request(.open(streamsResponses: true))
            _ = exchange.sent()
            var events = exchange.feed(input, feeding)
            let resets = exchange.sent().filter { $0.hasPrefix("RST_STREAM") || $0.hasPrefix("GOAWAY") }
            events += exchange.events()
            #expect(events == ["ttrpc"] + test.events, "\(feeding)")
            #expect(resets == test.resets, "\(feeding)")
        }
    }

    static func answer(_ stream: Int, _ more: [(String, String)] = []) -> [UInt8] {
        HTTP2.headers(stream, [(":status", "200"), ("content-type", "application/grpc")] + more)
    }

    static func trailers(_ stream: Int, _ fields: [(String, String)] = [("grpc-status", "0")]) -> [UInt8] {
        HTTP2.headers(stream, fields, isEnd: true)
    }

    static func only(_ stream: Int, _ more: [(String, String)]) -> [UInt8] {
        HTTP2.headers(stream, [(":status", "200"), ("content-type", "application/grpc")] + more, isEnd: true)
    }

    static let pong = HTTP2.message("pong")

    static let outcomes = [
        Case(
            rule: "a unary response", input: answer(1) + HTTP2.data(1, pong) + trailers(1),
            events: ["response 1 pong"]),
        Case(
            rule: "metadata, without the protocol's own",
            input: answer(1, [("a", "1"), ("a", "2"), ("b-bin", "AP8="), ("server", "x"), ("grpc-x", "y")])
                + HTTP2.data(1, pong) + trailers(1, [("grpc-status", "0"), ("t", "3")]),
            events: ["initialMetadata 1 a=1,a=2,b-bin=AP8,server=x", "response 1 pong trailers t=3"]),
        Case(
            rule: "a message in several DATA frames",
            input: answer(1) + HTTP2.data(1, Array(pong[..<3])) + HTTP2.data(1, []) + HTTP2.data(1, Array(pong[3...]))
                + trailers(1), events: ["response 1 pong"]),
        Case(
            rule: "an informational response is passed over",
            input: HTTP2.headers(1, [(":status", "100")]) + HTTP2.headers(1, [(":status", "103"), ("a", "1")])
                + answer(1)
                + HTTP2.data(1, pong) + trailers(1), events: ["response 1 pong"]),
        Case(
            rule: "a stream of responses",
            input: answer(3) + HTTP2.data(3, pong + HTTP2.message("") + HTTP2.message("end")) + trailers(3),
            events: ["initialMetadata 3 ", "message 3 pong", "message 3 ", "message 3 end", "response 3 "]),
        Case(
            rule: "a stream without responses", input: answer(3) + trailers(3),
            events: ["initialMetadata 3 ", "response 3 "]),
        Case(
            rule: "a stream without anything", input: only(3, [("grpc-status", "0"), ("t", "1")]),
            events: ["response 3  trailers t=1"]),
        Case(
            rule: "the end before ours", input: answer(5) + HTTP2.data(5, pong) + trailers(5),
            events: ["initialMetadata 5 ", "response 5 pong"], resets: ["RST_STREAM 5 0"]),
        Case(
            rule: "an error before our end", input: only(7, [("grpc-status", "7"), ("grpc-message", "no")]),
            events: ["response 7 peer: PERMISSION_DENIED (7): no"], resets: ["RST_STREAM 7 0"]),
    ]

    static let bodies = [
        Case(
            rule: "OK without a response", input: answer(1) + trailers(1),
            events: [
                "response 1 local: UNIMPLEMENTED (12): the server sent no response and OK; the method has one response"
            ]),
        Case(
            rule: "OK with two responses", input: answer(1) + HTTP2.data(1, pong + pong) + trailers(1),
            events: [
                "response 1 local: UNIMPLEMENTED (12): the server sent 2 responses and OK; the method has one response"
            ]),
        Case(
            rule: "an error after two responses",
            input: answer(1) + HTTP2.data(1, pong + pong) + trailers(1, [("grpc-status", "5")]),
            events: ["response 1 peer: NOT_FOUND (5): "]),
        Case(
            rule: "the end inside of a message", input: answer(3) + HTTP2.data(3, Array(pong[..<6])) + trailers(3),
            events: [
                "initialMetadata 3 ", "response 3 local: INTERNAL (13): the server ended the call inside of a message",
            ]),
        Case(
            rule: "a message over the limit", input: answer(3) + HTTP2.data(3, pong + [0, 0, 0, 0, 21]),
            events: [
                "initialMetadata 3 ", "message 3 pong",
                "failedStream 3 RESOURCE_EXHAUSTED (8): a message of 21 bytes is over the limit of 20",
            ], resets: ["RST_STREAM 3 8"]),
        Case(
            rule: "a compressed message",
            input: answer(1, [("grpc-encoding", "gzip")]) + HTTP2.data(1, HTTP2.message("x", flag: 1)) + trailers(1),
            events: ["response 1 compressed x"]),
        Case(
            rule: "a compressed message without an encoding",
            input: answer(1, [("grpc-encoding", "identity")]) + HTTP2.data(1, HTTP2.message("x", flag: 1)),
            events: [
                "failedStream 1 INTERNAL (13): a message is compressed, though nothing says with what"
            ], resets: ["RST_STREAM 1 8"]),
        Case(
            rule: "an unknown encoding",
            input: answer(1, [("grpc-encoding", "br")]) + HTTP2.data(1, HTTP2.message("x", flag: 1)),
            events: [
                "failedStream 1 INTERNAL (13): a message is compressed, with br, which isn't known here"
            ], resets: ["RST_STREAM 1 8"]),
        Case(
            rule: "an unknown encoding that isn't used",
            input: answer(1, [("grpc-encoding", "br")]) + HTTP2.data(1, pong) + trailers(1), events: ["response 1 pong"]
        ),
    ]

    private static func http(_ code: String, _ status: String, _ type: String) -> String {
        "response 1 peer: \(code): the server answered with HTTP status \(status)\(type); gRPC's answers have 200 and "
            + "application/grpc"
    }

    private static let withoutStatus =
        "response 1 peer: UNKNOWN (2): the server ended the call without a status (grpc-status)"

    static let statuses = [
        Case(
            rule: "an error with details and metadata",
            input: only(
                1,
                [
                    ("grpc-status", "3"), ("grpc-message", "b%61d"), ("why", "so"),
                    ("grpc-status-details-bin", "CAMSA2JhZBoICgF0EgNhYmM="),
                ]), events: ["response 1 peer: INVALID_ARGUMENT (3): bad detail t=616263 metadata why=so"]),
        Case(
            rule: "an error whose metadata can't be used",
            input: only(1, [("grpc-status", "3"), ("grpc-message", "bad"), ("a-bin", "?")]),
            events: [
                """
                response 1 peer: INVALID_ARGUMENT (3): bad (its metadata is left out: the metadata value "?" of \
                "a-bin" is not base64)
                """
            ]),
        Case(
            rule: "OK whose metadata can't be used",
            input: answer(1) + HTTP2.data(1, pong) + trailers(1, [("grpc-status", "0"), ("a-bin", "?")]),
            events: [
                """
                response 1 local: INTERNAL (13): the response's metadata can't be used: the metadata value "?" of \
                "a-bin" is not base64
                """
            ]),
        Case(
            rule: "initial metadata over the limit", input: answer(1, [("a", String(repeating: "x", count: 200))]),
            events: [
                """
                failedStream 1 RESOURCE_EXHAUSTED (8): the server's metadata can't be used: metadata of 233 bytes \
                (keys, values and 32 per field) is over the limit of 200
                """
            ], resets: ["RST_STREAM 1 8"]),
        Case(
            rule: "a status in the headers means nothing",
            input: answer(1, [("grpc-status", "5")]) + HTTP2.data(1, pong) + trailers(1), events: ["response 1 pong"]),
        Case(
            rule: "a status in the headers doesn't make up for one in the trailers",
            input: answer(1, [("grpc-status", "0")]) + HTTP2.data(1, pong) + trailers(1, [("t", "1")]),
            events: [withoutStatus + " metadata t=1"]),
        Case(
            rule: "no trailers", input: answer(1) + HTTP2.data(1, pong, isEnd: true), events: [withoutStatus]),
        Case(rule: "no status at all", input: only(1, []), events: [withoutStatus]),
        Case(
            rule: "an unknown status", input: only(1, [("grpc-status", "99")]),
            events: ["response 1 peer: UNKNOWN (2): "]),
        Case(
            rule: "HTTP 503 from a proxy",
            input: HTTP2.headers(1, [(":status", "503"), ("content-type", "text/html")])
                + HTTP2.data(1, Array("<html>".utf8), isEnd: true),
            events: [http("UNAVAILABLE (14)", "503", " and the content type text/html")]),
        Case(
            rule: "HTTP 401 without a body", input: HTTP2.headers(1, [(":status", "401")], isEnd: true),
            events: [http("UNAUTHENTICATED (16)", "401", " and no content type")]),
        Case(
            rule: "HTTP 200 of something else",
            input: HTTP2.headers(1, [(":status", "200"), ("content-type", "application/grpc-web")])
                + HTTP2.data(1, pong, isEnd: true),
            events: [http("UNKNOWN (2)", "200", " and the content type application/grpc-web")]),
        Case(
            rule: "a status wins over HTTP's",
            input: HTTP2.headers(1, [(":status", "404"), ("content-type", "application/grpc")])
                + trailers(1, [("grpc-status", "9"), ("grpc-message", "m")]),
            events: ["response 1 peer: FAILED_PRECONDITION (9): m"]),
        Case(
            rule: "a content type with a parameter",
            input: HTTP2.headers(1, [(":status", "200"), ("content-type", "application/grpc+proto; x=y")])
                + HTTP2.data(1, pong) + trailers(1), events: ["response 1 pong"]),
    ]

    private static func reset(_ code: Int, _ status: String, _ name: String, retry: Bool = false) -> Case {
        let text = "the server ended the call without a status, by a reset of its stream: \(name)"
        return Case(
            rule: "a reset with \(name)", input: HTTP2.reset(1, code),
            events: ["response 1 peer: \(status): \(text)\(retry ? " safe to retry" : "")"])
    }

    static let rules = [
        reset(2, "INTERNAL (13)", "INTERNAL_ERROR"), reset(7, "UNAVAILABLE (14)", "REFUSED_STREAM", retry: true),
        reset(8, "CANCELLED (1)", "CANCEL"), reset(11, "RESOURCE_EXHAUSTED (8)", "ENHANCE_YOUR_CALM"),
        Case(
            rule: "a reset after the end", input: answer(5) + HTTP2.data(5, pong) + trailers(5) + HTTP2.reset(5, 0),
            events: ["initialMetadata 5 ", "response 5 pong"], resets: ["RST_STREAM 5 0"]),
        Case(
            rule: "what comes after the end of interest is dropped",
            input: answer(3) + HTTP2.data(3, [9]) + HTTP2.data(3, pong) + trailers(3),
            events: [
                "initialMetadata 3 ",
                """
                failedStream 3 INTERNAL (13): a message begins with 9, which is neither 0 (plain) nor 1 (compressed)
                """,
            ], resets: ["RST_STREAM 3 8"]),
    ]

    static let connections = [
        Case(
            rule: "a graceful go-away", input: HTTP2.goAway(0x7FFF_FFFF, 0) + HTTP2.goAway(5, 0),
            events: ["goAway 2147483647 OK NO_ERROR", "goAway 5 OK NO_ERROR"]),
        Case(
            rule: "a go-away with an error", input: HTTP2.goAway(1, 11),
            events: ["goAway 1 RESOURCE_EXHAUSTED ENHANCE_YOUR_CALM"]
        ),
        Case(
            rule: "a frame that has no place", input: HTTP2.data(0, [1]),
            events: ["failed established: INTERNAL (13): HTTP/2: DATA: stream_id == 0"],
            resets: ["GOAWAY 0 1 DATA: stream_id == 0"]),
    ]
}

/// A client's wire, with what goes out as text.
final class GRPCClientExchange {
    private var wire: ClientWire
    private let reader = HTTP2Reader()
    private var hasPreface = false

    init(_ limits: WireLimits = WireLimits()) {
        wire = ClientWire(
            .grpc, limits: limits, implementation: NativeImplementation(name: "test", version: "1"), authority: "host:1"
        )
        var output = ByteBuffer()
        wire.start(into: &output)
    }

    @discardableResult
    func request(
        _ form: RequestForm, _ text: String = "ping", timeout: Int64? = nil, metadata: Metadata = [:],
        compression: Compression? = nil
    ) -> RequestOutcome {
        var output = ByteBuffer()
        return wire.request(
            service: "s.S", method: "M", form: form, payloadSize: text.utf8.count, compression: compression,
            timeoutNanoseconds: timeout, metadata: metadata, into: &output
        ) { Array(text.utf8).copy(to: $0) }
    }

    func feed(_ input: [UInt8], _ feeding: Feeding) -> [String] {
        MartletWireTests.feed(input, feeding, to: &wire).events
    }

    /// What has come of what was sent.
    func events() -> [String] {
        var (input, output) = (ByteBuffer(), ByteBuffer())
        var events: [String] = []
        while let event = wire.next(&input, output: &output) { events += ClientWire.render(event) }
        return events
    }

    /// What goes out, but for settings and credit.
    func sent() -> [String] { reader.read(output()) }

    /// Without the preface.
    private func output() -> [UInt8] {
        var output = ByteBuffer()
        while wire.canPump { wire.pump(into: &output, room: 1 << 20) }
        let bytes = Array(output.readableBytesView)
        guard !hasPreface, !bytes.isEmpty else { return bytes }
        hasPreface = true
        #expect(bytes.starts(with: HTTP2.preface))
        return Array(bytes.dropFirst(HTTP2.preface.count))
    }

    @discardableResult
    func send(_ stream: UInt32, _ text: String, isCompressed: Bool = false) -> SendOutcome {
        var output = ByteBuffer()
        return wire.sendMessage(
            stream: stream, size: text.utf8.count, isCompressed: isCompressed, into: &output
        ) { Array(text.utf8).copy(to: $0) }
    }

    func halfClose(_ stream: UInt32) {
        var output = ByteBuffer()
        wire.halfClose(stream: stream, into: &output)
    }

    func cancel(_ stream: UInt32) {
        var output = ByteBuffer()
        wire.cancel(stream: stream, code: .cancelled, into: &output)
    }

    func consumed(_ stream: UInt32, bytes: Int) {
        var output = ByteBuffer()
        wire.consumed(stream: stream, bytes: bytes, into: &output)
    }

    func ping(_ number: UInt64) -> Bool {
        var output = ByteBuffer()
        return wire.ping(number, into: &output)
    }

    func takeSent() -> [UInt32] { wire.takeSent() }

    var openStreams: Int { wire.openStreams }
    var maxConcurrentStreams: Int { wire.maxConcurrentStreams }
    var queuedBytes: Int { wire.queuedBytes }
    var hasEvents: Bool { wire.hasEvents }

    /// Bytes of DATA that go out.
    func dataBytes() -> Int {
        sent().reduce(0) { $0 + ($1.hasPrefix("DATA") ? $1.split(separator: " ")[2].count / 2 : 0) }
    }

    /// What a stream's WINDOW_UPDATEs that go out give.
    func credit(_ stream: Int) -> Int { HTTP2.credit(stream, in: output()) }
}
