internal import CProtobufC

/// Fields of a message that its schema doesn't name: a newer version's fields, or extensions.
public struct UnknownFields: Sendable, Hashable {
    /// Tags and values in protobuf's binary form, in the order they came.
    public internal(set) var bytes: [UInt8]

    @inlinable
    public init() { self.init(bytes: []) }

    @usableFromInline
    init(bytes: [UInt8]) { self.bytes = bytes }

    @inlinable
    public var isEmpty: Bool { bytes.isEmpty }
}

extension RecordReader {
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
                throw DecodingError(.malformed, message: MessageTable(record: base).name)
            }
            bytes.appendVarint(field.tag << 3 | field.wire_type.rawValue)
            bytes.append(contentsOf: UnsafeBufferPointer(start: field.data, count: field.len))
        }
        return UnknownFields(bytes: bytes)
    }
}

extension RecordWriter {
    @inlinable @inline(__always)
    public func setUnknownFields(_ fields: UnknownFields) {
        if !fields.isEmpty { storeUnknownFields(fields) }
    }

    /// One unknown field carries all bytes: libprotobuf-c writes its tag, and what follows as it is.
    @usableFromInline @inline(never)
    func storeUnknownFields(_ fields: UnknownFields) {
        let (tag, tagSize) = fields.bytes.firstVarint
        let field = arena.allocate(MemoryLayout<ProtobufCMessageUnknownField>.size)
            .assumingMemoryBound(to: ProtobufCMessageUnknownField.self)
        fields.bytes.withUnsafeBufferPointer { bytes in
            field.initialize(
                to: ProtobufCMessageUnknownField(
                    tag: tag >> 3, wire_type: ProtobufCWireType(rawValue: tag & 7), len: bytes.count - tagSize,
                    data: UnsafeMutablePointer(mutating: bytes.baseAddress! + tagSize)))
        }
        store(1 as UInt32, at: 8)
        store(field, at: 16)
        arena.ensure(room)
    }
}

extension [UInt8] {
    fileprivate mutating func appendVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// The varint at the start, which must be well-formed, and its size.
    fileprivate var firstVarint: (value: UInt32, size: Int) {
        var value: UInt32 = 0
        for (index, byte) in enumerated() {
            value |= UInt32(byte & 0x7F) << (7 * UInt32(index))
            if byte < 0x80 { return (value, index + 1) }
        }
        preconditionFailure("unknown fields hold whole fields only")
    }
}
