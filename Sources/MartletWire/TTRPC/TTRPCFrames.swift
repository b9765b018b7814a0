internal import MartletCore
internal import NIOCore

/// The numbers of plain ttrpc.
enum TTRPC {
    /// Data bytes of one frame, and so of one message with its envelope.
    static let maxFrameBytes = 4 << 20

    /// Bytes in the output beyond which the messages of streams wait in the machine.
    static let maxOutputBytes = 256 << 10

    /// Of errors, whose metadata ttrpc doesn't carry.
    static let limits = WireLimits(maxFrameBytes: maxFrameBytes)

    static func checkFrame(_ what: String, size: Int) throws(RPCError) {
        guard size <= maxFrameBytes else {
            throw RPCError(
                .resourceExhausted, "the \(what) takes a frame of \(size) bytes, over ttrpc's limit of \(maxFrameBytes)"
            )
        }
    }
}

/// Takes frames off the input, and drops the data of those over ttrpc's limit as it arrives.
struct TTRPCInput {
    enum Frame {
        case whole(FrameHeader, ByteBuffer)
        /// Known from its header.
        case tooLarge(FrameHeader)
    }

    private(set) var bytesNeeded = FrameHeader.byteCount
    /// Of a frame that is too large: bytes that are still to be dropped.
    private var unwanted = 0

    mutating func next(_ input: inout ByteBuffer) -> Frame? {
        let dropped = min(unwanted, input.readableBytes)
        input.moveReaderIndex(forwardBy: dropped)
        unwanted -= dropped
        guard let header = FrameHeader(peekingAt: input) else {
            bytesNeeded = unwanted + FrameHeader.byteCount - input.readableBytes
            return nil
        }
        guard header.length <= TTRPC.maxFrameBytes else {
            input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            unwanted = header.length
            return .tooLarge(header)
        }
        guard let data = input.readFrameData(header) else {
            bytesNeeded = FrameHeader.byteCount + header.length - input.readableBytes
            return nil
        }
        return .whole(header, data)
    }
}

extension RPCError {
    static func frameTooLarge(_ header: FrameHeader) -> RPCError {
        RPCError(
            .resourceExhausted,
            "\(header.name): its \(header.length) bytes are over ttrpc's limit of \(TTRPC.maxFrameBytes) for one frame")
    }

    /// Of a message that came.
    static func messageTooLarge(_ size: Int, limit: Int) -> RPCError {
        RPCError(.resourceExhausted, "a message of \(size) bytes is over the limit of \(limit)")
    }
}
