internal import MartletTransport
internal import NIOCore
internal import NIOPosix

/// A server that a test plays, connection by connection.
public final class ScriptedServer: Sendable {
    /// The TCP port; 0 on a test's network.
    public let port: Int

    private let loop: any EventLoop
    private let accepted: Watched<[ScriptedPeer]>
    private let stop: @Sendable () async throws -> Void

    /// Listens on a free TCP port.
    public static func listen() async throws -> ScriptedServer {
        let accepted = Watched<[ScriptedPeer]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.accept(channel, accepted) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedServer(port: channel.localAddress?.port ?? 0, loop: channel.eventLoop, accepted) {
            try await channel.close().get()
        }
    }

    private init(
        port: Int, loop: any EventLoop, _ accepted: Watched<[ScriptedPeer]>,
        stop: @escaping @Sendable () async throws -> Void
    ) {
        self.port = port
        self.loop = loop
        self.accepted = accepted
        self.stop = stop
    }

    /// Listens on an in-process transport.
    init(_ transport: InProcessTransport, loop: any EventLoop) throws {
        let accepted = Watched<[ScriptedPeer]>([])
        let acceptor = InProcessAcceptor(group: loop) { channel in try Self.accept(channel, accepted) }
        try transport.listen(acceptor)
        self.port = 0
        self.loop = loop
        self.accepted = accepted
        stop = { transport.stopListening(acceptor) }
    }

    private static func accept(_ channel: any Channel, _ accepted: Watched<[ScriptedPeer]>) throws {
        let peer = try ScriptedPeer(playing: channel)
        accepted.change { $0.append(peer) }
    }

    /// Waits for the next connection.
    ///
    /// Throws a ``ScriptError`` when none comes within 10 s.
    public func accept() async throws -> ScriptedPeer {
        try await accepted.wait(for: "a connection", on: loop, patience: .seconds(10)) { peers in
            peers.isEmpty ? nil : peers.removeFirst()
        }
    }

    /// Accepts no more connections; those that it has stay open.
    public func close() async throws { try await stop() }
}
