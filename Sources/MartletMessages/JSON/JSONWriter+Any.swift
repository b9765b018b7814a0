extension JSONWriter {
    private static let mostAnyLevels = 100

    /// A `google.protobuf.Any`: the packed message's members after `@type`; its JSON as `value` where that is no
    /// object of fields.
    mutating func writeAny(
        _ record: RecordReader, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONEncodingError) {
        let url = String(decoding: (record.load(at: fields[0].offset) as ByteSpan).bytes, as: UTF8.self)
        let bytes = (record.load(at: fields[1].offset) as ByteSpan).bytes
        if url.isEmpty, bytes.isEmpty {
            out.append("{}")
            return
        }
        guard let type = options.registry.messageType(forTypeURL: url) else {
            throw JSONEncodingError(
                "the type \"\(url)\" isn't in the options' registry: add it to JSONEncodingOptions.registry")
        }
        guard anyLevels < Self.mostAnyLevels else {
            throw JSONEncodingError("google.protobuf.Any is nested in itself more than \(Self.mostAnyLevels) times")
        }
        anyLevels += 1
        try writePacked(type, UnsafeRawBufferPointer(bytes), url: url)
        anyLevels -= 1
    }

    private mutating func writePacked<M: GeneratedMessage>(
        _ type: M.Type, _ bytes: UnsafeRawBufferPointer, url: String
    ) throws(JSONEncodingError) {
        let message: M
        do throws(DecodingError) {
            message = try M(serialized: bytes, limits: .default)
        } catch {
            throw JSONEncodingError("\(error)")
        }
        let table = M.table.json
        open("{")
        var isFirst = true
        startMember("@type", isFirst: &isFirst)
        writeString(url)
        try withRecord(of: message) { (writer, record) throws(JSONEncodingError) in
            if table.wellKnown == nil {
                try writer.writeFields(record, table, isFirst: &isFirst)
            } else {
                writer.startMember("value", isFirst: &isFirst)
                try writer.writeMessage(record, table)
            }
        }
        close("}", isEmpty: false)
    }

    private mutating func startMember(_ name: String, isFirst: inout Bool) {
        startMember(isFirst: &isFirst)
        writeString(name)
        out.append(options.indentation == nil ? ":" : ": ")
    }
}
