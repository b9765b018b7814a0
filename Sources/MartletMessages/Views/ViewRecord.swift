/// What a view reads: one decoded record, laid out by the rows of its ``MessageTable``.
///
/// Unchecked because of the pointer: the record is only ever read, and lives as long as `owner` or, without one, as
/// long as whoever lent the view out waits for it.
@frozen
public struct ViewRecord: @unchecked Sendable {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let owner: ViewStorage?

    @inlinable @inline(__always)
    init(_ base: UnsafeRawPointer, owner: ViewStorage?) {
        self.base = base
        self.owner = owner
    }

    @inlinable @inline(__always)
    func load<Slot: BitwiseCopyable>(at offset: Int) -> Slot { base.load(fromByteOffset: offset, as: Slot.self) }

    /// Whether the flag of a field with explicit presence is set.
    @inlinable @inline(__always)
    public func isSet(_ has: Int) -> Bool { load(at: has) as Int32 != 0 }

    /// Whether a member of a oneof is the one that is set.
    @inlinable @inline(__always)
    public func isSet(case number: UInt32, in oneofCase: Int) -> Bool { load(at: oneofCase) as UInt32 == number }

    /// Whether there is a message.
    @inlinable @inline(__always)
    public func hasMessage(at offset: Int) -> Bool { load(at: offset) as UnsafeRawPointer? != nil }

    /// Reads Swift values as decoding does, in scratch memory of its own: decoding counts levels and may take large
    /// byte strings over, which would pull them from under the view.
    @inlinable
    public func read<R>(_ body: (RecordReader) throws(DecodingError) -> R) throws(DecodingError) -> R {
        let arena = Arena.take()
        defer { arena.giveBack() }
        arena.allowLevels(DecodingLimits.default.depth)
        return try body(RecordReader(base, in: arena))
    }
}

// MARK: - Numbers, bools and enums

extension ViewRecord {
    /// The number in a slot.
    @inlinable @inline(__always)
    public func value<Value: NumberFieldValue>(at offset: Int) -> Value { load(at: offset) }

    /// The bool in a slot, of 64 bits.
    @inlinable @inline(__always)
    public func value(at offset: Int) -> Bool { load(at: offset) as UInt64 != 0 }

    /// A value of an open enum, which has one for each number.
    @inlinable @inline(__always)
    public func value<Value: GeneratedEnum>(at offset: Int) -> Value { Value(rawValue: load(at: offset))! }

    /// A value of a closed enum; nil for a number that is none, which makes the field an unknown one.
    @inlinable @inline(__always)
    public func knownValue<Value: GeneratedEnum>(at offset: Int) -> Value? { Value(rawValue: load(at: offset)) }

    /// The values of a repeated field of a closed enum.
    @inlinable
    public func knownValues<Value: GeneratedEnum>(at offset: Int) -> [Value] {
        let start: UnsafeRawPointer? = load(at: offset + 8)
        let numbers = UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: Int32.self), count: load(at: offset))
        return numbers.compactMap(Value.init)
    }
}

// MARK: - Strings and byte strings

extension ViewRecord {
    /// Makes the string and checks it for UTF-8.
    @inlinable
    public func string(at offset: Int) throws(DecodingError) -> String {
        guard let string = String(validating: load(at: offset) as ByteSpan) else {
            throw error(.invalidUTF8, at: offset)
        }
        return string
    }

    /// A copy of the bytes in a slot.
    @inlinable
    public func bytes(at offset: Int) -> [UInt8] { Array((load(at: offset) as ByteSpan).bytes) }

    /// The bytes of a string or byte string where they are, whether they are UTF-8 or not. None where it isn't set.
    @inlinable
    public func withBytes<R, Failure: Error>(
        at offset: Int, _ body: (Span<UInt8>) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body((load(at: offset) as ByteSpan).bytes.span)
    }

    /// The same for the member of a oneof.
    @inlinable
    public func withBytes<R, Failure: Error>(
        at offset: Int, case number: UInt32, in oneofCase: Int, _ body: (Span<UInt8>) throws(Failure) -> R
    ) throws(Failure) -> R {
        let bytes = isSet(case: number, in: oneofCase) ? load(at: offset) as ByteSpan : ByteSpan(nil, count: 0)
        return try body(bytes.bytes.span)
    }
}

// MARK: - Messages

extension ViewRecord {
    /// The record of a message, or of an empty one where it isn't set.
    @inlinable
    public func message<M: GeneratedMessage>(_: M.Type, at offset: Int) -> ViewRecord {
        ViewRecord(load(at: offset) ?? M.table.emptyRecord, owner: nil)
    }

    /// The same for the member of a oneof.
    @inlinable
    public func message<M: GeneratedMessage>(
        _: M.Type, at offset: Int, case number: UInt32, in oneofCase: Int
    ) -> ViewRecord {
        isSet(case: number, in: oneofCase) ? message(M.self, at: offset) : ViewRecord(M.table.emptyRecord, owner: nil)
    }

    @usableFromInline @inline(never)
    func error(_ reason: DecodingError.Reason, at offset: Int) -> DecodingError {
        let table = MessageTable(record: base)
        let field = table.fields.first { field in
            field.offset == offset && field.oneofCase.map { load(at: $0) == field.number } ?? true
        }
        return DecodingError(reason, message: table.name, field: field?.name)
    }

    /// The value of a required field, nil where it isn't set.
    @inlinable
    public func required<Value>(_ value: Value?, at offset: Int) throws(DecodingError) -> Value {
        guard let value else { throw error(.missingRequiredField, at: offset) }
        return value
    }
}
