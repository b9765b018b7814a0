import NIOCore
import NIOPosix
import Synchronization

/// A TCP client that sends any bytes and keeps what comes back.
final class RawPeer: Sendable {
    private let channel: any Channel
    private let received: Received

    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Mutex<[UInt8]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytes.withLock { $0 += Array(buffer.readableBytesView) }
        }
    }

    /// - Parameter reads: False: the peer never takes anything off its socket.
    init(port: Int, reads: Bool = true) async throws {
        let received = Received()
        self.received = received
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(received) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// Sends as much as the server takes, without waiting for it.
    func sendWithoutWaiting(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    func close() async throws { try await channel.close().get() }

    /// Waits until the server has closed the connection.
    func untilClosed() async throws { try await channel.closeFuture.get() }

    var bytes: [UInt8] { received.bytes.withLock { $0 } }

    /// Everything readable in what came back, for looking for a reason in it.
    var text: String { String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x2E }, as: UTF8.self) }
}
