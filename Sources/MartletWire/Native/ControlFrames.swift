internal import MartletCore
internal import NIOCore

/// The data of a Cancel frame.
struct Cancel: Equatable {
    /// CANCELLED or DEADLINE_EXCEEDED.
    var code: StatusCode

    init(code: StatusCode) {
        self.code = code
    }

    init(_ reader: inout FieldReader) throws(MalformedMessage) {
        code = .cancelled
        while let tag = try reader.nextTag() {
            switch tag {
            case .varint(1):
                let number = Int32(truncatingIfNeeded: try reader.varint())
                code = number == StatusCode.deadlineExceeded.rawValue ? .deadlineExceeded : .cancelled
            default: try reader.skip(tag)
            }
        }
    }

    var fields: FieldWriter {
        var fields = FieldWriter()
        fields.integer(1, code.rawValue)
        return fields
    }
}

/// The data of a Window frame: credit in bytes.
func readWindow(_ reader: inout FieldReader) throws(MalformedMessage) -> Int {
    var bytes: UInt64 = 0
    while let tag = try reader.nextTag() {
        if tag == .varint(1) { bytes = try reader.varint() } else { try reader.skip(tag) }
    }
    return Int(UInt32(truncatingIfNeeded: bytes))
}

/// The data of a Ping frame: what the answer repeats.
func readPing(_ reader: inout FieldReader) throws(MalformedMessage) -> UInt64 {
    var opaque: UInt64 = 0
    while let tag = try reader.nextTag() {
        if tag == .fixed64(1) { opaque = try reader.fixed64() } else { try reader.skip(tag) }
    }
    return opaque
}

/// The data of a Metadata frame.
func readMetadata(_ reader: inout FieldReader, limit: Int) throws(MalformedMessage) -> MetadataFields {
    var metadata = MetadataFields(limit: limit)
    while let tag = try reader.nextTag() {
        if tag == .bytes(1) { try metadata.read(&reader) } else { try reader.skip(tag) }
    }
    return metadata
}

extension ByteBuffer {
    mutating func writeWindow(stream: UInt32, _ bytes: Int) {
        let length = 1 + FrameWriter.varintSize(UInt64(bytes))
        writeFrame(FrameHeader(length: length, stream: stream, type: .window, flags: [])) {
            $0.integer(1, UInt64(bytes))
        }
    }

    mutating func writePing(_ opaque: UInt64, flags: FrameFlags) {
        writeFrame(FrameHeader(length: 9, stream: 0, type: .ping, flags: flags)) { $0.fixed64(1, opaque) }
    }
}

/// The data of a GoAway frame.
struct GoAway: Equatable {
    /// The last stream whose request may have run; 0 if none.
    var lastStream: UInt32
    /// OK: nothing is wrong, the side drains. Otherwise it closes at once.
    var code: StatusCode
    var text: String

    init(lastStream: UInt32, code: StatusCode, text: String) {
        self.lastStream = lastStream
        self.code = code
        self.text = text
    }

    init(_ reader: inout FieldReader) throws(MalformedMessage) {
        self.init(lastStream: 0, code: .ok, text: "")
        while let tag = try reader.nextTag() {
            switch tag {
            case .varint(1): lastStream = UInt32(truncatingIfNeeded: try reader.varint())
            case .varint(2): code = StatusCode(wire: Int32(truncatingIfNeeded: try reader.varint()))
            case .bytes(3): text = try reader.string()
            default: try reader.skip(tag)
            }
        }
    }

    var fields: FieldWriter {
        var fields = FieldWriter()
        fields.integer(1, UInt64(lastStream))
        fields.integer(2, code.rawValue)
        fields.string(3, text)
        return fields
    }
}

extension ByteBuffer {
    /// Reads all the readable bytes as one message.
    func readFields<Value>(
        _ read: (inout FieldReader) throws(MalformedMessage) -> Value
    ) throws(MalformedMessage) -> Value {
        try withUnsafeReadableBytes { (bytes) throws(MalformedMessage) in
            var reader = FieldReader(bytes)
            return try read(&reader)
        }
    }
}
