internal import MartletCore
internal import MartletWire
internal import NIOCore

/// Stands before the handlers of TLS at a server and answers clients that don't speak it in their own tongue.
final class PlaintextDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard let first = buffer.readableBytesView.first else { return }
        // A record of the type "handshake" (RFC 8446, section 5.1).
        if first == 0x16 {
            context.fireChannelRead(data)
        } else {
            refuse(context)
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        var output = ByteBuffer()
        var wire = ServerWire(implementation: .martlet)
        wire.goAway(code: .unavailable, text: "this port speaks TLS, and the client doesn't", into: &output)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        context.fireErrorCaught(HandshakeFailure("the client doesn't speak TLS"))
    }
}
