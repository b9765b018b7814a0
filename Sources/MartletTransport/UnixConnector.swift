package import NIOCore
internal import NIOPosix

/// Connects to a Unix-domain socket.
package struct UnixConnector: Connector {
    private let address: UnixAddress

    package init(_ address: UnixAddress) { self.address = address }

    package func connect(
        on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<Void> {
        let descriptor: Int32
        do throws(IOError) {
            let socket = try UnixSocket()
            try socket.connect(to: address)
            descriptor = socket.release()
        } catch {
            return loop.makeFailedFuture(error)
        }
        return ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
            .withConnectedSocket(descriptor).map { _ in }
    }
}
