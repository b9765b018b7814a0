import Logging
import Martlet
import MartletTransport
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import MartletClient
@testable import MartletServer

/// Backoff, deadlines and the handshake's timeout run on the event loop's clock: on a virtual one no time passes.
@Suite struct VirtualTimeTests {
    private final class Refuses: Connector {
        private let counter = Atomic(0)

        var attempts: Int { counter.load(ordering: .relaxed) }

        func connect(
            on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
        ) -> EventLoopFuture<Void> {
            counter.add(1, ordering: .relaxed)
            return loop.makeFailedFuture(RPCError(.unavailable, "refused"))
        }
    }

    private final class ConnectsToNobody: Connector {
        let channel: NIOAsyncTestingChannel

        init(loop: NIOAsyncTestingEventLoop) { channel = NIOAsyncTestingChannel(loop: loop) }

        func connect(
            on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
        ) -> EventLoopFuture<Void> {
            let channel = channel
            return loop.submit { try prepare(channel) }.flatMap {
                channel.connect(to: try! SocketAddress(ipAddress: "127.0.0.1", port: 1))
            }
        }
    }

    private final class Done: Sendable {
        let flag = Mutex(false)
    }

    private func channel(_ connector: any Connector, _ loop: NIOAsyncTestingEventLoop) -> ClientChannel {
        var configuration = ChannelConfiguration()
        configuration.backoff.jitter = 0
        configuration.handshakeTimeout = .seconds(86_400)
        return ClientChannel(peer: "tcp://test:1", connector: connector, loop: loop, configuration: configuration)
    }

    @Test func backoffWaitsAsItsNumbersSay() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let refuses = Refuses()
        let channel = channel(refuses, loop)
        let caller = Task { try await channel.call("x", options: CallOptions(waitsForReady: true)) }
        try await eventually { refuses.attempts == 1 }
        for (attempt, wait) in [1000, 1600, 2560, 4096].enumerated() {
            await loop.advanceTime(by: .milliseconds(Int64(wait) - 1))
            #expect(refuses.attempts == attempt + 1)
            await loop.advanceTime(by: .milliseconds(1))
            #expect(refuses.attempts == attempt + 2)
        }
        caller.cancel()
        _ = try await errorOf { try await caller.value }
        await loop.shutdownGracefully()
    }

    @Test func aDeadlinePassesOnTheLoopsClock() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let connector = ConnectsToNobody(loop: loop)
        let channel = channel(connector, loop)
        let done = Done()
        let error = try await withThrowingTaskGroup(of: RPCError.self) { group in
            group.addTask {
                defer { done.flag.withLock { $0 = true } }
                return try await errorOf { try await channel.call("x", options: .timeout(.seconds(3600))) }
            }
            let request = try await connector.channel.waitForOutboundWrite(as: ByteBuffer.self)
            #expect(request.readableBytes > 0)
            await loop.advanceTime(by: .seconds(3599))
            #expect(done.flag.withLock { $0 } == false)
            await loop.advanceTime(by: .seconds(1))
            return try await group.next()!
        }
        #expect(error.code == .deadlineExceeded)
        #expect(error.message.contains("3600.0 seconds"))
        await loop.shutdownGracefully()
    }

    @Test func theHandshakeTimesOutOnTheLoopsClock() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let counters = LoopCounters()
        let setup = Listener.Setup(
            dispatcher: CallHandling(router: Router(), configuration: ServerConfiguration()),
            connections: ConnectionSet(),
            counters: { _ in counters }, configuration: ServerConnectionConfiguration(), logger: Logger(label: "test"))
        let channel = NIOAsyncTestingChannel(loop: loop)
        try await channel.testingEventLoop.executeInContext { try setup.addConnection(to: channel) }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        await loop.advanceTime(by: .seconds(9))
        #expect(counters.connections.current == 1)
        await loop.advanceTime(by: .seconds(1))
        let goodbye = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        #expect(String(buffer: goodbye).contains("no HELLO within 10.0 seconds"))
        await loop.advanceTime(by: .seconds(1))
        #expect(counters.connections.current == 0)
    }
}
