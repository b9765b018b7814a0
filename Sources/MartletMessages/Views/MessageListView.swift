/// A repeated field of messages: each is seen through a view of its own.
///
///     for index in view.items.indices { total += view.items[index].price }
@frozen
public struct MessageListView<Element: GeneratedView & ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let record: ViewRecord
    @usableFromInline let offset: Int

    /// For generated code.
    @inlinable @inline(__always)
    public init(_ record: ViewRecord, at offset: Int) {
        self.record = ViewRecord(record.base, owner: nil)
        self.offset = offset
    }

    /// How many messages there are.
    @inlinable @inline(__always)
    public var count: Int { record.load(at: offset) }

    /// Whether there are no messages.
    @inlinable @inline(__always)
    public var isEmpty: Bool { count == 0 }

    /// From 0 up to ``count``: `for index in list.indices { list[index] }`.
    @inlinable @inline(__always)
    public var indices: Range<Int> { 0..<count }

    /// The view of a message, which can't outlive the list's. Traps beyond the last.
    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "Index out of range")
            let start: UnsafePointer<UnsafeRawPointer> = record.load(at: offset + 8)
            yield Element(_record: ViewRecord(start[index], owner: nil))
        }
    }
}
