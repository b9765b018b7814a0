import NIOCore
import NIOPosix

/// A port that accepts connections and hangs up at once.
struct SilentListener {
    private let channel: any Channel

    init() async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.close() }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress!.port! }

    func close() async throws { try await channel.close().get() }
}
