package import NIOCore

/// Bytes that have come in and don't make a whole frame yet.
///
/// The first read is used as it is. What remains of it moves to a buffer of the connection's own, since a slice would
/// hold on to a whole read buffer; further reads are appended to that one, so that a large frame is copied once.
package struct InputBuffer {
    private var bytes: ByteBuffer?
    private var isOwn = false

    package init() {}

    package mutating func append(_ read: ByteBuffer) {
        if bytes == nil {
            bytes = read
            isOwn = false
        } else {
            var read = read
            bytes!.writeBuffer(&read)
        }
    }

    /// Hands out all bytes; what isn't used comes back through ``keep(_:)``.
    package mutating func take() -> ByteBuffer? { bytes.take() }

    package mutating func keep(_ rest: consuming ByteBuffer) {
        guard rest.readableBytes > 0 else { return }
        if isOwn {
            // Only once the used part outweighs the rest, so that moving it pays.
            if rest.readerIndex > rest.readableBytes { rest.discardReadBytes() }
            bytes = rest
        } else {
            bytes = ByteBuffer(bytes: rest.readableBytesView)
            isOwn = true
        }
    }
}
