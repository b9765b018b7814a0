extension RecordReader {
    /// The records of a map's entries in the order of their keys: strings by their bytes, numbers by size, false
    /// before true.
    func sortedEntries(at offset: Int, by key: JSONField) -> [UnsafeRawPointer] {
        let entries = Array(elements(UnsafeRawPointer.self, at: offset))
        if entries.count < 2 { return entries }
        func sorted<Key>(_: Key.Type, _ precedes: (Key, Key) -> Bool) -> [UnsafeRawPointer] {
            entries.sorted {
                precedes(($0 + MapEntry.key).load(as: Key.self), ($1 + MapEntry.key).load(as: Key.self))
            }
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
