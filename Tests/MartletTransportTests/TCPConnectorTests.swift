import MartletCore
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import MartletTransport

@Suite struct TCPConnectorTests {
    @Test func handlersAreToldOnceThatTheChannelIsActive() async throws {
        try await withListener { connector, loop in
            let handler = Recorder { _ in }
            try await connector.connect(on: loop, timeout: .seconds(10)) {
                try $0.pipeline.syncOperations.addHandler(handler)
            }.get()
            // All that the loop still has to tell.
            try await loop.submit {}.get()
            #expect(handler.events == ["active"])
        }
    }

    /// As when the first write fails, since the server has hung up already.
    @Test func handlersAreToldOfAChannelThatClosesWhileTheyAreToldThatItIsActive() async throws {
        try await withListener { connector, loop in
            let handler = Recorder { $0.close(promise: nil) }
            try await connector.connect(on: loop, timeout: .seconds(10)) {
                try $0.pipeline.syncOperations.addHandler(handler)
            }.get()
            try await loop.submit {}.get()
            #expect(handler.events == ["active", "inactive"])
        }
    }

    /// As from a gRPC server, which says its settings as soon as it has accepted.
    @Test func handlersGetWhatComesAtOnce() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeter()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let connector = TCPConnector(host: "127.0.0.1", port: listener.localAddress!.port!)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<50 {
                        let handler = FirstRead(in: group.next())
                        try await connector.connect(on: handler.loop, timeout: .seconds(10)) {
                            try $0.pipeline.syncOperations.addHandler(handler)
                        }.get()
                        #expect(try await handler.promise.futureResult.get() == "hello")
                    }
                }
            }
            try await tasks.waitForAll()
        }
        try await listener.close()
    }

    private func withListener(_ body: (TCPConnector, any EventLoop) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let loop = group.next()
        try await body(TCPConnector(host: "127.0.0.1", port: listener.localAddress!.port!), loop)
        try await listener.close()
    }
}

/// Writes down what it is told, and does something when its channel becomes active.
private final class Recorder: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let whenActive: @Sendable (any Channel) -> Void
    private let recorded = NIOLockedValueBox<[String]>([])

    init(whenActive: @escaping @Sendable (any Channel) -> Void) { self.whenActive = whenActive }

    var events: [String] { recorded.withLockedValue { $0 } }

    func channelActive(context: ChannelHandlerContext) {
        recorded.withLockedValue { $0.append("active") }
        whenActive(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) { recorded.withLockedValue { $0.append("inactive") } }
}

/// Speaks first.
private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello")), promise: nil)
    }
}

/// Waits for what comes first.
private final class FirstRead: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    let loop: any EventLoop
    let promise: EventLoopPromise<String>

    init(in loop: any EventLoop) {
        self.loop = loop
        promise = loop.makePromise()
        let promise = promise
        loop.scheduleTask(in: .seconds(2)) { promise.succeed("") }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        promise.succeed(String(buffer: unwrapInboundIn(data)))
        context.close(promise: nil)
    }
}
