internal import MartletCore
package import NIOCore
internal import NIOPosix

/// Opens a client's connections.
package protocol Connector: Sendable {
    /// Makes a channel on the loop; `prepare` adds the handlers, on the loop. They are told when the channel is active
    /// and when it isn't any more.
    func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void>
}

/// Connects over TCP.
package struct TCPConnector: Connector {
    private let host: String
    private let port: Int
    private let serverName: String
    private let security: ClientSecurity?
    private let applicationProtocols: [String]

    /// - Parameters:
    ///   - serverName: Whom the server's certificate must name. Default: the host.
    ///   - applicationProtocols: What may be spoken over TLS; none: whatever the server takes.
    package init(
        host: String, port: Int, serverName: String? = nil, security: ClientSecurity? = nil,
        applicationProtocols: [String] = []
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName ?? host
        self.security = security
        self.applicationProtocols = applicationProtocols
    }

    /// Where the name has several addresses, NIO tries them side by side, so the handlers are for the channel that wins.
    package func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        let timeout = TimeAmount.nanoseconds(timeout.nanoseconds)
        // On the loop from the start: what is added to a future that is complete already comes a turn later, and what a
        // server that speaks first has said in between would be read by nobody.
        return loop.flatSubmit {
            let deadline = loop.now + timeout
            return ClientBootstrap(group: loop)
                .connectTimeout(timeout)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port)
                .flatMap { channel in
                    secured(channel, until: deadline)
                        .flatMapThrowing { try activate(channel, prepare) }
                        .flatMapErrorThrowing { error in
                            channel.close(promise: nil)
                            throw error
                        }
                }
        }
    }

    private func secured(_ channel: any Channel, until deadline: NIODeadline) -> EventLoopFuture<Void> {
        guard let security else { return channel.eventLoop.makeSucceededVoidFuture() }
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
        do {
            let done = try security.handshake.begin(
                on: channel, serverName: serverName, applicationProtocols: applicationProtocols)
            done.whenComplete { _ in timer.cancel() }
            return done.map { _ in }.flatMapErrorThrowing { error in
                guard channel.eventLoop.now >= deadline else { throw error }
                throw HandshakeFailure("the server didn't finish the handshake in time", cause: .connectTimeout)
            }
        } catch {
            timer.cancel()
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func activate(_ channel: any Channel, _ prepare: (any Channel) throws -> Void) throws {
        let pipeline = channel.pipeline.syncOperations
        let activation = Activation()
        try pipeline.addHandler(activation)
        try prepare(channel)
        activation.activate(try pipeline.context(handler: activation))
    }
}
