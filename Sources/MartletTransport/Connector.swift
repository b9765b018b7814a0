package import NIOCore
internal import NIOPosix

/// Opens a client's connections.
package protocol Connector: Sendable {
    /// Makes a channel on the loop; `prepare` runs on the loop before the channel becomes active.
    func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void>
}

/// Connects over TCP.
package struct TCPConnector: Connector {
    private let host: String
    private let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(timeout.nanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
            .connect(host: host, port: port).map { _ in }
    }
}
