package import NIOCore

/// Bytes that have come in and haven't been used.
///
/// A read is used where it is. Only a frame that it cuts off moves to a buffer of the connection's own, since a slice would
/// hold on to a whole read buffer; of the next read that one takes no more than the frame lacks.
package struct InputBuffer {
    /// The beginning of a frame, or what a pause has left.
    private var own = ByteBuffer()
    /// What comes behind it.
    private var read: ByteBuffer?
    private var isOwnOut = false

    package init() {}

    package var isEmpty: Bool { own.readableBytes == 0 && !hasMore }

    /// Whether there are bytes that ``take(needed:)`` hasn't handed out yet.
    package var hasMore: Bool { read.map { $0.readableBytes > 0 } ?? false }

    package mutating func append(_ bytes: ByteBuffer) {
        if var read, hasMore { own.writeBuffer(&read) }
        read = bytes
    }

    /// Hands out bytes; what isn't used comes back through ``keep(_:)``. Nil: there are none.
    ///
    /// - Parameter needed: Bytes beyond those that were kept without which these are of no use.
    package mutating func take(needed: Int) -> ByteBuffer? {
        isOwnOut = own.readableBytes > 0
        guard isOwnOut else { return read.take() }
        if let count = read?.readableBytes, var lacking = read?.readSlice(length: min(count, max(needed, 1))) {
            own.writeBuffer(&lacking)
        }
        if !hasMore { read = nil }
        var bytes = ByteBuffer()
        swap(&bytes, &own)
        return bytes
    }

    package mutating func keep(_ rest: consuming ByteBuffer) {
        if !isOwnOut {
            // Writing nothing would make a buffer out of none.
            if rest.readableBytes > 0 { own.writeImmutableBuffer(rest) }
        } else if rest.readableBytes > 0 {
            // Only once the used part outweighs the rest, so that moving it pays.
            if rest.readerIndex > rest.readableBytes { rest.discardReadBytes() }
            own = rest
        } else if rest.modifyIfUniquelyOwned({ $0.clear() }) != nil {
            own = rest
        }
    }

    /// Keeps no memory for a connection that has nothing under way.
    package mutating func endRead() {
        if own.readableBytes == 0 { own = ByteBuffer() }
    }
}
