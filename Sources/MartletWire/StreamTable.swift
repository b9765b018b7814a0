/// What belongs to each open stream of a connection.
///
/// A ring indexed by stream id, since ids rise: no hashing for the many short calls. A call that is still open when
/// the ring comes round to its slot moves to a dictionary, so a long call doesn't make the ring grow.
///
/// Inlinable, so that other modules specialise it: unspecialised it took a seventh of a client's time for a stream of
/// small messages.
@usableFromInline package struct StreamTable<Value> {
    /// Of a slot without a value the stream is 0.
    @usableFromInline var ring: [(stream: UInt32, value: Value?)]
    @usableFromInline var displaced: [UInt32: Value] = [:]
    @usableFromInline package internal(set) var count = 0

    /// Streams that fit before the ring grows.
    @inlinable static var initialCapacity: Int { 4 }
    /// Beyond this many slots calls are displaced instead.
    @inlinable static var maximumCapacity: Int { 4096 }

    @inlinable package init() { ring = [] }

    @inlinable package var isEmpty: Bool { count == 0 }

    @inlinable package subscript(stream: UInt32) -> Value? {
        if !ring.isEmpty {
            let index = index(of: stream)
            if ring[index].stream == stream { return ring[index].value }
        }
        return displaced.isEmpty ? nil : displaced[stream]
    }

    /// Adds a stream that isn't in the table.
    @inlinable package mutating func insert(_ value: Value, stream: UInt32) {
        if count >= ring.count, ring.count < Self.maximumCapacity { grow() }
        let index = index(of: stream)
        if let old = ring[index].value { displaced[ring[index].stream] = old }
        ring[index] = (stream, value)
        count += 1
    }

    @inlinable @discardableResult
    package mutating func remove(_ stream: UInt32) -> Value? {
        guard !ring.isEmpty else { return nil }
        let index = index(of: stream)
        if ring[index].stream == stream {
            count -= 1
            ring[index].stream = 0
            return ring[index].value.take()
        }
        guard !displaced.isEmpty, let value = displaced.removeValue(forKey: stream) else { return nil }
        count -= 1
        return value
    }

    /// Empties the table.
    @inlinable package mutating func removeAll() -> [(stream: UInt32, value: Value)] {
        defer { self = StreamTable() }
        return entries
    }

    /// All open streams, in no order.
    @inlinable package var entries: [(stream: UInt32, value: Value)] {
        inRing + displaced.map { ($0.key, $0.value) }
    }

    @inlinable var inRing: [(stream: UInt32, value: Value)] {
        ring.compactMap { slot in slot.value.map { (slot.stream, $0) } }
    }

    /// Only odd ids occur, so the lowest bit says nothing.
    @inlinable func index(of stream: UInt32) -> Int { Int(stream >> 1) & (ring.count - 1) }

    @inlinable mutating func grow() {
        let old = inRing
        ring = Array(repeating: (0, nil), count: max(Self.initialCapacity, ring.count * 2))
        for entry in old {
            let index = index(of: entry.stream)
            if let other = ring[index].value { displaced[ring[index].stream] = other }
            ring[index] = entry
        }
    }
}
