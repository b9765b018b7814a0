internal import CProtobufC

/// The extensions that have come in one object.
struct JSONExtensions {
    fileprivate var names: Set<String> = []
    /// Their binary form.
    fileprivate(set) var fields = UnknownFields()
}

extension JSONReader {
    /// The extension that a name in brackets stands for, if the registry knows it as one of the record's message.
    func knownExtension(_ name: ByteSpan, of record: UnsafeMutableRawPointer) -> (any GeneratedExtension)? {
        let bytes = name.bytes
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return nil }
        let name = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
        guard let field = options.registry.extensionField(named: name),
            field.extendee.messageName == MessageTable(record: record).name
        else { return nil }
        return field
    }

    mutating func readExtension(
        _ field: any GeneratedExtension, _ extensions: inout JSONExtensions, at place: UnsafePointer<UInt8>
    ) throws(JSONDecodingError) {
        let table = field.table.json
        guard extensions.names.insert(field.fullName).inserted else {
            throw scanner.error(.duplicate, "the field comes twice", at: place).inside(field: table.fields[0])
        }
        let record = try makeRecord(field.table)
        try readField(table.fields[0], into: record)
        do throws(DecodingError) {
            try field.add(RecordReader(record, in: arena), to: &extensions.fields)
        } catch {
            throw scanner.error(.wrongValue, "\(error)", at: place)
        }
    }

    /// One unknown field carries all bytes behind its tag, which is how records hold them.
    func store(_ fields: UnknownFields, in record: UnsafeMutableRawPointer) throws(JSONDecodingError) {
        typealias Field = ProtobufCMessageUnknownField
        let count = fields.bytes.count
        let bytes = try scanner.allocate(count).assumingMemoryBound(to: UInt8.self)
        fields.bytes.withUnsafeBufferPointer { bytes.initialize(from: $0.baseAddress!, count: count) }
        let field = try scanner.allocate(MemoryLayout<Field>.size).assumingMemoryBound(to: Field.self)
        var reader = WireReader(UnsafeRawBufferPointer(start: bytes, count: count))
        guard let tag = try? reader.tag() else { preconditionFailure("unknown fields hold whole fields only") }
        let tagSize = reader.position - UnsafeRawPointer(bytes)
        field.initialize(
            to: Field(
                tag: tag.number, wire_type: ProtobufCWireType(rawValue: UInt32(tag.form.rawValue)),
                len: count - tagSize,
                data: bytes + tagSize))
        let message = record.assumingMemoryBound(to: ProtobufCMessage.self)
        message.pointee.n_unknown_fields = 1
        message.pointee.unknown_fields = field
    }
}
