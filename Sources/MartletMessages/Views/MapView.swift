/// A map of a view. Entries lie in the order they came in, so that a look-up goes through all of them; of entries with
/// equal keys the last one counts.
@frozen
public struct MapView<Key: FieldValue, Value: FieldValue>: ~Copyable, Sendable {
    @usableFromInline let record: ViewRecord
    @usableFromInline let offset: Int

    /// For generated code.
    @inlinable @inline(__always)
    public init(_ record: ViewRecord, at offset: Int) {
        self.record = ViewRecord(record.base, owner: nil)
        self.offset = offset
    }

    /// Whether there are no entries.
    @inlinable @inline(__always)
    public var isEmpty: Bool { record.load(at: offset) as Int == 0 }

    /// The value of a key, found by looking through the entries; of several entries with the key, the last one's.
    @inlinable
    public subscript(key: Key) -> Value? {
        get throws(DecodingError) {
            try record.read { (record) throws(DecodingError) in
                guard let entry = try record.lastEntry(of: key, at: offset) else { return nil }
                return try entry.value(at: MapEntry.value)
            }
        }
    }

    /// All entries, each key once.
    @inlinable
    public func dictionary() throws(DecodingError) -> [Key: Value] {
        try record.read { (record) throws(DecodingError) in try record.map(at: offset) }
    }
}

/// A map whose values are messages, seen through views of their own. See ``MapView``.
@frozen
public struct MessageMapView<Key: FieldValue, Value: GeneratedView & ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let record: ViewRecord
    @usableFromInline let offset: Int

    /// For generated code.
    @inlinable @inline(__always)
    public init(_ record: ViewRecord, at offset: Int) {
        self.record = ViewRecord(record.base, owner: nil)
        self.offset = offset
    }

    /// Whether there are no entries.
    @inlinable @inline(__always)
    public var isEmpty: Bool { record.load(at: offset) as Int == 0 }

    /// Lends `body` each key's value.
    ///
    /// - Throws: ``DecodingError`` for a key that isn't UTF-8, and what `body` throws.
    @inlinable
    public func forEachEntry(_ body: (_ key: Key, _ value: borrowing Value) throws -> Void) throws {
        let entries = try record.read { (record) throws(DecodingError) in
            var entries: [Key: ViewRecord] = [:]
            for entry in record.elements(UnsafeRawPointer.self, at: offset) {
                let key: Key = try RecordReader(entry, in: record.arena).value(at: MapEntry.key)
                entries[key] = ViewRecord(entry, owner: nil)
            }
            return entries
        }
        for (key, entry) in entries { try body(key, Self.value(of: entry)) }
    }

    /// Lends `body` the value of a key. Returns nil where there is none.
    ///
    /// - Throws: ``DecodingError`` for a key that isn't UTF-8, and what `body` throws.
    @inlinable
    public func withValue<R>(of key: Key, _ body: (borrowing Value) throws -> R) throws -> R? {
        let entry = try record.read { (record) throws(DecodingError) in
            try record.lastEntry(of: key, at: offset).map { ViewRecord($0.base, owner: nil) }
        }
        guard let entry else { return nil }
        return try body(Self.value(of: entry))
    }

    @inlinable
    static func value(of entry: ViewRecord) -> Value {
        Value(_record: entry.message(Value.ViewedMessage.self, at: MapEntry.value))
    }
}

extension RecordReader {
    @inlinable
    func lastEntry<Key: FieldValue>(of key: Key, at offset: Int) throws(DecodingError) -> RecordReader? {
        for entry in elements(UnsafeRawPointer.self, at: offset).reversed() {
            let entry = RecordReader(entry, in: arena)
            if try Key.loadField(from: entry, at: MapEntry.key) == key { return entry }
        }
        return nil
    }
}
