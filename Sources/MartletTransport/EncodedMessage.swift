internal import MartletCompression
internal import MartletCore
internal import MartletWire
internal import NIOCore

/// A message as it goes to the peer, encoded on the thread of its writer.
struct EncodedMessage: Sendable {
    let bytes: [UInt8]
    let isCompressed: Bool

    /// - Parameters:
    ///   - compression: What makes it smaller, if that is wanted and the peer can undo it.
    ///   - always: Whether it is compressed even where that makes it larger.
    init<Element: Message>(
        _ message: Element, compression: Compression?, always: Bool
    ) throws(RPCError) {
        let bytes: [UInt8]
        do throws(EncodingError) { bytes = try message.serialized() } catch { throw RPCError(encoding: error) }
        self.init(bytes, compression: compression, always: always)
    }

    init(_ bytes: [UInt8], compression: Compression?, always: Bool) {
        if let compression {
            let compressed = bytes.withUnsafeBytes { compression.compress($0) }
            if always || compressed.count < bytes.count {
                self.bytes = compressed
                isCompressed = true
                return
            }
        }
        self.bytes = bytes
        isCompressed = false
    }

    /// What it counts while it waits, in bytes.
    var cost: Int { bytes.count + 64 }

    func write(to target: UnsafeMutableRawPointer) { bytes.write(to: target) }
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
    init(_ message: WireMessage, compression: Compression?, limit: Int) throws(RPCError) {
        guard message.isCompressed else {
            self.init(bytes: MessageBytes(message.bytes), wasCompressed: false)
            return
        }
        guard let compression else {
            throw RPCError(.internalError, "the message is compressed, though no compression was agreed on")
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
