import Martlet
import MartletTransport
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartletClient

/// What a channel does by itself: connecting again, waiting for room, repeating what was never run, closing.
@Suite struct LifecycleTests {
    @Test func aChannelThatNobodyUsesClosesAndComesBack() async throws {
        try await withServerAndChannel(TestService(), channel: .test { $0.idleTimeout = .milliseconds(50) }) {
            server, channel in
            for _ in 0..<3 {
                let response = try await channel.call("x")
                #expect(response == "x")
                try await eventually { server.statistics.connections == 0 && channel.statistics.state == .idle }
                #expect(channel.statistics.connections == 0)
            }
        }
    }

    @Test func anOpenStreamKeepsItsConnection() async throws {
        try await withServerAndChannel(TestService(), channel: .test { $0.idleTimeout = .milliseconds(20) }) {
            server, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            var responses = call.responses.makeAsyncIterator()
            for _ in 0..<3 {
                try await Task.sleep(for: .milliseconds(60))
                try await call.requests.write("x")
                let response = try await responses.next()
                #expect(response == "x")
            }
        }
    }

    @Test func aLivingServerAnswersPings() async throws {
        let keepalive = ChannelConfiguration.Keepalive(
            interval: .milliseconds(20), timeout: .seconds(10), withoutCalls: true)
        try await withServerAndChannel(
            TestService(), server: .test { $0.keepalive.minClientInterval = .milliseconds(1) },
            channel: .test { $0.keepalive = keepalive }
        ) { server, channel in
            _ = try await channel.call("x")
            try await Task.sleep(for: .milliseconds(150))
            let response = try await channel.call("y")
            #expect(response == "y")
            #expect(channel.statistics.connections == 1)
        }
    }

    /// Connects to one port after another, to the last for ever.
    private struct Ports: Connector {
        let ports: [Int]
        let next = Shared()

        final class Shared: Sendable { let attempts = Mutex(0) }

        func connect(
            on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
        ) -> EventLoopFuture<Void> {
            let attempt = next.attempts.withLock { attempts in
                defer { attempts += 1 }
                return attempts
            }
            return TCPConnector(host: "127.0.0.1", port: ports[min(attempt, ports.count - 1)])
                .connect(on: loop, timeout: timeout, prepare: prepare)
        }
    }

    /// A channel whose first server goes away without having run anything.
    ///
    /// - Parameter cue: What that server waits for. Default: any sign of the client.
    private func withRefusal(
        on cue: String = "", _ body: (_ channel: ClientChannel, _ second: RPCServer) async throws -> Void
    ) async throws {
        let leaving = try await ScriptedServer(
            says: ScriptedServer.hello(), then: .say(ScriptedServer.goAway(.ok, "closing time")), on: cue)
        try await withServer(TestService()) { server, port in
            let channel = ClientChannel(
                peer: "tcp://two:1", connector: Ports(ports: [leaving.port, port]), configuration: .init())
            try await body(channel, server)
            await channel.shutdown()
        }
        try await leaving.close()
    }

    @Test func aCallThatWasNeverRunIsMadeAgain() async throws {
        try await withRefusal { channel, _ in
            let response = try await channel.call("x")
            #expect(response == "x")
        }
    }

    @Test func aStreamThatWasNeverRunIsMadeAgain() async throws {
        try await withRefusal { channel, _ in
            let response = try await channel.start(TestMethods.list, "1", .default).response()
            #expect(response == "0")
        }
    }

    @Test func aStreamThatHasSentNothingIsMadeAgain() async throws {
        try await withRefusal { channel, second in
            let call = channel.start(TestMethods.collect, nil, .default)
            try await eventually { second.statistics.calls == 1 }
            try await call.requests.write("a")
            call.requests.finish()
            let response = try await call.response()
            #expect(response == "a")
        }
    }

    @Test func aStreamThatHasSentMessagesIsNotMadeAgain() async throws {
        try await withRefusal(on: "a message") { channel, _ in
            let call = channel.start(TestMethods.collect, nil, .default)
            try await call.requests.write("a message")
            let error = try await errorOf { try await call.response() }
            #expect(error.code == .unavailable)
            #expect(error.isSafeToRetry)
        }
    }

    @Test func callsThatWaitForRoomComeInTheirOrder() async throws {
        let arrived = Ports.Shared()
        let order = Order()
        let service = TestService(
            { request, _ in
                if request == "first" { try await eventually { arrived.attempts.withLock { $0 } == 1 } }
                order.note(request)
                return request
            },
            list: { request, _, _ in order.note(request) })
        try await withServerAndChannel(
            service, server: .test { $0.maxConcurrentCallsPerConnection = 1 },
            channel: .test { $0.maxConnectionsPerEndpoint = 1 }
        ) {
            _, channel in
            // Brings the Hello with the server's limit: what is sent before it may be refused and made again.
            _ = try await channel.call("before")
            let first = channel.start(TestMethods.call, "first", .default)
            let streams = (0..<20).map { channel.start(TestMethods.list, Text("\($0)"), .default) }
            arrived.attempts.withLock { $0 = 1 }
            let response = try await first.response()
            #expect(response == "first")
            for stream in streams { for try await _ in stream.responses {} }
            #expect(order.noted == ["before", "first"] + (0..<20).map(String.init))
        }
    }

    @Test func theEndOfACancelledCallMakesRoom() async throws {
        let service = TestService { request, _ in
            if request == "first" { try await Task.sleep(for: .seconds(60)) }
            return request
        }
        try await withServerAndChannel(service, server: .test { $0.maxConcurrentCallsPerConnection = 1 }) {
            _, channel in
            _ = try await channel.call("before")
            let first = channel.start(TestMethods.call, "first", .default)
            let waiting = channel.start(TestMethods.call, "second", .timeout(.seconds(10)))
            first.cancel()
            let response = try await waiting.response()
            #expect(response == "second")
        }
    }

    private final class Order: Sendable {
        private let texts = Mutex<[String]>([])

        func note(_ text: Text) { texts.withLock { $0.append(text.text) } }
        var noted: [String] { texts.withLock { $0 } }
    }

    @Test func aCallThatWaitsForRoomHasADeadline() async throws {
        let service = TestService { request, _ in
            try await Task.sleep(for: .seconds(60))
            return request
        }
        try await withServerAndChannel(
            service, server: .test { $0.maxConcurrentCallsPerConnection = 1 },
            channel: .test { $0.maxConnectionsPerEndpoint = 1 }
        ) {
            server, channel in
            for try await _ in channel.serverStreaming(TestMethods.list, "0", .default) {}
            let first = channel.start(TestMethods.call, "first", .default)
            try await eventually { server.statistics.calls == 1 }
            let error = try await errorOf { try await channel.call("x", options: .timeout(.milliseconds(50))) }
            #expect(error.code == .deadlineExceeded)
            #expect(error.message.contains("while it waited for room"))
            first.cancel()
        }
    }

    @Test func statisticsTellWhatIsUnderWay() async throws {
        try await withServerAndChannel(TestService()) { server, channel in
            #expect(channel.statistics == ChannelStatistics())
            let call = channel.start(TestMethods.chat, nil, .default)
            try await eventually {
                channel.statistics == ChannelStatistics(state: .ready, connections: 1, calls: 1, streams: 1)
            }
            call.requests.finish()
            for try await _ in call.responses {}
            #expect(channel.statistics == ChannelStatistics(state: .ready, connections: 1))
            await channel.shutdown()
            #expect(channel.statistics == ChannelStatistics(state: .shutDown))
        }
    }

    @Test func aChannelsInterceptorsRunAroundEveryShape() async throws {
        struct Token: ClientInterceptor {
            nonisolated(nonsending) func intercept(
                _ call: ClientCall, next: ClientNext
            ) async throws(RPCError) -> Metadata {
                var call = call
                call.options.metadata["token"] = "t-1"
                return try await next(call)
            }
        }
        let service = TestService(
            { _, context in Text(context.metadata["token"] ?? "none") },
            list: { _, responses, context in try await responses.write(Text(context.metadata["token"] ?? "none")) })
        try await withServerAndChannel(service, channel: .test { $0.interceptors = [Token()] }) { _, channel in
            let unary = try await channel.call("x")
            #expect(unary == "t-1")
            let streamed = try await channel.start(TestMethods.list, "", .default).response()
            #expect(streamed == "t-1")
        }
    }

    @Test func messagesAreCompressedWhenBothSidesCan() async throws {
        let service = TestService(
            { request, context in Text("\(context.requestWasCompressed) \(request.bytes.count)") },
            chat: { requests, responses, context in
                context.responseCompression = .gzip
                for try await request in requests.received {
                    try await responses.write(Text("\(request.wasCompressed) \(request.message.bytes.count)"))
                    try await responses.write(request.message)
                }
            })
        try await withServerAndChannel(service) { _, channel in
            let options = CallOptions(compression: .gzip)
            let compressed = try await channel.call(Text(count: 100_000), options: options)
            #expect(compressed == "true 100000")
            let plain = try await channel.call(Text(count: 100_000))
            #expect(plain == "false 100000")
            let call = channel.start(TestMethods.chat, nil, options)
            var responses = call.responses.received.makeAsyncIterator()
            for compressed in [nil, false, true] {
                try await call.requests.write(Text(count: 50_000), compressed: compressed)
                let report = try await responses.next()?.message.text
                #expect(report == "\(compressed ?? true) 50000")
                let large = try await responses.next()
                #expect(large?.wasCompressed == true)
                #expect(large?.message.bytes.count == 50_000)
            }
        }
    }

    @Test func aResponseThatInflatesTooFarIsRefused() async throws {
        let service = TestService(chat: { requests, responses, context in
            context.responseCompression = .gzip
            for try await _ in requests { try await responses.write(Text(count: 2_000_000)) }
        })
        try await withServerAndChannel(service, channel: .test { $0.maxMessageBytes = 1 << 20 }) { server, channel in
            let call = channel.start(TestMethods.chat, nil, .default)
            try await call.requests.write("go")
            var responses = call.responses.makeAsyncIterator()
            for _ in 0..<2 {
                let error = try await errorOf { try await responses.next() ?? "the end" }
                #expect(error.code == .resourceExhausted)
                #expect(error.message.contains("1048576"))
            }
            try await eventually { server.statistics.calls == 0 }
            let response = try await channel.call("fine")
            #expect(response == "fine")
        }
    }
}
