internal import CProtobufC

/// Fields of a message that its schema doesn't name: a newer version's fields, or extensions.
public struct UnknownFields: Sendable, Hashable {
    /// Tags and values in protobuf's binary form, in the order they came.
    public internal(set) var bytes: [UInt8]

    /// No fields.
    @inlinable
    public init() { self.init(bytes: []) }

    @usableFromInline
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Whether there are no fields.
    @inlinable
    public var isEmpty: Bool { bytes.isEmpty }
}

extension RecordReader {
    /// The fields that the record's table doesn't name, as they came.
    @inlinable @inline(__always)
    public func unknownFields() throws(DecodingError) -> UnknownFields {
        load(at: 8) as UInt32 == 0 ? UnknownFields() : try someUnknownFields()
    }

    @usableFromInline @inline(never)
    func someUnknownFields() throws(DecodingError) -> UnknownFields {
        let message = base.load(as: ProtobufCMessage.self)
        let fields = UnsafeBufferPointer(start: message.unknown_fields, count: Int(message.n_unknown_fields))
        var bytes: [UInt8] = []
        for field in fields {
            // libprotobuf-c accepts field numbers that protobuf forbids.
            guard 1...MessageTable.largestFieldNumber ~= field.tag else {
                throw DecodingError(.malformed(.fieldNumber), message: MessageTable(record: base).name)
            }
            bytes.appendVarint(field.tag << 3 | field.wire_type.rawValue)
            bytes.append(contentsOf: UnsafeBufferPointer(start: field.data, count: field.len))
        }
        return UnknownFields(bytes: bytes)
    }
}

extension RecordWriter {
    /// Adds fields to be written after those that the table names. They must live as long as the record.
    @inlinable @inline(__always)
    public func setUnknownFields(_ fields: UnknownFields) {
        if !fields.isEmpty { storeUnknownFields(fields) }
    }

    @usableFromInline @inline(never)
    func storeUnknownFields(_ fields: UnknownFields) {
        fields.bytes.withUnsafeBytes { appendUnknown(bytes: $0) }
    }

    /// Whole fields, to be written after the known ones. One unknown field carries all of them: libprotobuf-c writes
    /// its tag, and what follows as it is.
    func appendUnknown(bytes: UnsafeRawBufferPointer) {
        typealias Field = ProtobufCMessageUnknownField
        let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
        let (tag, tagSize) = bytes.firstVarint
        let count = Int(message.pointee.n_unknown_fields)
        let fields = arena.allocate((count + 1) * MemoryLayout<Field>.size).assumingMemoryBound(to: Field.self)
        if count > 0 { fields.initialize(from: message.pointee.unknown_fields, count: count) }
        let data = UnsafeMutableRawPointer(mutating: bytes.baseAddress.unsafelyUnwrapped + tagSize)
        (fields + count).initialize(
            to: Field(
                tag: tag >> 3, wire_type: ProtobufCWireType(rawValue: tag & 7), len: bytes.count - tagSize,
                data: data.assumingMemoryBound(to: UInt8.self)))
        message.pointee.n_unknown_fields += 1
        message.pointee.unknown_fields = fields
        arena.ensure(room)
    }
}

extension [UInt8] {
    mutating func appendVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

extension UnsafeRawBufferPointer {
    /// The varint at the start, which must be well-formed, and its size.
    fileprivate var firstVarint: (value: UInt32, size: Int) {
        var value: UInt32 = 0
        for (index, byte) in prefix(5).enumerated() {
            value |= UInt32(byte & 0x7F) << (7 * UInt32(index))
            if byte < 0x80 { return (value, index + 1) }
        }
        preconditionFailure("unknown fields hold whole fields only")
    }
}
