internal import NIOCore

/// What a stream has to send and the peer has no room for yet: small messages one behind another in one buffer, and at
/// most one large one behind them, which stays where it is.
struct SendQueue {
    private var small = ByteBuffer()
    private var large: ByteBuffer?

    /// Bytes that wait.
    private(set) var count = 0

    /// From this size on, in bytes, a message isn't copied behind the others.
    private static let largeMessage = 16 << 10

    /// Whether there is room for another message.
    var takesMore: Bool { large == nil }

    /// Adds a gRPC message.
    ///
    /// - Parameters:
    ///   - ready: The message's bytes, if they are somewhere already.
    ///   - buffers: Memory for small messages.
    mutating func append(
        size: Int, isCompressed: Bool, ready: ByteBuffer?, blocks: SpareBlocks, buffers: inout SpareBuffers,
        write: (UnsafeMutableRawPointer) -> Void
    ) {
        precondition(takesMore, "a message is sent while the stream's last one is queued")
        if small.capacity == 0 { small = buffers.take() }
        let isLarge = size >= Self.largeMessage
        let inPlace = isLarge ? 0 : size
        small.writeWithUnsafeMutableBytes(minimumWritableBytes: GRPCPrefix.byteCount + inPlace) { memory in
            GRPCPrefix(length: size, isCompressed: isCompressed).write(to: memory)
            if inPlace > 0 { write(memory.baseAddress! + GRPCPrefix.byteCount) }
            return GRPCPrefix.byteCount + inPlace
        }
        if isLarge { large = ready ?? blocks.bytes(size: size, write) }
        count += GRPCPrefix.byteCount + size
    }

    /// Adds bytes that are no gRPC message, of a stream that has no other.
    mutating func append(_ bytes: ByteBuffer) {
        large = bytes
        count += bytes.readableBytes
    }

    /// Moves so many of the bytes into the output.
    mutating func take(
        _ wanted: Int, into output: inout ByteBuffer, _ slices: inout OutputSlices, buffers: inout SpareBuffers
    ) {
        precondition(wanted <= count, "more is taken than waits")
        count -= wanted
        var rest = wanted
        let fromSmall = min(rest, small.readableBytes)
        if fromSmall > 0 {
            small.withUnsafeReadableBytes { bytes in
                _ = output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<fromSmall]))
            }
            small.moveReaderIndex(forwardBy: fromSmall)
            if small.readableBytes == 0 { buffers.giveBack(&small) }
            rest -= fromSmall
        }
        if rest > 0, let part = large?.readSlice(length: rest) {
            slices.append(part, to: &output)
            if large?.readableBytes == 0 { large = nil }
        }
    }

    mutating func removeAll() {
        small = ByteBuffer()
        large = nil
        count = 0
    }
}
