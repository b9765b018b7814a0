extension GeneratedMessage {
    /// The value of an extension: nil or empty where it isn't set, and where its bytes are no value of its type, which
    /// ``extensionValue(_:limits:)`` tells apart. Setting nil or an empty array removes it.
    public subscript<Value>(_ field: MessageExtension<Self, Value>) -> Value {
        get { (try? extensionValue(field)) ?? field.absent }
        set {
            let arena = Arena.take()
            defer { arena.giveBack() }
            let record = RecordWriter(field.table, in: arena)
            // The record borrows from the value.
            withExtendedLifetime(newValue) {
                field.remove(from: &unknownFields)
                if field.write(newValue, record) { field.append(record, to: &unknownFields) }
            }
        }
    }

    /// The value of a singular extension, or what the schema says that an absent one means.
    public subscript<Wrapped>(defaulting field: MessageExtension<Self, Wrapped?>) -> Wrapped {
        get { self[field] ?? field.defaultValue.unsafelyUnwrapped }
        set { self[field] = newValue }
    }

    /// Whether the extension is set, to a value of its type.
    public func hasExtension<Value>(_ field: MessageExtension<Self, Value>) -> Bool {
        let arena = Arena.take()
        defer { arena.giveBack() }
        return (try? field.record(of: unknownFields, in: arena, limits: .default)) != nil
    }

    /// The value of an extension. Throws where its bytes are no value of its type.
    public func extensionValue<Value>(
        _ field: MessageExtension<Self, Value>, limits: DecodingLimits = .default
    ) throws(DecodingError) -> Value {
        let arena = Arena.take()
        defer { arena.giveBack() }
        guard let record = try field.record(of: unknownFields, in: arena, limits: limits) else { return field.absent }
        return try arena.read(record, limits, as: Self.messageName, field.read)
    }
}

extension GeneratedExtension {
    /// The record of the extension's own message, in an empty arena; nil where `fields` don't hold it.
    func record(
        of fields: UnknownFields, in arena: Arena, limits: DecodingLimits
    ) throws(DecodingError) -> RecordReader? {
        let bytes = extendee.table.form == .messageSet ? fields.items(number) : fields.fields(number)
        if bytes.isEmpty { return nil }
        let record: RecordReader
        do throws(DecodingError) {
            record = try bytes.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
                try arena.parse(UnsafeRawBufferPointer(bytes), as: table, limits: limits, message: extendee.messageName)
            }
        } catch {
            // An offset within bytes that were gathered would tell nobody anything.
            throw DecodingError(error.reason, message: error.message, field: error.field)
        }
        return record.load(at: field.hasOffset == 0 ? field.offset : field.hasOffset) as Int32 == 0 ? nil : record
    }

    func remove(from fields: inout UnknownFields) {
        if extendee.table.form == .messageSet { fields.removeItems(number) } else { fields.removeFields(number) }
    }

    /// Adds what a record of the extension's own message holds.
    func append(_ record: RecordWriter, to fields: inout UnknownFields) {
        let presence = field.presence
        if case .group = field.kind {
            if presence == .repeated {
                record.appendGroups(number: number, at: field.offset)
            } else {
                record.appendGroup(number: number, at: field.offset)
            }
        }
        let bytes = record.packed()
        if extendee.table.form == .messageSet {
            fields.appendItem(number, field: bytes)
        } else {
            fields.bytes += bytes
        }
    }
}

extension UnknownFields {
    /// The fields of that number, one after another.
    fileprivate func fields(_ number: UInt32) -> [UInt8] {
        var found: [UInt8] = []
        forEachField { if $0.number == number { found += $1 } }
        return found
    }

    fileprivate mutating func removeFields(_ number: UInt32) {
        var others: [UInt8] = []
        forEachField { if $0.number != number { others += $1 } }
        bytes = others
    }

    /// Hands over each field's tag and all its bytes.
    func forEachField(_ body: (WireTag, UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var reader = WireReader(bytes)
            while !reader.isAtEnd {
                let start = reader.position
                guard let tag = try? reader.tag(), (try? reader.skipValue(of: tag)) != nil else {
                    preconditionFailure("unknown fields hold whole fields only")
                }
                body(tag, UnsafeRawBufferPointer(start: start, count: reader.position - start))
            }
        }
    }
}
