extension JSONWriter {
    /// A map, in the order of its keys, so that equal messages have equal JSON.
    mutating func writeMap(_ map: JSONField, of record: RecordReader) throws(JSONEncodingError) {
        let fields = map.entryTable.json.fields
        let (key, value) = (fields[0], fields[1])
        open("{")
        var isFirst = true
        for entry in record.sortedEntries(at: map.offset, by: key) {
            startMember(isFirst: &isFirst)
            try writeKey(key, at: entry + key.offset)
            out.append(options.indentation == nil ? ":" : ": ")
            do throws(JSONEncodingError) {
                try writeValue(value, at: entry + value.offset, in: record.arena)
            } catch {
                throw error.inside(key: Self.keyText(key, at: entry + key.offset))
            }
        }
        close("}", isEmpty: isFirst)
    }

    private mutating func writeKey(_ key: JSONField, at slot: UnsafeRawPointer) throws(JSONEncodingError) {
        if key.kind == .string {
            try writeString(slot.load(as: ByteSpan.self))
        } else {
            out.append("\"\(Self.keyText(key, at: slot))\"")
        }
    }

    private static func keyText(_ key: JSONField, at slot: UnsafeRawPointer) -> String {
        switch key.kind {
        case .int32: "\(slot.load(as: Int32.self))"
        case .uint32: "\(slot.load(as: UInt32.self))"
        case .int64: "\(slot.load(as: Int64.self))"
        case .bool: "\(slot.load(as: UInt64.self) != 0)"
        case .string: String(decoding: slot.load(as: ByteSpan.self).bytes, as: UTF8.self)
        default: "\(slot.load(as: UInt64.self))"
        }
    }
}
