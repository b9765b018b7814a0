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
