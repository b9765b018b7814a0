extension JSONWriter {
    /// A map, in the order of its keys, so that equal messages have equal JSON.
    mutating func writeMap(_ map: JSONField, of record: RecordReader) throws(JSONEncodingError) {
        let fields = map.entryTable.json.fields
        let (key, value) = (fields[0], fields[1])
        open("{")
        var isFirst = true
        for entry in Self.sortedEntries(of: record, at: map.offset, by: key) {
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

    /// The records of a map's entries: strings in the order of their bytes, numbers by size, false before true.
    static func sortedEntries(
        of record: RecordReader, at offset: Int, by key: JSONField
    ) -> [UnsafeRawPointer] {
        let entries = Array(record.elements(UnsafeRawPointer.self, at: offset))
        if entries.count < 2 { return entries }
        let place = key.offset
        func sorted<Key>(_: Key.Type, _ precedes: (Key, Key) -> Bool) -> [UnsafeRawPointer] {
            entries.sorted { precedes(($0 + place).load(as: Key.self), ($1 + place).load(as: Key.self)) }
        }
        return switch key.kind {
        case .int32: sorted(Int32.self, <)
        case .uint32: sorted(UInt32.self, <)
        case .int64: sorted(Int64.self, <)
        case .string: sorted(ByteSpan.self) { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        default: sorted(UInt64.self, <)
        }
    }
}
