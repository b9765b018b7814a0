internal import NIOCore

/// Collects the fields of a small protobuf message. Fields with their default value are left out.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ number: UInt32, _ value: UInt64) {
        guard value != 0 else { return }
        varint(UInt64(number << 3))
        varint(value)
    }

    /// Negative values take ten bytes, as protobuf's int32 and int64 do.
    mutating func integer(_ number: UInt32, _ value: Int32) {
        integer(number, UInt64(bitPattern: Int64(value)))
    }

    mutating func string(_ number: UInt32, _ value: String) {
        guard !value.isEmpty else { return }
        field(number, value.utf8)
    }

    /// Written even when it is empty: for repeated fields.
    mutating func field(_ number: UInt32, _ content: some Collection<UInt8>) {
        varint(UInt64(number << 3 | 2))
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func message(_ number: UInt32, _ write: (inout FieldWriter) -> Void) {
        var inner = FieldWriter()
        write(&inner)
        field(number, inner.bytes)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Writes one frame straight into the memory of an output buffer.
///
/// The pointer spares a growth check per field. Whoever makes one has reserved the frame's exact size, which
/// ``ByteBuffer/writeFrame(_:body:)`` checks after the fact.
struct FrameWriter {
    private(set) var position: UnsafeMutableRawPointer

    init(at position: UnsafeMutableRawPointer) {
        self.position = position
    }

    mutating func header(_ header: FrameHeader) {
        let lengthAndStream = UInt64(header.length) << 32 | UInt64(header.stream)
        let typeAndFlags = UInt16(header.type.rawValue) << 8 | UInt16(header.flags.rawValue)
        position.storeBytes(of: lengthAndStream.bigEndian, as: UInt64.self)
        position.storeBytes(of: typeAndFlags.bigEndian, toByteOffset: 8, as: UInt16.self)
        position += FrameHeader.byteCount
    }

    /// The key and length in front of a length-delimited field with a number up to 15.
    mutating func fieldHeader(_ number: UInt32, length: Int) {
        put(UInt8(number << 3 | 2))
        varint(UInt64(length))
    }

    mutating func integer(_ number: UInt32, _ value: UInt64) {
        put(UInt8(number << 3))
        varint(value)
    }

    mutating func string(_ number: UInt32, _ value: String, byteCount: Int) {
        fieldHeader(number, length: byteCount)
        var value = value
        value.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    mutating func bytes(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { self.bytes($0) }
    }

    mutating func fixed64(_ number: UInt32, _ value: UInt64) {
        put(UInt8(number << 3 | 1))
        position.storeBytes(of: value.littleEndian, as: UInt64.self)
        position += 8
    }

    /// Lets `write` put `count` bytes at the current position.
    mutating func payload(count: Int, _ write: (UnsafeMutableRawPointer) -> Void) {
        write(position)
        position += count
    }

    mutating func bytes(_ source: UnsafeRawBufferPointer) {
        guard let start = source.baseAddress else { return }
        position.copyMemory(from: start, byteCount: source.count)
        position += source.count
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func put(_ byte: UInt8) {
        position.storeBytes(of: byte, as: UInt8.self)
        position += 1
    }

    /// The size of a field with a number up to 15 and `length` bytes of content.
    static func fieldSize(length: Int) -> Int {
        1 + varintSize(UInt64(length)) + length
    }

    static func varintSize(_ value: UInt64) -> Int {
        (70 - (value | 1).leadingZeroBitCount) / 7
    }
}

extension ByteBuffer {
    /// Appends a frame whose `header.length` bytes of data `body` writes.
    mutating func writeFrame(_ header: FrameHeader, body: (inout FrameWriter) -> Void) {
        let size = FrameHeader.byteCount + header.length
        writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            // Not empty: a frame has at least its header.
            let start = memory.baseAddress!
            var writer = FrameWriter(at: start)
            writer.header(header)
            body(&writer)
            precondition(writer.position == start + size, "a frame's data differs from the length in its header")
            return size
        }
    }

    /// Appends the header of a frame whose data follow.
    mutating func writeHeader(_ header: FrameHeader) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.byteCount) { memory in
            // Not empty: it has room for the header.
            var writer = FrameWriter(at: memory.baseAddress!)
            writer.header(header)
            return FrameHeader.byteCount
        }
    }

    /// Appends a frame whose data is a message of its own.
    mutating func writeFrame(_ type: FrameType, stream: UInt32, _ message: FieldWriter) {
        let header = FrameHeader(length: message.bytes.count, stream: stream, type: type, flags: [])
        writeFrame(header) { $0.bytes(message.bytes) }
    }
}
