import MartletCore
import NIOCore
import Testing

@testable import MartletWire

/// What a client sends to a gRPC server, and when.
struct GRPCClientCommandTests {
    private static let settings = HTTP2.frame(4, 0, 0, [])
    private static let start = "{:method: POST, :scheme: http, :path: /s.S/M, :authority: host:1, "
    private static let type = "te: trailers, content-type: application/grpc, "
    private static let end = "user-agent: grpc-swift-martlet/1"

    @Test func headersComeInTheirOrder() {
        let exchange = GRPCClientExchange(WireLimits(compressions: ["gzip", "deflate"]))
        exchange.request(.only(streamsResponses: false))
        exchange.request(
            .only(streamsResponses: false), "", timeout: 1_500_000_000,
            metadata: ["a": " 1 ", "b-bin": "AA==", "user-agent": "other"], compression: .gzip)
        let accepted = "grpc-accept-encoding: gzip,deflate, "
        #expect(
            exchange.sent() == [
                "HEADERS 1 \(Self.start)\(Self.type)\(accepted)\(Self.end)}",
                "HEADERS 3 \(Self.start)\(Self.type)\(accepted)\(Self.end), "
                    + "grpc-timeout: 1500000u, grpc-encoding: gzip, a: 1, b-bin: AA}",
                "DATA 1 0000000004\(hex("ping".utf8)) end", "DATA 3 0000000000 end",
            ])
    }

    @Test func messagesAndTheirEndFollow() {
        let exchange = GRPCClientExchange()
        exchange.request(.open(streamsResponses: true))
        exchange.send(1, "a", isCompressed: true)
        exchange.send(1, "")
        #expect(exchange.sent().dropFirst() == ["DATA 1 010000000161" + "0000000000"])
        exchange.halfClose(1)
        exchange.halfClose(1)
        #expect(exchange.sent() == ["DATA 1  end"])
        guard case .closed = exchange.send(1, "late") else {
            Issue.record("a message follows the end")
            return
        }
    }

    @Test func whatCannotBeSentIsRejected() {
        let exchange = GRPCClientExchange()
        for (metadata, code) in [
            (["grpc-status": "1"], .invalidArgument), (["a-bin": "?"], .invalidArgument),
            (["a": String(repeating: "x", count: 70_000)], .resourceExhausted),
        ] as [(Metadata, StatusCode)] {
            guard case .rejected(let error) = exchange.request(.only(streamsResponses: false), metadata: metadata)
            else {
                Issue.record("\(metadata) is sent")
                continue
            }
            #expect(error.code == code)
        }
        #expect(exchange.sent().isEmpty)
        #expect(exchange.openStreams == 0)
    }

    @Test func noMoreCallsThanTheServerAllows() {
        let exchange = GRPCClientExchange()
        for _ in 0..<100 { exchange.request(.only(streamsResponses: false)) }
        guard case .notNow = exchange.request(.only(streamsResponses: false)) else {
            Issue.record("a call more than before the server's settings")
            return
        }
        _ = exchange.sent()
        // SETTINGS_MAX_CONCURRENT_STREAMS: 101
        #expect(exchange.feed(HTTP2.frame(4, 0, 0, [0, 3, 0, 0, 0, 101]), .whole) == ["ttrpc"])
        #expect(exchange.maxConcurrentStreams == 101)
        guard case .sent(201, _) = exchange.request(.only(streamsResponses: false)),
            case .notNow = exchange.request(.only(streamsResponses: false))
        else {
            Issue.record("not the one call more")
            return
        }
        exchange.cancel(201)
        guard case .sent(203, _) = exchange.request(.only(streamsResponses: false)) else {
            Issue.record("a cancelled call makes no room")
            return
        }
    }

    @Test func aCancelledCallIsReset() {
        let exchange = GRPCClientExchange()
        exchange.request(.open(streamsResponses: true))
        exchange.request(.open(streamsResponses: true))
        exchange.send(1, "a")
        _ = exchange.sent()
        exchange.send(1, "b")
        exchange.cancel(1)
        exchange.cancel(1)
        #expect(exchange.openStreams == 1)
        #expect(exchange.queuedBytes == 0)
        #expect(exchange.sent() == ["RST_STREAM 1 8"])
        let late = GRPCClientTests.only(1, [("grpc-status", "0")])
        #expect(exchange.feed(Self.settings + late, .whole) == ["ttrpc"])
    }

    /// Nothing at all is said of it.
    @Test func aCallThatIsCancelledAtOnceIsNotSent() {
        let exchange = GRPCClientExchange()
        exchange.request(.only(streamsResponses: false))
        exchange.request(.only(streamsResponses: false))
        exchange.cancel(1)
        let sent = exchange.sent()
        #expect(sent.count == 2 && sent.allSatisfy { $0.contains(" 3 ") }, "\(sent)")
        #expect(exchange.openStreams == 1)
        #expect(!exchange.hasEvents)
    }

    @Test func aWriterWaitsForTheServersWindow() {
        let exchange = GRPCClientExchange()
        exchange.request(.open(streamsResponses: true))
        guard case .queued = exchange.send(1, String(repeating: "x", count: 200_000)) else {
            Issue.record("200 kB aren't queued")
            return
        }
        // 64 KiB − 1 fit into the windows.
        #expect(exchange.dataBytes() == 65_535)
        #expect(exchange.queuedBytes == 200_005 - 65_535)
        #expect(exchange.takeSent() == [])
        _ = exchange.feed(Self.settings + HTTP2.window(0, 1 << 20) + HTTP2.window(1, 120_000), .whole)
        #expect(exchange.dataBytes() == 120_000)
        // What is left is little, but must not be overtaken.
        #expect(exchange.takeSent() == [])
        _ = exchange.feed(HTTP2.window(1, 1 << 20), .whole)
        #expect(exchange.dataBytes() == 200_005 - 185_535)
        #expect(exchange.takeSent() == [1])
        guard case .sent = exchange.send(1, "next") else {
            Issue.record("there is no room for the next message")
            return
        }
        #expect(exchange.dataBytes() == 9)
        #expect(exchange.queuedBytes == 0)
    }

    @Test func callsThatAreNotSentYetAreRefusedByAGoAway() {
        let exchange = GRPCClientExchange()
        exchange.request(.only(streamsResponses: false))
        _ = exchange.sent()
        exchange.request(.only(streamsResponses: false))
        let events = exchange.feed(Self.settings + HTTP2.goAway(0x7FFF_FFFF, 0), .whole)
        let refused =
            "response 3 local: UNAVAILABLE (14): the server takes no more calls on this connection (NO_ERROR) safe to retry"
        #expect(events == ["ttrpc", "goAway 2147483647 OK NO_ERROR", refused])
        #expect(exchange.sent().isEmpty)
        guard case .exhausted = exchange.request(.only(streamsResponses: false)) else {
            Issue.record("a call after the go-away")
            return
        }
        let answer =
            GRPCClientTests.answer(1) + HTTP2.data(1, GRPCClientTests.pong) + GRPCClientTests.trailers(1)
        #expect(exchange.feed(answer, .whole) == ["response 1 pong"])
        #expect(exchange.openStreams == 0)
    }

    @Test func pingsComeBack() {
        let exchange = GRPCClientExchange()
        #expect(exchange.ping(7))
        #expect(exchange.sent() == ["PING 7"])
        #expect(exchange.feed(Self.settings + HTTP2.ping(7, flags: 1) + HTTP2.ping(9), .whole) == ["ttrpc", "pong 7"])
        #expect(exchange.sent() == ["PING 9 ack"])
    }

    /// The window follows the reader, and is enough for a message that is larger.
    @Test(arguments: [1000, 60_000, 300_000])
    func theWindowFollowsTheReader(size: Int) {
        let limits = WireLimits(maxMessageBytes: 1 << 20, streamWindow: 65_536, connectionWindow: 65_536)
        let exchange = GRPCClientExchange(limits)
        exchange.request(.only(streamsResponses: true))
        _ = exchange.sent()
        _ = exchange.feed(Self.settings + HTTP2.frame(4, 1, 0, []) + GRPCClientTests.answer(1), .whole)
        var window = 65_536 + exchange.credit(1)
        var waiting: [Int] = []
        let stream = (0..<8).flatMap { _ in HTTP2.message(String(repeating: "x", count: size)) }
        var rest = stream[...]
        var messages = 0
        while !rest.isEmpty {
            let count = min(window, rest.count, 16_384)
            if count == 0 {
                #expect(!waiting.isEmpty, "nothing moves any more")
                guard !waiting.isEmpty else { return }
                exchange.consumed(1, bytes: waiting.removeFirst())
            } else {
                window -= count
                let events = exchange.feed(HTTP2.data(1, Array(rest.prefix(count))), .whole)
                rest = rest.dropFirst(count)
                messages += events.count
                waiting += events.map { _ in size }
                #expect(waiting.reduce(0, +) <= 65_536 + size)
            }
            window += exchange.credit(1)
        }
        #expect(messages == 8)
    }

    /// Nor need it wait for credit on its way.
    @Test func aLargeMessageHasRoomAtOnce() {
        let limits = WireLimits(maxMessageBytes: 1 << 20, streamWindow: 65_536, connectionWindow: 65_536)
        let exchange = GRPCClientExchange(limits)
        exchange.request(.only(streamsResponses: true))
        _ = exchange.sent()
        let message = HTTP2.message(String(repeating: "x", count: 300_000))
        let beginning = GRPCClientTests.answer(1) + HTTP2.data(1, Array(message.prefix(1000)))
        _ = exchange.feed(Self.settings + HTTP2.frame(4, 1, 0, []) + beginning, .whole)
        #expect(exchange.credit(1) == 300_005 - 65_536)
    }

    @Test func anotherServerIsNamed() {
        for (input, name) in [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", "an HTTP/1.1 response"),
            ("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{16}\0\0\0", "a TLS alert"),
            ("\0\0\0\u{2}\0\0\0\0\u{10}\0\u{8}\u{1}", "the bytes 00 00 00 02 00 00 00 00 10 00"),
        ] {
            let exchange = GRPCClientExchange()
            exchange.request(.only(streamsResponses: false))
            _ = exchange.sent()
            _ = exchange.feed(Array(input.utf8), .whole)
            _ = exchange.sent()
            let events = exchange.events()
            #expect(events.count == 1)
            let text = "failed handshake: FAILED_PRECONDITION (9): the server began with \(name) instead"
            #expect(events.first?.hasPrefix(text) == true, "\(events)")
        }
    }

    @Test func aFloodEndsTheConnection() {
        let exchange = GRPCClientExchange()
        let events = exchange.feed(Self.settings + (0..<1100).flatMap { _ in HTTP2.window(0, 1) }, .whole)
        #expect(events.count == 2)
        #expect(events.last?.contains("too many frames without messages, the last WINDOW_UPDATE") == true, "\(events)")
    }
}
