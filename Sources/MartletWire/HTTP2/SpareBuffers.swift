internal import NIOCore

/// Empty buffers of one connection: each of many short streams needs one, for as long as it takes to send a message.
struct SpareBuffers {
    private var buffers: [ByteBuffer] = []

    /// As many as there are handlers that answer before the next flush.
    private static let most = 32

    /// Capacity up to which a buffer is kept, in bytes.
    private static let greatestCapacity = 512

    mutating func take() -> ByteBuffer { buffers.popLast() ?? ByteBuffer() }

    /// Leaves none behind.
    mutating func giveBack(_ buffer: inout ByteBuffer) {
        buffer.clear()
        if buffers.count < Self.most, buffer.capacity <= Self.greatestCapacity { buffers.append(buffer) }
        buffer = ByteBuffer()
    }
}
