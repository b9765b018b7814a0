internal import MartletCompression
internal import MartletCore
internal import MartletWire
internal import NIOCore

/// A message as it goes to the peer, encoded on the thread of its writer.
struct EncodedMessage: Sendable {
    let bytes: ByteBuffer
    let isCompressed: Bool

    /// - Parameters:
    ///   - compression: What makes it smaller, if that is wanted and the peer can undo it.
    ///   - always: Whether it is compressed even where that makes it larger.
    ///   - blocks: Memory for it.
    init<Element: Message>(
        _ message: Element, compression: Compression?, always: Bool, _ blocks: SpareBlocks
    ) throws(RPCError) {
        do throws(EncodingError) {
            self = try message.withSerialized { size, write in
                EncodedMessage(blocks.bytes(size: size, write), compression: compression, always: always)
            }
        } catch {
            throw RPCError(encoding: error)
        }
    }

    init(_ bytes: ByteBuffer, compression: Compression?, always: Bool) {
        if let compression {
            let compressed = bytes.withUnsafeReadableBytes { compression.compress($0) }
            if always || compressed.count < bytes.readableBytes {
                self.bytes = ByteBuffer(bytes: compressed)
                isCompressed = true
                return
            }
        }
        self.bytes = bytes
        isCompressed = false
    }

    var size: Int { bytes.readableBytes }

    /// What it counts while it waits, in bytes.
    var cost: Int { size + 64 }
}

extension ByteBuffer {
    /// Puts the readable bytes where it is told.
    func write(to target: UnsafeMutableRawPointer) {
        withUnsafeReadableBytes { bytes in
            if let start = bytes.baseAddress { target.copyMemory(from: start, byteCount: bytes.count) }
        }
    }
}

/// What a handler has written and the wire has no room for yet, in order.
enum PendingOutput {
    case message(EncodedMessage)
    /// The only response, which ends the call.
    case response(EncodedMessage)
    /// The end of the responses.
    case end
}

extension IncomingMessage {
    /// Undoes the peer's compression.
    ///
    /// - Parameter limit: The most bytes that may come out.
    /// - Throws: RESOURCE_EXHAUSTED over the limit, INTERNAL for what can't be inflated.
    init(_ message: WireMessage, limit: Int) throws(RPCError) {
        guard let compression = message.compression else {
            // The wire's own limit is the channel's; a method may have a smaller one.
            guard message.bytes.readableBytes <= limit else {
                throw RPCError(
                    .resourceExhausted,
                    "the message has \(message.bytes.readableBytes) bytes, and the limit is \(limit)")
            }
            self.init(bytes: MessageBytes(message.bytes), wasCompressed: false)
            return
        }
        let inflated: [UInt8]
        do throws(DecompressionError) {
            inflated = try message.bytes.withUnsafeReadableBytes { (bytes) throws(DecompressionError) in
                try compression.decompress(bytes, limit: limit)
            }
        } catch .overLimit {
            throw RPCError(
                .resourceExhausted,
                "the message is larger than the limit of \(limit) bytes once it is decompressed")
        } catch {
            throw RPCError(.internalError, "\(error)")
        }
        self.init(bytes: MessageBytes(ByteBuffer(bytes: inflated)), wasCompressed: true)
    }
}
