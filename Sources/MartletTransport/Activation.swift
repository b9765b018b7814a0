internal import NIOCore

/// Tells the handlers behind it, which come once a channel is connected, that it is active, and when it isn't any more:
/// each exactly once.
///
/// NIO connects a channel, lets those who wait for that go on, and only then tells its handlers; it tells them nothing of
/// a channel that closes in between, as one does whose first write fails. After a TLS handshake it has told them before.
/// On the loop only.
final class Activation: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private enum State {
        case new
        case active
        case inactive
    }

    private var state = State.new

    /// Tells the handlers of a connected channel.
    func activate(_ context: ChannelHandlerContext) {
        channelActive(context: context)
        if !context.channel.isActive { channelInactive(context: context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        guard state == .new else {
            // NIO has told it now, and will tell the end too: every read would pass here for nothing.
            return context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        state = .active
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard state == .active else { return }
        state = .inactive
        context.fireChannelInactive()
    }
}
