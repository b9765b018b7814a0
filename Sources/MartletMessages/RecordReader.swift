/// One decoded record: libprotobuf-c's form of a message, laid out by the rows of its ``MessageTable``.
///
/// Valid only inside the `init(reading:)` that it is handed to.
@frozen
public struct RecordReader {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let arena: Arena

    @inlinable @inline(__always)
    init(_ base: UnsafeRawPointer, in arena: Arena) {
        self.base = base
        self.arena = arena
    }

    /// A field with implicit presence, or the chosen member of a oneof.
    @inlinable @inline(__always)
    public func value<Value: FieldValue>(at offset: Int) throws(DecodingError) -> Value {
        try Value.loadField(from: self, at: offset)
    }

    /// A field with explicit presence.
    @inlinable @inline(__always)
    public func optional<Value: FieldValue>(at offset: Int, has: Int) throws(DecodingError) -> Value? {
        if load(at: has) as Int32 == 0 { return nil }
        return try Value.loadField(from: self, at: offset)
    }

    /// A required field.
    @inlinable @inline(__always)
    public func required<Value: FieldValue>(at offset: Int, has: Int) throws(DecodingError) -> Value {
        if load(at: has) as Int32 == 0 { throw error(.missingRequiredField, at: offset) }
        return try Value.loadField(from: self, at: offset)
    }

    /// A repeated field, packed or not.
    @inlinable @inline(__always)
    public func list<Element: FieldValue>(at offset: Int) throws(DecodingError) -> [Element] {
        if load(at: offset) as Int == 0 { return [] }
        return try Element.loadFields(from: self, at: offset)
    }

    /// The number of the member of a oneof that is set, 0 for none.
    @inlinable @inline(__always)
    public func oneofCase(at offset: Int) -> UInt32 { load(at: offset) }
}

extension RecordReader {
    @inlinable @inline(__always)
    func load<Slot: BitwiseCopyable>(at offset: Int) -> Slot {
        base.load(fromByteOffset: offset, as: Slot.self)
    }

    /// The elements of a repeated field: a count, then a pointer.
    @inlinable @inline(__always)
    func elements<Element: BitwiseCopyable>(_: Element.Type, at offset: Int) -> UnsafeBufferPointer<Element> {
        let start: UnsafeRawPointer? = load(at: offset + 8)
        return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: Element.self), count: load(at: offset))
    }

    /// An error that names the message and the field at `offset`.
    @usableFromInline @inline(never)
    func error(_ reason: DecodingError.Reason, at offset: Int) -> DecodingError {
        let table = MessageTable(record: base)
        let field = table.fields.first {
            $0.offset == offset && ($0.oneofCase == nil || load(at: $0.oneofCase!) == $0.number)
        }
        return DecodingError(reason, message: table.name, field: field?.name)
    }

    @usableFromInline @inline(never)
    func tooDeep(_ table: MessageTable) -> DecodingError {
        DecodingError(.tooDeep(limit: arena.depthLimit), message: table.name)
    }
}
