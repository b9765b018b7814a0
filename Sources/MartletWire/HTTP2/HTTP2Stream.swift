/// One stream of an HTTP/2 connection, as far as both sides and all protocols on it have it.
class HTTP2Stream {
    /// What comes behind the messages that wait.
    enum End {
        /// The flag on the last frame.
        case endStream
        case trailers(HeaderBlock)
    }

    let id: UInt32
    var sending = SendQueue()
    var end: End?
    /// nghttp2 has asked for data and there was none: it must be told when there is.
    var isDeferred = false
    /// The machine's owner waits for the queue to become short.
    var isWatched = false
    /// The peer sends nothing more.
    var isRemoteClosed = false
    /// Everything of this side has been handed to the output.
    var isLocalClosed = false

    init(id: UInt32) { self.id = id }
}
