package import NIOCore

/// Parts of large messages that belong between the bytes of an output. They stay where they are instead of being copied
/// into it: a socket takes bytes from many places at once.
package struct OutputSlices {
    private struct Slice {
        /// Where the output is to be cut for it.
        let index: Int
        let bytes: ByteBuffer
    }

    private var slices: [Slice] = []
    private var roomLeft: Int

    /// From this size on, in bytes, a copy costs more than a place of its own.
    private static let leastSize = 8 << 10

    /// - Parameter room: Bytes; about so many are taken.
    package init(room: Int) { roomLeft = room }

    package var isEmpty: Bool { slices.isEmpty }
    var isFull: Bool { roomLeft <= 0 }

    /// Puts `bytes` behind what is in the output now: into it if they are few.
    mutating func append(_ bytes: ByteBuffer, to output: inout ByteBuffer) {
        guard bytes.readableBytes >= Self.leastSize else {
            output.writeImmutableBuffer(bytes)
            return
        }
        slices.append(Slice(index: output.writerIndex, bytes: bytes))
        roomLeft -= bytes.readableBytes
    }

    /// Hands out the output and the slices piece by piece, as they are to be sent.
    package consuming func gather(with output: ByteBuffer, _ body: (ByteBuffer) -> Void) {
        var rest = output
        for slice in slices {
            if let before = rest.readSlice(length: slice.index - rest.readerIndex), before.readableBytes > 0 {
                body(before)
            }
            body(slice.bytes)
        }
        if rest.readableBytes > 0 { body(rest) }
    }
}
