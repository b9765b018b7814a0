extension JSONReader {
    /// A `google.protobuf.Any`. Its `@type` may be any member, so that the object is looked through for it first.
    mutating func readAny(
        into record: UnsafeMutableRawPointer, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONDecodingError) {
        let start = scanner.position
        guard let url = try typeURL() else { return }
        let text = String(decoding: url.bytes, as: UTF8.self)
        guard let type = options.registry.messageType(forTypeURL: text) else {
            let problem =
                TypeURL.messageName(of: text) == nil
                ? "\"\(text)\" names no type: expected a URL such as \(TypeURL.standardPrefix)users.v1.User"
                : "the type \"\(text)\" isn't in the options' registry: add it to JSONDecodingOptions.registry"
            throw scanner.error(.unknownType, problem, at: start)
        }
        scanner.position = start
        let bytes = try readPacked(type)
        record.storeBytes(of: url, toByteOffset: fields[0].offset, as: ByteSpan.self)
        record.storeBytes(of: bytes, toByteOffset: fields[1].offset, as: ByteSpan.self)
        fields[0].mark(in: record)
        fields[1].mark(in: record)
    }

    /// The value of the object's `@type`; nil for an empty object, which it takes.
    private mutating func typeURL() throws(JSONDecodingError) -> ByteSpan? {
        let start = scanner.position
        try scanner.openObject()
        if scanner.take(UInt8(ascii: "}")) { return nil }
        repeat {
            if try scanner.name().isText("@type") { return try scanner.string() }
            try scanner.skipValue()
        } while try scanner.takesSeparator(orEnd: UInt8(ascii: "}"))
        throw scanner.error(
            .wrongValue, "a google.protobuf.Any needs a member \"@type\" that names its type", at: start)
    }

    /// Reads the object as the packed message, and returns that in binary form.
    private mutating func readPacked<M: GeneratedMessage>(_ type: M.Type) throws(JSONDecodingError) -> ByteSpan {
        let place = scanner.position
        let json = M.table.json
        let record: UnsafeMutableRawPointer
        if json.wellKnown == nil {
            try scanner.descend()
            record = try makeRecord(M.table)
            try readObject(json, into: record, isPacked: true)
            arena.ascend()
        } else {
            record = try readPackedValue(M.table)
        }
        let message: M = try value(of: record)
        let bytes: ByteSpan?
        do throws(EncodingError) {
            bytes = try message.withSerialized { size, write in
                guard let block = arena.tryAllocate(size) else { return nil }
                write(block)
                return ByteSpan(block, count: size)
            }
        } catch {
            throw scanner.error(.wrongValue, "\(error)", at: place)
        }
        guard let bytes else { throw scanner.overBudget() }
        return bytes
    }

    /// The member `value` of an object that else has `@type` only: the form of a message that is no object of
    /// fields in JSON.
    private mutating func readPackedValue(_ table: MessageTable) throws(JSONDecodingError) -> UnsafeMutableRawPointer {
        let start = scanner.position
        var record: UnsafeMutableRawPointer?
        var hasType = false
        try scanner.openObject()
        repeat {
            let place = scanner.position
            let name = try scanner.name()
            if name.isText("@type") {
                if hasType { throw scanner.error(.duplicate, "the member \"@type\" comes twice", at: place) }
                hasType = true
                _ = try scanner.string()
            } else if name.isText("value") {
                if record != nil { throw scanner.error(.duplicate, "the member \"value\" comes twice", at: place) }
                record = try readMessage(table)
            } else {
                try readUnknown(name, at: place)
            }
        } while try scanner.takesSeparator(orEnd: UInt8(ascii: "}"))
        guard let record else {
            throw scanner.error(
                .wrongValue, "a google.protobuf.Any of \(table.name) needs a member \"value\"", at: start)
        }
        return record
    }
}
