internal import MartletCore
internal import NIOCore

/// Cuts one direction of a stream into messages, each behind a byte that says whether it is compressed and four of its
/// length, wherever HTTP/2 has cut it.
struct GRPCDeframer {
    enum Step {
        /// A slice of the chunk if it is all there, else memory of its own.
        case message(WireMessage)
        /// The chunk is used up.
        case needsMore
        /// The stream is of no use any more: what still comes of it is dropped.
        case failed(RPCError)
    }

    private let maxMessageBytes: Int
    /// What messages are compressed with that say they are; nil: none may be.
    var compression: Compression?
    /// Said of them, and not known here.
    private var unknownEncoding: String?
    /// The first bytes of a prefix that came in parts, and their number; all five mark a message that has begun.
    private var prefix: UInt64 = 0
    private var prefixCount = 0
    /// Bytes that the message still lacks.
    private var lacking = 0
    private var isCompressed = false
    /// What came of a message in parts.
    private var partial: ByteBuffer?
    private var hasFailed = false

    init(maxMessageBytes: Int, compression: Compression? = nil) {
        self.maxMessageBytes = maxMessageBytes
        self.compression = compression
    }

    /// Takes a `grpc-encoding`, which says what messages are compressed with that say they are; nil: it is left out.
    mutating func setEncoding(_ encoding: String?) {
        guard let encoding, encoding != "identity" else { return }
        compression = Compression(rawValue: encoding)
        unknownEncoding = encoding
    }

    /// Whether more must come before the stream may end well.
    var isInsideMessage: Bool { prefixCount > 0 }

    /// Bytes that have come of a message that isn't complete, with its prefix.
    var partialBytes: Int { prefixCount + (partial?.readableBytes ?? 0) }

    /// The size of a message that isn't complete, with its prefix; 0 as long as that isn't known.
    var messageBytes: Int { prefixCount == GRPCPrefix.byteCount ? partialBytes + lacking : 0 }

    /// Takes the next message. To be called again until the chunk is used up.
    ///
    /// - Parameter blocks: Memory for messages that come in parts; it grows with what has come, not with what a message
    ///   says of its length.
    mutating func next(_ chunk: inout ByteBuffer, blocks: SpareBlocks) -> Step {
        if hasFailed {
            chunk.moveReaderIndex(to: chunk.writerIndex)
            return .needsMore
        }
        if prefixCount < GRPCPrefix.byteCount {
            guard readPrefix(&chunk) else { return .needsMore }
            if let problem {
                hasFailed = true
                prefixCount = 0
                chunk.moveReaderIndex(to: chunk.writerIndex)
                return .failed(problem)
            }
        }
        if partial == nil, let bytes = chunk.readSlice(length: lacking) { return .message(end(bytes)) }
        guard var part = chunk.readSlice(length: min(lacking, chunk.readableBytes)), part.readableBytes > 0 else {
            return .needsMore
        }
        lacking -= part.readableBytes
        var bytes = partial.take() ?? blocks.take(part: part.readableBytes)
        bytes.writeBuffer(&part)
        if lacking == 0 { return .message(end(blocks.keep(bytesOf: bytes))) }
        partial = bytes
        return .needsMore
    }

    /// Takes the plain messages at the front of the chunk that are all there. Nil: there are less than two, and ``next(_:blocks:)``
    /// has to be asked.
    mutating func nextRun(_ chunk: inout ByteBuffer) -> MessageRun? {
        guard prefixCount == 0, !hasFailed else { return nil }
        let (size, count) = chunk.withUnsafeReadableBytes { bytes in
            var position = 0
            var count = 0
            while bytes.count - position >= GRPCPrefix.byteCount, bytes[position] == 0 {
                let length = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 1, as: UInt32.self))
                let end = position + GRPCPrefix.byteCount + Int(length)
                guard length <= maxMessageBytes, end <= bytes.count else { break }
                position = end
                count += 1
            }
            return (position, count)
        }
        guard count > 1, let messages = chunk.readSlice(length: size) else { return nil }
        return MessageRun(prefixed: messages, count: count)
    }

    private mutating func end(_ bytes: ByteBuffer) -> WireMessage {
        prefixCount = 0
        return WireMessage(bytes: bytes, compression: isCompressed ? compression : nil)
    }

    /// False: it isn't complete.
    private mutating func readPrefix(_ chunk: inout ByteBuffer) -> Bool {
        if prefixCount == 0, let (flags, length) = chunk.readMultipleIntegers(as: (UInt8, UInt32).self) {
            prefix = UInt64(flags) << 32 | UInt64(length)
        } else {
            if prefixCount == 0 { prefix = 0 }
            while prefixCount < GRPCPrefix.byteCount {
                guard let byte: UInt8 = chunk.readInteger() else { return false }
                prefix = prefix << 8 | UInt64(byte)
                prefixCount += 1
            }
        }
        prefixCount = GRPCPrefix.byteCount
        lacking = Int(prefix & 0xFFFF_FFFF)
        isCompressed = prefix >> 32 == 1
        return true
    }

    /// What is wrong with a prefix that is complete.
    private var problem: RPCError? {
        let flags = prefix >> 32
        if flags > 1 {
            return RPCError(
                .internalError, "a message begins with \(flags), which is neither 0 (plain) nor 1 (compressed)")
        }
        if flags == 1, compression == nil {
            let reason = unknownEncoding.map { "with \($0), which isn't known here" } ?? "though nothing says with what"
            return RPCError(.internalError, "a message is compressed, \(reason)")
        }
        if lacking > maxMessageBytes { return .messageTooLarge(lacking, limit: maxMessageBytes) }
        return nil
    }
}
