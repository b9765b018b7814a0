/// Where the two fields of a map's entry lie in its record, whatever their types.
@usableFromInline
enum MapEntry {
    @usableFromInline static var key: Int { @inlinable get { 24 } }
    @usableFromInline static var value: Int { @inlinable get { 40 } }
    @usableFromInline static var hasKey: Int { @inlinable get { 56 } }
    @usableFromInline static var hasValue: Int { @inlinable get { 60 } }
}

extension RecordReader {
    /// A map field. Of entries with equal keys the last one stays.
    @inlinable
    public func map<Key: FieldValue, Value: FieldValue>(at offset: Int) throws(DecodingError) -> [Key: Value] {
        let entries = elements(UnsafeRawPointer.self, at: offset)
        var map = [Key: Value](minimumCapacity: entries.count)
        for entry in entries {
            let entry = RecordReader(entry, in: arena)
            guard entry.load(at: MapEntry.hasValue) as Int32 != 0, entry.load(at: 8) as UInt32 == 0 else {
                throw entry.error(.malformed(.cutShort), at: MapEntry.value)
            }
            let key = try Key.loadField(from: entry, at: MapEntry.key)
            map[key] = try Value.loadField(from: entry, at: MapEntry.value)
        }
        return map
    }
}

extension RecordReader {
    /// The key of a map's entry, as paths show it. Nil where the entry has none.
    static func entryKey(_ entry: UnsafeRawPointer, _ table: MessageTable) -> String? {
        guard entry.load(fromByteOffset: MapEntry.hasKey, as: Int32.self) != 0 else { return nil }
        guard case .scalar(let type) = table.fields[0].kind else { return nil }
        let slot = entry + MapEntry.key
        switch type {
        case .string:
            let text = String(decoding: slot.load(as: ByteSpan.self).bytes.prefix(longestKeyShown), as: UTF8.self)
            return text.debugDescription
        case .bool: return slot.load(as: UInt64.self) == 0 ? "false" : "true"
        case .int32, .sint32, .sfixed32: return "\(slot.load(as: Int32.self))"
        case .uint32, .fixed32: return "\(slot.load(as: UInt32.self))"
        case .int64, .sint64, .sfixed64: return "\(slot.load(as: Int64.self))"
        default: return "\(slot.load(as: UInt64.self))"
        }
    }

    private static let longestKeyShown = 40
}

extension RecordWriter {
    /// A map field, in the dictionary's order.
    @inlinable
    public func setMap<Key: FieldValue, Value: FieldValue>(_ map: [Key: Value], at offset: Int) {
        if map.isEmpty { return }
        let table = entryTable(at: offset)
        var element = makeElements(UnsafeMutableRawPointer.self, count: map.count, at: offset)
        for (key, value) in map {
            let entry = RecordWriter(table, in: arena)
            element.initialize(to: entry.base)
            element += 1
            entry.store(1 as Int32, at: MapEntry.hasKey)
            Key.storeField(key, into: entry, at: MapEntry.key)
            entry.store(1 as Int32, at: MapEntry.hasValue)
            Value.storeField(value, into: entry, at: MapEntry.value)
        }
        arena.ensure(room)
    }
}

extension RecordWriter {
    @usableFromInline
    func entryTable(at offset: Int) -> MessageTable {
        let field = MessageTable(record: base).fields.first { $0.offset == offset }
        guard let entry = field?.entry else { preconditionFailure("no map at offset \(offset)") }
        return entry
    }
}
