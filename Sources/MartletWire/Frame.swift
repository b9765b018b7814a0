internal import NIOCore

/// The ten bytes, big-endian, in front of every frame's data.
struct FrameHeader: Hashable {
    static let byteCount = 10

    /// Bytes of data after the header.
    var length: Int
    var stream: UInt32
    var type: FrameType
    var flags: FrameFlags
}

extension FrameHeader {
    /// Reads the header at the front of a buffer and leaves it there; nil while it is incomplete.
    init?(peekingAt buffer: borrowing ByteBuffer) {
        guard buffer.readableBytes >= Self.byteCount else { return nil }
        self = buffer.withUnsafeReadableBytes { bytes in
            let lengthAndStream = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
            return FrameHeader(
                length: Int(lengthAndStream >> 32), stream: UInt32(truncatingIfNeeded: lengthAndStream),
                type: FrameType(rawValue: bytes[8]), flags: FrameFlags(rawValue: bytes[9]))
        }
    }
}

extension ByteBuffer {
    /// Takes the frame whose header is at the front and returns its data, a slice; nil while it is incomplete.
    mutating func readFrameData(_ header: FrameHeader) -> ByteBuffer? {
        guard readableBytes >= FrameHeader.byteCount + header.length else { return nil }
        moveReaderIndex(forwardBy: FrameHeader.byteCount)
        return readSlice(length: header.length)
    }
}

struct FrameType: RawRepresentable, Hashable {
    var rawValue: UInt8

    // ttrpc's.
    static let request = FrameType(rawValue: 0x01)
    static let response = FrameType(rawValue: 0x02)
    static let data = FrameType(rawValue: 0x03)

    // Martlet's.
    static let hello = FrameType(rawValue: 0x10)
    static let metadata = FrameType(rawValue: 0x11)
    static let cancel = FrameType(rawValue: 0x12)
    static let window = FrameType(rawValue: 0x13)
    static let ping = FrameType(rawValue: 0x14)
    static let goAway = FrameType(rawValue: 0x15)
}

struct FrameFlags: OptionSet, Hashable {
    var rawValue: UInt8

    // ttrpc's.
    static let remoteClosed = FrameFlags(rawValue: 0x01)
    static let remoteOpen = FrameFlags(rawValue: 0x02)
    static let noData = FrameFlags(rawValue: 0x04)
    static let streaming: FrameFlags = [.remoteClosed, .remoteOpen, .noData]

    // Martlet's.
    /// Of Data: the message goes on in the stream's next Data.
    static let more = FrameFlags(rawValue: 0x08)
    /// Of Request, Response and the first Data of a message.
    static let compressed = FrameFlags(rawValue: 0x10)
    /// Of Ping: this one is the answer.
    static let acknowledgement = FrameFlags(rawValue: 0x01)
}
