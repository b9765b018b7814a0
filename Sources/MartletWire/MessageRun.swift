internal import NIOCore

/// Messages of one stream, in order: one by itself, or small ones that came right behind one another, which are handed
/// on in one piece, as the Data frames that they came in.
package struct MessageRun {
    /// Bytes in front of each message.
    private let headerSize: Int
    private let isCompressed: Bool
    private var bytes: ByteBuffer
    /// Messages that are left.
    package private(set) var count: Int

    package init() {
        headerSize = 0
        isCompressed = false
        bytes = ByteBuffer()
        count = 0
    }

    package init(_ message: WireMessage) {
        headerSize = 0
        isCompressed = message.isCompressed
        bytes = message.bytes
        count = 1
    }

    /// - Parameter frames: So many whole Data frames without flags.
    init(frames: ByteBuffer, count: Int) {
        headerSize = FrameHeader.byteCount
        isCompressed = false
        bytes = frames
        self.count = count
    }

    /// Bytes of the messages that are left.
    package var messageBytes: Int { bytes.readableBytes - count * headerSize }

    package mutating func popFirst() -> WireMessage? {
        guard count > 0 else { return nil }
        let size = bytes.withUnsafeReadableBytes { self.size(ofFirst: $0) }
        bytes.moveReaderIndex(forwardBy: headerSize)
        count -= 1
        return bytes.readSlice(length: size).map { WireMessage(bytes: $0, isCompressed: isCompressed) }
    }

    /// Lends the bytes of the first message to `body`, and drops it. The result is their number; nil: there is none,
    /// or it is compressed.
    package mutating func lendFirst(to body: (UnsafeRawBufferPointer) -> Void) -> Int? {
        guard count > 0, !isCompressed else { return nil }
        let size = bytes.withUnsafeReadableBytes { bytes in
            let size = self.size(ofFirst: bytes)
            body(UnsafeRawBufferPointer(rebasing: bytes[headerSize..<headerSize + size]))
            return size
        }
        bytes.moveReaderIndex(forwardBy: headerSize + size)
        count -= 1
        return size
    }

    private func size(ofFirst bytes: UnsafeRawBufferPointer) -> Int {
        headerSize == 0 ? bytes.count : Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
    }

    /// Moves to memory of its own, if the buffer that it holds on to is larger than that.
    package mutating func copy(ifOver most: Int) {
        if bytes.storageCapacity > most { bytes = ByteBuffer(bytes: bytes.readableBytesView) }
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
