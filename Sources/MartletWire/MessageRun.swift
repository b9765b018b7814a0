internal import MartletCore
internal import NIOCore

/// Messages of one stream, in order: one by itself, or small ones that came right behind one another, which are handed
/// on in one piece, with what stands before each: the header of a Data frame, or gRPC's prefix.
///
/// Reading goes by a pointer, which spares two checks of the buffer for each message. It is into the storage of `buffer`,
/// which stays in place and unchanged as long as anybody refers to it.
package struct MessageRun {
    private let buffer: ByteBuffer
    private let memory: UnsafeRawBufferPointer
    /// Bytes in front of each message.
    private let headerSize: Int
    private let compression: Compression?
    /// Bytes that were taken.
    private var position = 0
    /// Messages that are left.
    package private(set) var count: Int

    package init() { self.init(ByteBuffer(), headerSize: 0, compression: nil, count: 0) }

    package init(_ message: WireMessage) {
        self.init(message.bytes, headerSize: 0, compression: message.compression, count: 1)
    }

    /// - Parameter messages: So many whole messages that aren't compressed, each behind gRPC's prefix.
    init(prefixed messages: ByteBuffer, count: Int) {
        self.init(messages, headerSize: GRPCPrefix.byteCount, compression: nil, count: count)
    }

    /// - Parameter frames: So many whole Data frames without flags.
    init(frames: ByteBuffer, count: Int) {
        self.init(frames, headerSize: FrameHeader.byteCount, compression: nil, count: count)
    }

    private init(_ buffer: ByteBuffer, headerSize: Int, compression: Compression?, count: Int) {
        self.buffer = buffer
        memory = buffer.withUnsafeReadableBytes { $0 }
        self.headerSize = headerSize
        self.compression = compression
        self.count = count
    }

    /// Bytes of the messages that are left.
    package var messageBytes: Int { memory.count - position - count * headerSize }

    package mutating func popFirst() -> WireMessage? {
        guard count > 0 else { return nil }
        let (start, size) = takeFirst()
        return buffer.getSlice(at: buffer.readerIndex + start, length: size)
            .map { WireMessage(bytes: $0, compression: compression) }
    }

    /// Takes the first message and returns its bytes, which stay valid as long as this run, or a copy of it, is kept. Nil:
    /// there is none, or it is compressed.
    package mutating func lendFirst() -> UnsafeRawBufferPointer? {
        guard count > 0, compression == nil else { return nil }
        let (start, size) = takeFirst()
        return UnsafeRawBufferPointer(rebasing: memory[start..<start + size])
    }

    /// Of a message's length in what stands before it.
    private var lengthOffset: Int { headerSize == GRPCPrefix.byteCount ? 1 : 0 }

    private mutating func takeFirst() -> (start: Int, size: Int) {
        let size =
            headerSize == 0
            ? memory.count
            : Int(UInt32(bigEndian: memory.loadUnaligned(fromByteOffset: position + lengthOffset, as: UInt32.self)))
        let start = position + headerSize
        position = start + size
        count -= 1
        return (start, size)
    }

    /// Moves to memory of its own, if the buffer that it holds on to is larger than that. For a run of which nothing was
    /// taken.
    package mutating func copy(ifOver most: Int) {
        guard buffer.storageCapacity > most else { return }
        self = MessageRun(
            ByteBuffer(bytes: buffer.readableBytesView), headerSize: headerSize, compression: compression,
            count: count)
    }
}

extension ByteBuffer {
    /// Takes the frames at the front that are plain messages of one stream.
    ///
    /// - Parameters:
    ///   - room: The credit that they may use, which is reduced by it.
    ///   - most: The largest of them, in bytes.
    /// - Returns: Nil if there are less than two, which then stay.
    mutating func readRun(of stream: UInt32, room: inout Int, most: Int) -> MessageRun? {
        var left = room
        let (size, count) = withUnsafeReadableBytes { bytes in
            var position = 0
            var count = 0
            while bytes.count - position >= FrameHeader.byteCount {
                let lengthAndStream = UInt64(
                    bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let length = Int(lengthAndStream >> 32)
                let end = position + FrameHeader.byteCount + length
                let cost = length + messageCost
                guard UInt32(truncatingIfNeeded: lengthAndStream) == stream,
                    bytes[position + 8] == FrameType.data.rawValue, bytes[position + 9] == 0,
                    length <= most, cost <= left, end <= bytes.count
                else { break }
                left -= cost
                count += 1
                position = end
            }
            return (position, count)
        }
        guard count > 1, let frames = readSlice(length: size) else { return nil }
        room = left
        return MessageRun(frames: frames, count: count)
    }
}
