/// A repeated field of a view: each element is made when it is asked for.
///
///     for index in view.tags.indices { print(try view.tags[index]) }
@frozen
public struct ListView<Element: FieldValue>: ~Copyable, Sendable {
    @usableFromInline let record: ViewRecord
    @usableFromInline let offset: Int

    /// For generated code.
    @inlinable @inline(__always)
    public init(_ record: ViewRecord, at offset: Int) {
        self.record = ViewRecord(record.base, owner: nil)
        self.offset = offset
    }

    /// How many elements there are.
    @inlinable @inline(__always)
    public var count: Int { record.load(at: offset) }

    /// Whether there are no elements.
    @inlinable @inline(__always)
    public var isEmpty: Bool { count == 0 }

    /// From 0 up to ``count``: `for index in list.indices { list[index] }`.
    @inlinable @inline(__always)
    public var indices: Range<Int> { 0..<count }

    /// All elements. In one step, thus faster than one by one.
    @inlinable
    public func array() throws(DecodingError) -> [Element] {
        try record.read { (record) throws(DecodingError) in try record.list(at: offset) }
    }

    @inlinable @inline(__always)
    func element<Slot: BitwiseCopyable>(_: Slot.Type, _ index: Int) -> Slot {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "Index out of range")
        let start: UnsafeRawPointer = record.load(at: offset + 8)
        return start.load(fromByteOffset: index &* MemoryLayout<Slot>.stride, as: Slot.self)
    }
}

extension ListView where Element: NumberFieldValue {
    /// An element. Traps beyond the last.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Element { element(Element.self, index) }

    /// All elements where they are.
    @inlinable
    public func withSpan<R, Failure: Error>(_ body: (Span<Element>) throws(Failure) -> R) throws(Failure) -> R {
        let start: UnsafeRawPointer? = record.load(at: offset + 8)
        let elements = UnsafeBufferPointer(start: start?.assumingMemoryBound(to: Element.self), count: count)
        return try body(elements.span)
    }
}

extension ListView where Element == Bool {
    /// An element. Traps beyond the last.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Bool { element(UInt64.self, index) != 0 }
}

extension ListView where Element: GeneratedEnum {
    /// An element. Traps beyond the last.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Element { Element(rawValue: element(Int32.self, index))! }
}

extension ListView where Element == String {
    /// A copy of an element. Traps beyond the last; throws if it isn't UTF-8.
    @inlinable
    public subscript(index: Int) -> String {
        get throws(DecodingError) {
            guard let string = String(validating: element(ByteSpan.self, index)) else {
                throw record.error(.invalidUTF8, at: offset)
            }
            return string
        }
    }

    /// The bytes of one element where they are, whether they are UTF-8 or not.
    @inlinable
    public func withBytes<R, Failure: Error>(
        at index: Int, _ body: (Span<UInt8>) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(element(ByteSpan.self, index).bytes.span)
    }
}

extension ListView where Element == [UInt8] {
    /// A copy of an element. Traps beyond the last.
    @inlinable
    public subscript(index: Int) -> [UInt8] { Array(element(ByteSpan.self, index).bytes) }

    /// The bytes of one element where they are.
    @inlinable
    public func withBytes<R, Failure: Error>(
        at index: Int, _ body: (Span<UInt8>) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(element(ByteSpan.self, index).bytes.span)
    }
}

extension ListView where Element: GeneratedMessage {
    /// The Swift value of a message that has no view.
    @inlinable
    public subscript(index: Int) -> Element {
        get throws(DecodingError) {
            try ViewRecord(element(UnsafeRawPointer.self, index), owner: nil).read {
                (record) throws(DecodingError) in try Element(reading: record)
            }
        }
    }
}
