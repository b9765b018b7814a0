package import Logging
package import MartletCore
package import NIOCore
internal import NIOPosix

/// Accepts connections on one address.
package struct Listener: Sendable {
    private let stop: @Sendable () -> EventLoopFuture<Void>

    /// What each connection is made with. One set of counters per event loop.
    package struct Setup: Sendable {
        package let dispatcher: any CallDispatcher
        package let connections: ConnectionSet
        package let counters: @Sendable (any EventLoop) -> LoopCounters
        package var configuration: ServerConnectionConfiguration
        package let logger: Logger

        package init(
            dispatcher: any CallDispatcher, connections: ConnectionSet,
            counters: @escaping @Sendable (any EventLoop) -> LoopCounters,
            configuration: ServerConnectionConfiguration, logger: Logger
        ) {
            self.dispatcher = dispatcher
            self.connections = connections
            self.counters = counters
            self.configuration = configuration
            self.logger = logger
        }

        /// Makes the handler of an accepted channel. On the channel's loop.
        ///
        /// - Parameter peer: Nil: as the channel's addresses tell.
        package func addConnection(to channel: any Channel, peer: Peer? = nil) throws {
            let connection = ServerConnection(
                executor: LoopExecutor.of(channel.eventLoop), counters: counters(channel.eventLoop),
                peer: peer ?? Peer(address: channel.peerText), dispatcher: dispatcher,
                configuration: configuration, logger: logger)
            try channel.pipeline.syncOperations.addHandler(connection)
            connections.insert(connection)
            channel.closeFuture.whenComplete { _ in connections.remove(connection) }
        }
    }

    /// Listens on a TCP port.
    ///
    /// - Parameter port: 0 lets the system choose.
    /// - Returns: The address with what the system chose, too.
    /// - Throws: UNAVAILABLE that names the address and the cause.
    package static func bind(
        host: String, port: Int, security: ServerSecurity? = nil, group: any EventLoopGroup, setup: Setup
    ) async throws(RPCError) -> (Listener, bound: (host: String, port: Int)) {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: firstRead)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try setup.secure(channel, with: security)
                    } else {
                        try setup.addConnection(to: channel)
                    }
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            let address = channel.localAddress
            return (
                Listener { stop(channel) },
                bound: (host: address?.ipAddress ?? host, port: address?.port ?? port)
            )
        } catch {
            throw RPCError(.unavailable, "cannot listen on \(host):\(port): \(causeText(error))")
        }
    }

    /// Listens for channels of this process.
    ///
    /// - Throws: UNAVAILABLE if a server listens there already.
    package static func listen(
        on transport: InProcessTransport, group: any EventLoopGroup, setup: Setup
    ) throws(RPCError) -> Listener {
        let acceptor = InProcessAcceptor(group: group) { channel in try setup.addConnection(to: channel) }
        try transport.listen(acceptor)
        return Listener {
            transport.stopListening(acceptor)
            return group.any().makeSucceededVoidFuture()
        }
    }

    /// A channel keeps its read buffer, so this is memory of each idle connection: enough for a greeting and a small
    /// request, and grown by the first larger read.
    static let firstRead = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65536)

    init(stop: @escaping @Sendable () -> EventLoopFuture<Void>) { self.stop = stop }

    static func stop(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.close(promise: nil)
        return channel.closeFuture
    }

    /// Accepts no more connections.
    ///
    /// - Returns: Succeeds as soon as the address is free: who connects is refused, and another may listen.
    @discardableResult
    package func close() -> EventLoopFuture<Void> { stop() }
}
