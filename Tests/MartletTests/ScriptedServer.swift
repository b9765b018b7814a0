import Glibc
import MartletCore
import MartletWire
import NIOCore
import NIOPosix

/// A port that says something to each client that connects, and does something when the client has spoken.
final class ScriptedServer: Sendable {
    enum Act: Sendable {
        case nothing
        case close
        /// So that the client sees an error instead of an end.
        case reset
        /// Says more, and stays.
        case say([UInt8])
        /// Says its last words.
        case sayAndClose([UInt8])
    }

    private let channel: any Channel

    private final class Script: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let says: [UInt8]
        let act: Act
        let cue: [UInt8]
        var heard: [UInt8] = []
        var hasActed = false

        init(says: [UInt8], act: Act, cue: [UInt8]) {
            self.says = says
            self.act = act
            self.cue = cue
        }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: says)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasActed else { return }
            heard += unwrapInboundIn(data).readableBytesView
            guard heard.contains(cue) else { return }
            hasActed = true
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            // After the client has read what was said.
            context.eventLoop.scheduleTask(in: .milliseconds(50)) { [act] in
                let context = bound.value
                switch act {
                case .nothing: break
                case .close: context.close(promise: nil)
                case .reset:
                    let options = context.channel as! any SocketOptionProvider
                    _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    context.close(promise: nil)
                case .say(let bytes):
                    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
                case .sayAndClose(let bytes):
                    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
                    context.close(mode: .output, promise: nil)
                }
            }
        }
    }

    /// - Parameters:
    ///   - cue: What a client must have said before the server acts. Default: anything.
    ///   - reads: False: it never takes anything off its sockets, and so doesn't act.
    init(
        says: [UInt8] = [], then act: Act = .nothing, on cue: String = "", reads: Bool = true
    ) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: reads)
            .childChannelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Script(says: says, act: act, cue: Array(cue.utf8)))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress!.port! }
    var target: String { "tcp://127.0.0.1:\(port)" }

    func close() async throws { try await channel.close().get() }
}

extension ScriptedServer {
    /// A server's Hello, followed by what `more` writes.
    static func hello(_ more: (inout ServerWire, inout ByteBuffer) -> Void = { _, _ in }) -> [UInt8] {
        let implementation = NativeImplementation(name: "test", version: "0")
        var client = ClientWire(implementation: implementation)
        var server = ServerWire(implementation: implementation)
        var input = ByteBuffer()
        var output = ByteBuffer()
        client.start(into: &input)
        _ = server.next(&input, output: &output)
        more(&server, &output)
        return Array(output.readableBytesView)
    }

    /// What a server says that goes away without having run anything.
    static func goAway(_ code: StatusCode, _ text: String) -> [UInt8] {
        var before = 0
        let all = hello { wire, output in
            before = output.readableBytes
            wire.goAway(code: code, text: text, into: &output)
        }
        return Array(all[before...])
    }
}
