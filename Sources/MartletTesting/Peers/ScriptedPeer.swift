internal import MartletTransport
internal import NIOCore
internal import NIOPosix

/// One end of a connection that a test plays: it sends any bytes and says which it expects.
///
/// ```swift
/// let peer = try await ScriptedPeer.connect(port: port)
/// try await peer.send([0x16, 0x03, 0x01])
/// try await peer.expectClosing()
/// #expect(peer.text.contains("TLS"))
/// ```
///
/// What is expected and doesn't come is a ``ScriptError`` after 10 s, on the network's time where it has one.
public final class ScriptedPeer: Sendable {
    private struct Received: Sendable {
        var bytes: [UInt8] = []
        /// Of which the script has taken so many.
        var taken = 0
        var isClosed = false

        var rest: ArraySlice<UInt8> { bytes[taken...] }
    }

    private static let patience = Duration.seconds(10)

    private let channel: any Channel
    private let received: Watched<Received>

    private init(_ channel: any Channel, _ received: Watched<Received>) {
        self.channel = channel
        self.received = received
    }

    /// Connects to a TCP port.
    ///
    /// - Parameters:
    ///   - host: A name or address. Default: this machine.
    ///   - port: Where a server listens.
    ///   - reads: False: the peer never takes anything off its socket.
    public static func connect(host: String = "127.0.0.1", port: Int, reads: Bool = true) async throws -> ScriptedPeer {
        let received = Watched(Received())
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Recorder(received: received))
                }
            }
            .connect(host: host, port: port).get()
        return ScriptedPeer(channel, received)
    }

    /// Takes part in a channel's connection. On the channel's loop, before it is active.
    init(playing channel: any Channel) throws {
        let received = Watched(Received())
        try channel.pipeline.syncOperations.addHandler(Recorder(received: received))
        self.channel = channel
        self.received = received
    }

    // MARK: - Sending

    /// Sends bytes, and returns when the connection has taken them.
    public func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// Sends a frame, and returns when the connection has taken it.
    public func send(_ frame: RawFrame) async throws { try await send(frame.bytes) }

    /// Sends as much as the other end takes, without waiting for it.
    public func sendWithoutWaiting(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Closes the connection.
    public func close() async throws { try await channel.close().get() }

    // MARK: - Expecting

    /// Takes the next bytes.
    ///
    /// Throws a ``ScriptError`` when the connection closes before there are so many.
    public func receive(count: Int) async throws -> [UInt8] {
        try await next("\(count) bytes") { received in
            received.rest.count < count ? nil : Array(received.rest.prefix(count))
        }
    }

    /// Takes the next frame.
    public func receiveFrame() async throws -> RawFrame {
        let bytes = try await next("a frame") { received in RawFrame(received.rest)?.bytes }
        return RawFrame(bytes)!
    }

    /// Takes the next bytes, which must be these.
    public func expect(_ bytes: [UInt8]) async throws {
        let next = try await receive(count: bytes.count)
        guard next == bytes else { throw ScriptError("expected the bytes \(bytes.hex), got \(next.hex)") }
    }

    /// Takes the next frame, which must be this one.
    public func expect(_ frame: RawFrame) async throws {
        let next = try await receiveFrame()
        guard next == frame else { throw ScriptError("expected the frame \(frame), got \(next)") }
    }

    /// Waits until the other end has closed the connection. What came before is in ``bytes``.
    public func expectClosing() async throws {
        try await received.wait(for: "the closing", on: channel.eventLoop, patience: Self.patience) { received in
            received.isClosed ? () : nil
        }
    }

    private func next(
        _ what: String, _ find: @escaping @Sendable (Received) -> [UInt8]?
    ) async throws -> [UInt8] {
        try await received.wait(for: what, on: channel.eventLoop, patience: Self.patience) { received in
            if let bytes = find(received) {
                received.taken += bytes.count
                return bytes
            }
            guard received.isClosed else { return nil }
            throw ScriptError("expected \(what), but the connection closed after \(received.rest.hex)")
        }
    }

    /// All that came, taken or not.
    public var bytes: [UInt8] { received.current.bytes }

    /// All that came, as text with dots for what isn't readable, for looking for a reason in it.
    public var text: String { String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x2E }, as: UTF8.self) }

    private final class Recorder: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let received: Watched<Received>

        init(received: Watched<Received>) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            received.change { $0.bytes += bytes }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func handlerRemoved(context: ChannelHandlerContext) { received.change { $0.isClosed = true } }
    }
}
