/// One stream of an HTTP/2 connection, as far as both sides and all protocols on it have it.
class HTTP2Stream {
    /// What comes behind the messages that wait.
    enum End {
        /// The flag on the last frame.
        case endStream
        case trailers(HeaderBlock)
        case fixedTrailers(FixedHeaders)
    }

    final let id: UInt32
    final var sending = SendQueue()
    final var end: End?
    /// nghttp2 has asked for data and there was none: it must be told when there is.
    final var isDeferred = false
    /// The machine's owner waits for the queue to become short.
    final var isWatched = false
    /// The peer sends nothing more.
    final var isRemoteClosed = false
    /// Everything of this side has been handed to the output.
    final var isLocalClosed = false
    /// Bytes that the peer may have under way, once that is more than at first.
    final var grownWindow = 0

    init(id: UInt32) { self.id = id }
}
