import MartletCore
import MartletWire
import NIOCore
import Testing

/// What a server makes of what a gRPC client sends, as tables of bytes.
struct GRPCServerTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let input: [UInt8]
        /// What comes by itself, after the input.
        var then: [UInt8] = []
        var events: [String] = []
        var replies: [String] = []
        var testDescription: String { rule }
    }

    static let limits = WireLimits(
        maxMessageBytes: 200, maxConcurrentStreams: 3, maxMetadataBytes: 512, streamWindow: 65_536,
        connectionWindow: 131_072)

    @Test(arguments: requests + refusals + streams + plain + connections)
    func input(_ test: Case) {
        for feeding in test.then.isEmpty ? Feeding.all(for: HTTP2.start + test.input) : [.whole] {
            let exchange = GRPCExchange(Self.limits)
            var events = exchange.feed(HTTP2.start + test.input, feeding)
            events += exchange.feed(test.then, .whole)
            #expect(events == ["ttrpc"] + test.events, "\(feeding)")
            #expect(exchange.replies() == test.replies, "\(feeding)")
        }
    }

    static let ping = HTTP2.message("ping")
    static let pingEvents = ["request 1 s.S/M open", "message 1 ping", "halfClosed 1"]

    static let requests = [
        Case(
            rule: "a unary request",
            input: HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, ping, isEnd: true), events: pingEvents),
        Case(
            rule: "an empty DATA frame ends the request",
            input: HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, ping) + HTTP2.data(1, [], isEnd: true),
            events: pingEvents),
        Case(
            rule: "a message in several DATA frames",
            input: HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, Array(ping[..<3]))
                + HTTP2.data(1, Array(ping[3..<7]))
                + HTTP2.data(1, Array(ping[7...]), isEnd: true), events: pingEvents),
        Case(
            rule: "padding is no part of a message",
            input: HTTP2.headers(1, HTTP2.request())
                + HTTP2.frame(0, 9, 1, [4] + ping + [0, 0, 0, 0]), events: pingEvents),
        Case(
            rule: "trailers of a request end it",
            input: HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, ping)
                + HTTP2.headers(1, [("a", "b")], isEnd: true),
            events: pingEvents),
        Case(
            rule: "two messages in one DATA frame",
            input: HTTP2.headers(1, HTTP2.request())
                + HTTP2.data(1, ping + HTTP2.message("pong"), isEnd: true),
            events: ["request 1 s.S/M open", "message 1 ping", "message 1 pong", "halfClosed 1"]),
        Case(
            rule: "a request without messages", input: HTTP2.headers(1, HTTP2.request(), isEnd: true),
            events: ["request 1 s.S/M open", "halfClosed 1"]),
        Case(
            rule: "a service name may have slashes",
            input: HTTP2.headers(1, HTTP2.request("/a/b/C"), isEnd: true),
            events: ["request 1 a/b/C open", "halfClosed 1"]),
        Case(
            rule: "metadata, without the protocol's own",
            input: HTTP2.headers(
                1,
                HTTP2.request(
                    "/s.S/M",
                    [("user-agent", "me"), ("a", "1"), ("a", "2"), ("grpc-tags-bin", "AA"), ("b-bin", "AP8=,AQ")]),
                isEnd: true),
            events: [
                "request 1 s.S/M open metadata user-agent=me,a=1,a=2,b-bin=AP8,b-bin=AQ", "halfClosed 1",
            ]),
        Case(
            rule: "a timeout", input: HTTP2.headers(1, HTTP2.request("/s.S/M", [("grpc-timeout", "2S")]), isEnd: true),
            events: ["request 1 s.S/M open timeout 2000000000", "halfClosed 1"]),
        Case(
            rule: "a content type with parameters",
            input: HTTP2.headers(
                1,
                [
                    (":method", "POST"), (":scheme", "http"), (":path", "/s.S/M"), (":authority", "host"),
                    ("content-type", "application/grpc+proto; charset=utf-8"),
                ], isEnd: true), events: ["request 1 s.S/M open", "halfClosed 1"]),
    ]

    static func refused(_ rule: String, _ fields: [(String, String)], _ replies: [String]) -> Case {
        Case(rule: rule, input: HTTP2.headers(1, fields, isEnd: true), replies: replies)
    }

    static func refusal(_ code: Int, _ message: String) -> String {
        let accepted = code == 12 ? "grpc-accept-encoding: gzip,deflate,identity, " : ""
        return "HEADERS 1 {:status: 200, content-type: application/grpc, \(accepted)grpc-status: \(code), "
            + "grpc-message: \(message)} end"
    }

    static let refusals = [
        refused(
            "a verb other than POST",
            [
                (":method", "PUT"), (":scheme", "http"), (":path", "/s.S/M"), (":authority", "host"),
                ("content-type", "application/grpc"),
            ],
            ["HEADERS 1 {:status: 405, allow: POST} end"]),
        refused(
            "a path without a method", HTTP2.request("/only"),
            [refusal(12, "the request's path isn't of the form /service/method")]),
        refused(
            "a timeout that is none", HTTP2.request("/s.S/M", [("grpc-timeout", "1s")]),
            [refusal(13, "the request's grpc-timeout isn't up to 8 digits and one of HMSmun")]),
        refused(
            "a timeout that has passed", HTTP2.request("/s.S/M", [("grpc-timeout", "0n")]),
            [refusal(4, "the call's time was up when it was sent")]),
        refused(
            "an unknown compression", HTTP2.request("/s.S/M", [("grpc-encoding", "br")]),
            [
                refusal(
                    12, "the request's grpc-encoding \"br\" isn't known here; use one of gzip,deflate,identity")
            ]),
        refused(
            "another codec",
            [
                (":method", "POST"), (":scheme", "http"), (":path", "/s.S/M"), (":authority", "host"),
                ("content-type", "application/grpc+json"),
            ], [refusal(12, "the content type application/grpc+json isn't known here; use +proto")]),
        refused(
            "a binary value that is none", HTTP2.request("/s.S/M", [("a-bin", "*")]),
            [refusal(13, "the metadata value \"*\" of \"a-bin\" is not base64")]),
        refused(
            "too much metadata", HTTP2.request("/s.S/M", [("a", String(repeating: "b", count: 400))]),
            [
                refusal(
                    8, "metadata of 710 bytes (keys, values and 32 per field) is over the limit of 512")
            ]),
    ]

    static let streams = [
        Case(
            rule: "a reset cancels",
            input: HTTP2.headers(1, HTTP2.request()) + HTTP2.ping(7), then: HTTP2.reset(1, 8),
            events: ["request 1 s.S/M open", "cancel 1 CANCELLED"], replies: ["PING 7 ack"]),
        Case(
            rule: "a message over the limit",
            input: HTTP2.headers(1, HTTP2.request()), then: HTTP2.data(1, [0, 0, 0, 0, 201]),
            events: [
                "request 1 s.S/M open",
                "failedStream 1 RESOURCE_EXHAUSTED (8): a message of 201 bytes is over the limit of 200",
            ]),
        Case(
            rule: "a message as large as the limit",
            input: HTTP2.headers(1, HTTP2.request())
                + HTTP2.data(1, HTTP2.message(String(repeating: "a", count: 200)), isEnd: true),
            events: [
                "request 1 s.S/M open",
                "message 1 " + String(repeating: "a", count: 200), "halfClosed 1",
            ]),
        Case(
            rule: "a compressed message without a compression",
            input: HTTP2.headers(1, HTTP2.request()), then: HTTP2.data(1, [1, 0, 0, 0, 1]),
            events: [
                "request 1 s.S/M open",
                "failedStream 1 INTERNAL (13): a message is compressed, though nothing says with what",
            ]),
        Case(
            rule: "an end inside of a message",
            input: HTTP2.headers(1, HTTP2.request()), then: HTTP2.data(1, [0, 0, 0, 0, 2, 65], isEnd: true),
            events: [
                "request 1 s.S/M open", "failedStream 1 INTERNAL (13): the request ends inside of a message",
            ]),
        Case(
            rule: "a request that is known to be broken before a handler has it", input: HTTP2.ping(7),
            then: HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, [0, 0, 0, 0, 2, 65], isEnd: true),
            replies: ["PING 7 ack", refusal(13, "the request ends inside of a message")]),
        Case(
            rule: "more streams than allowed are refused",
            input: HTTP2.frame(4, 1, 0, [])
                + [1, 3, 5, 7].flatMap { HTTP2.headers($0, HTTP2.request("/s.S/M"), isEnd: true) },
            events: [1, 3, 5].flatMap { ["request \($0) s.S/M open", "halfClosed \($0)"] },
            replies: ["GOAWAY 5 1 request HEADERS: max concurrent streams exceeded"]),
        Case(
            rule: "more streams than allowed, before the client knows the limit",
            input: [1, 3, 5, 7].flatMap { HTTP2.headers($0, HTTP2.request("/s.S/M"), isEnd: true) },
            events: [1, 3, 5].flatMap { ["request \($0) s.S/M open", "halfClosed \($0)"] },
            replies: ["RST_STREAM 7 7"]),
    ]

    static let plain = [
        Case(
            rule: "a plain request",
            input: HTTP2.headers(
                1, [(":method", "PUT"), (":scheme", "http"), (":path", "/a?b=c"), (":authority", "host"), ("d", "e")])
                + HTTP2.data(1, [65]) + HTTP2.data(1, [66], isEnd: true), events: ["http 1 PUT /a?b=c d=e body AB"]),
        Case(
            rule: "a plain request with too much of a body",
            input: HTTP2.headers(1, [(":method", "PUT"), (":scheme", "http"), (":path", "/"), (":authority", "host")])
                + HTTP2.data(1, Array(repeating: 65, count: 201), isEnd: true),
            replies: ["HEADERS 1 {:status: 413} end"]),
        Case(
            rule: "a plain request with too many headers",
            input: HTTP2.headers(
                1,
                [
                    (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "host"),
                    ("a", String(repeating: "b", count: 400)),
                ], isEnd: true), replies: ["HEADERS 1 {:status: 431} end"]),
    ]

    static let connections = [
        Case(rule: "a ping is answered", input: HTTP2.ping(5), replies: ["PING 5 ack"]),
        Case(
            rule: "a client that goes away", input: HTTP2.goAway(0, 0), events: ["goAway OK "]),
        Case(
            rule: "HEADERS behind a client's reset", input: HTTP2.headers(1, HTTP2.request()) + HTTP2.reset(1, 8),
            then: HTTP2.headers(1, HTTP2.request()), events: [over(1)],
            replies: ["GOAWAY 1 5 HEADERS came on stream 1, which is over"]),
        Case(
            rule: "HEADERS on a stream below the last", input: HTTP2.headers(5, HTTP2.request(), isEnd: true),
            then: HTTP2.headers(3, HTTP2.request(), isEnd: true),
            events: ["request 5 s.S/M open", "halfClosed 5", over(3)],
            replies: ["GOAWAY 5 1 HEADERS came on stream 3, which is over"]),
        Case(
            rule: "a PRIORITY for no stream", input: HTTP2.frame(2, 0, 0, [0, 0, 0, 0, 1]),
            events: ["failed established: INTERNAL (13): PRIORITY: it is for no stream"],
            replies: ["GOAWAY 0 1 PRIORITY: it is for no stream"]),
        Case(
            rule: "DATA on a stream that was never opened", input: HTTP2.data(1, [1]),
            replies: ["GOAWAY 0 1 DATA: stream in idle"]),
    ]

    static func over(_ stream: Int) -> String {
        "failed established: INTERNAL (13): HEADERS came on stream \(stream), which is over"
    }

    // MARK: - Answers

    @Test func aResponse() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(
            HTTP2.start + HTTP2.headers(1, HTTP2.request()) + HTTP2.data(1, Self.ping, isEnd: true), .whole)
        exchange.respond("pong", trailers: ["a": "b", "c-bin": "AP8"])
        #expect(
            exchange.replies() == [
                "HEADERS 1 {:status: 200, content-type: application/grpc}", "DATA 1 0000000004706f6e67",
                "HEADERS 1 {grpc-status: 0, a: b, c-bin: AP8} end",
            ])
        #expect(exchange.openStreams == 0)
    }

    @Test func anError() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start + HTTP2.headers(1, HTTP2.request(), isEnd: true), .whole)
        exchange.fail(RPCError(.notFound, "né", details: [ErrorDetail(typeURL: "t", bytes: [1])], metadata: ["a": "b"]))
        #expect(
            exchange.replies() == [
                "HEADERS 1 {:status: 200, content-type: application/grpc, grpc-status: 5, grpc-message: n%C3%A9, "
                    + "grpc-status-details-bin: CAUSA27DqRoGCgF0EgEB, a: b} end"
            ])
    }

    /// The client hears that it needn't go on, once it has the outcome.
    @Test func anEarlyEnd() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start + HTTP2.headers(1, HTTP2.request()), .whole)
        exchange.fail(RPCError(.notFound, "no"))
        #expect(
            exchange.replies() == [
                "HEADERS 1 {:status: 200, content-type: application/grpc, grpc-status: 5, grpc-message: no} end",
                "RST_STREAM 1 0",
            ])
    }

    @Test func anErrorAfterMessages() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start + HTTP2.headers(1, HTTP2.request(), isEnd: true), .whole)
        #expect(exchange.send("a"))
        #expect(
            exchange.replies() == [
                "HEADERS 1 {:status: 200, content-type: application/grpc}", "DATA 1 000000000161",
            ])
        exchange.fail(RPCError(.dataLoss, "no"))
        #expect(exchange.replies() == ["HEADERS 1 {grpc-status: 15, grpc-message: no} end"])
    }

    /// What the client gives no credit for waits, and its next message is to wait too.
    @Test func backPressure() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start + HTTP2.headers(1, HTTP2.request(), isEnd: true), .whole)
        let message = String(repeating: "a", count: 100_000)
        #expect(!exchange.send(message))
        _ = exchange.replies()
        #expect(exchange.queuedBytes == 100_005 - 65_535)
        #expect(exchange.takeSent() == [])
        _ = exchange.feed(HTTP2.window(0, 100_000) + HTTP2.window(1, 100_000), .whole)
        _ = exchange.replies()
        #expect(exchange.queuedBytes == 0)
        #expect(exchange.takeSent() == [1])
        #expect(exchange.send("b"))
    }

    /// It may not have heard of the reset yet.
    @Test func whatComesBehindAResetOfOursIsDropped() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start + HTTP2.headers(1, HTTP2.request()), .whole)
        exchange.fail(RPCError(.notFound, "no"))
        #expect(exchange.replies().last == "RST_STREAM 1 0")
        let late = HTTP2.data(1, [0]) + HTTP2.headers(1, [("a", "b")], isEnd: true)
        #expect(exchange.feed(late, .whole) == [])
        #expect(exchange.replies() == [])
    }

    /// Its last request is known, so nothing more is asked.
    @Test func aClientThatGoesAwayIsToldAtOnce() {
        let exchange = GRPCExchange(Self.limits)
        let request = HTTP2.headers(1, HTTP2.request(), isEnd: true)
        #expect(exchange.feed(HTTP2.start + request + HTTP2.goAway(0, 0), .whole).last == "goAway OK ")
        exchange.goAway()
        #expect(exchange.replies() == ["GOAWAY 1 0"])
        exchange.respond("pong")
        #expect(exchange.replies().last == "HEADERS 1 {grpc-status: 0} end")
        #expect(!exchange.hasQueued)
    }

    /// A message that is larger than the window needn't wait for credit on its way, nor the next one.
    @Test func roomForALargeMessage() {
        let exchange = GRPCExchange(WireLimits(maxMessageBytes: 1 << 20, streamWindow: 65_536))
        _ = exchange.feed(HTTP2.start + HTTP2.frame(4, 1, 0, []) + HTTP2.headers(1, HTTP2.request()), .whole)
        _ = exchange.replies()
        let message = HTTP2.message(String(repeating: "a", count: 300_000))
        _ = exchange.feed(HTTP2.data(1, Array(message.prefix(1000))), .whole)
        #expect(exchange.credit(1) == 300_005 - 65_536)
    }

    /// Streams that the client opens until it has heard of it are still answered.
    @Test func drain() {
        let exchange = GRPCExchange(Self.limits)
        _ = exchange.feed(HTTP2.start, .whole)
        exchange.goAway()
        #expect(exchange.replies() == ["GOAWAY 2147483647 0", "PING 7881706667235439731"])
        #expect(exchange.hasQueued)
        let late = HTTP2.headers(1, HTTP2.request(), isEnd: true)
        #expect(exchange.feed(late, .whole) == ["request 1 s.S/M open", "halfClosed 1"])
        #expect(exchange.feed(HTTP2.ping(7_881_706_667_235_439_731, flags: 1), .whole) == [])
        #expect(exchange.replies() == ["GOAWAY 1 0"])
        #expect(!exchange.hasQueued)
    }
}

/// A server's machine, and what it sends.
final class GRPCExchange {
    private var wire: ServerWire
    private var output = ByteBuffer()
    private var buffer = ByteBuffer()
    private let reader = HTTP2Reader()

    init(_ limits: WireLimits) {
        wire = ServerWire(limits: limits, implementation: NativeImplementation(name: "us", version: "1"))
    }

    var openStreams: Int { wire.openStreams }
    var queuedBytes: Int { wire.queuedBytes }
    var hasQueued: Bool { wire.hasQueued }
    func takeSent() -> [UInt32] { wire.takeSent() }

    /// The events, however they came: a request with its only message counts as the three that it is made of.
    func feed(_ input: [UInt8], _ feeding: Feeding) -> [String] {
        var events: [String] = []
        var fed = 0
        while fed < input.count {
            let count = feeding.count(after: fed, of: input.count, needed: max(1, wire.bytesNeeded))
            buffer.writeBytes(input[fed..<fed + count])
            fed += count
            while let event = wire.next(&buffer, output: &output) {
                guard case .request(let request) = event, let message = request.message else {
                    events += ServerWire.render(event)
                    continue
                }
                let texts = ServerWire.render(event)[0].replacing(render(message), with: "open")
                events += [texts, describe(ServerWireEvent.message(stream: request.stream, message))]
                events.append("halfClosed \(request.stream)")
            }
            buffer.discardReadBytes()
        }
        return events
    }

    /// What has been sent since the last time.
    func replies() -> [String] { reader.read(takeOutput()) }

    /// What a stream's WINDOW_UPDATEs that go out give.
    func credit(_ stream: Int) -> Int { HTTP2.credit(stream, in: takeOutput()) }

    private func takeOutput() -> [UInt8] {
        while wire.canPump { wire.pump(into: &output, room: 1 << 20) }
        defer { output.clear() }
        return Array(output.readableBytesView)
    }

    func respond(_ text: String, trailers: Metadata = [:]) {
        let bytes = Array(text.utf8)
        wire.respond(
            stream: 1, payloadSize: bytes.count, trailers: trailers, into: &output,
            write: { target in bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
        )
    }

    /// Whether the next message needn't wait.
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let outcome = wire.sendMessage(stream: 1, size: bytes.count, isCompressed: false, into: &output) { target in
            bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        }
        if case .sent = outcome { return true }
        return false
    }

    func fail(_ error: RPCError) { wire.fail(stream: 1, error, into: &output) }
    func tick() { wire.tick() }
    func goAway() { wire.goAway(code: .ok, text: "", into: &output) }
}
