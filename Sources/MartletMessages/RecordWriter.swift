/// One record to be encoded: libprotobuf-c's form of a message, laid out by the rows of its ``MessageTable``.
///
/// Valid only inside the `write(_:into:)` that it is handed to. Long strings, byte strings and arrays of numbers
/// are borrowed from the message, which therefore must not change meanwhile.
@frozen
public struct RecordWriter {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let arena: Arena
    /// Bytes that copies of this record's strings may need; ensured before any of them is stored, so that storing
    /// one calls nothing.
    @usableFromInline let room: Int

    /// An empty record.
    @inlinable @inline(__always)
    init(_ table: MessageTable, in arena: Arena) {
        let size = table.size
        base = arena.allocateZeroed(size)
        room = table.room
        self.arena = arena
        base.storeBytes(of: table.descriptor, as: UnsafeRawPointer.self)
        arena.ensure(room)
    }

    /// A record that is there already, in which only slots are stored.
    init(_ record: UnsafeMutableRawPointer, in arena: Arena) {
        base = record
        room = 0
        self.arena = arena
    }

    /// A field with implicit presence.
    @inlinable @inline(__always)
    public func set<Value: FieldValue>(_ value: Value, at offset: Int, has: Int) {
        if Value.isFieldDefault(value) { return }
        setRequired(value, at: offset, has: has)
    }

    /// A field with explicit presence.
    @inlinable @inline(__always)
    public func setOptional<Value: FieldValue>(_ value: Value?, at offset: Int, has: Int) {
        guard let value else { return }
        setRequired(value, at: offset, has: has)
    }

    /// A required field.
    @inlinable @inline(__always)
    public func setRequired<Value: FieldValue>(_ value: Value, at offset: Int, has: Int) {
        store(1 as Int32, at: has)
        Value.storeField(value, into: self, at: offset)
    }

    /// The member `number` of a oneof whose case lies at `oneofCase`.
    @inlinable @inline(__always)
    public func setOneof<Value: FieldValue>(_ value: Value, at offset: Int, case number: UInt32, in oneofCase: Int) {
        store(number, at: oneofCase)
        Value.storeField(value, into: self, at: offset)
    }

    /// A repeated field, packed or not.
    @inlinable @inline(__always)
    public func setList<Element: FieldValue>(_ values: [Element], at offset: Int) {
        if values.isEmpty { return }
        Element.storeFields(values, into: self, at: offset)
    }
}

extension RecordWriter {
    @inlinable @inline(__always)
    func store<Slot: BitwiseCopyable>(_ value: Slot, at offset: Int) {
        base.storeBytes(of: value, toByteOffset: offset, as: Slot.self)
    }

    /// Makes a repeated field's array, which the caller initializes.
    @inlinable
    func makeElements<Element: BitwiseCopyable>(
        _: Element.Type, count: Int, at offset: Int
    ) -> UnsafeMutablePointer<Element> {
        let elements = arena.allocate(count * MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
        arena.ensure(room)
        storeElements(elements, count: count, at: offset)
        return elements
    }

    /// More elements than fit into any message are cut to one too many: libprotobuf-c counts them in 32 bits.
    @inlinable @inline(__always)
    func storeElements<Element: BitwiseCopyable>(_ start: UnsafePointer<Element>?, count: Int, at offset: Int) {
        store(min(count, Int(Int32.max) + 1), at: offset)
        store(start, at: offset + 8)
    }

    #if canImport(ObjectiveC)
        /// A string that has no UTF-8 of its own, as ones from Objective-C may have.
        @usableFromInline @inline(never)
        func copyForeign(_ value: String, count: Int) -> ByteSpan {
            let copy = arena.allocate(count)
            UnsafeMutableRawBufferPointer(start: copy, count: count).copyBytes(from: value.utf8)
            arena.ensure(room)
            return ByteSpan(copy, count: count)
        }
    #endif
}
