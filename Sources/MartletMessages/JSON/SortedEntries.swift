extension RecordReader {
    /// The records of a map's entries in the order of their keys: strings by their bytes, numbers by size, false
    /// before true.
    func sortedEntries(at offset: Int, by key: JSONField) -> [UnsafeRawPointer] {
        var entries = Array(elements(UnsafeRawPointer.self, at: offset))
        func sort<Key>(_: Key.Type, _ precedes: (Key, Key) -> Bool) {
            entries.sort { precedes(($0 + MapEntry.key).load(as: Key.self), ($1 + MapEntry.key).load(as: Key.self)) }
        }
        switch key.kind {
        case .int32: sort(Int32.self, <)
        case .uint32: sort(UInt32.self, <)
        case .int64: sort(Int64.self, <)
        case .string: sort(ByteSpan.self) { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        default: sort(UInt64.self, <)
        }
        return entries
    }
}
