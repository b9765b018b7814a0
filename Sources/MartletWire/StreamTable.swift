/// What belongs to each open stream of a connection.
///
/// A ring indexed by stream id, since ids rise: no hashing for the many short calls. A call that is still open when
/// the ring comes round to its slot moves to a dictionary, so a long call doesn't make the ring grow.
///
/// Inlinable, so that other modules specialise it: unspecialised it took a seventh of a client's time for a stream of
/// small messages.
@usableFromInline package struct StreamTable<Value> {
    @usableFromInline var ring: [(stream: UInt32, value: Value)?]
    @usableFromInline var displaced: [UInt32: Value] = [:]
    @usableFromInline package internal(set) var count = 0

    /// Streams that fit before the ring grows.
    @inlinable static var initialCapacity: Int { 4 }
    /// Beyond this many slots calls are displaced instead.
    @inlinable static var maximumCapacity: Int { 4096 }

    @inlinable package init() { ring = [] }

    @inlinable package var isEmpty: Bool { count == 0 }

    @inlinable package subscript(stream: UInt32) -> Value? {
        if let entry = slot(of: stream), entry.stream == stream { return entry.value }
        return displaced.isEmpty ? nil : displaced[stream]
    }

    /// Adds a stream that isn't in the table.
    @inlinable package mutating func insert(_ value: Value, stream: UInt32) {
        if count >= ring.count, ring.count < Self.maximumCapacity { grow() }
        let index = index(of: stream)
        if let old = ring[index] { displaced[old.stream] = old.value }
        ring[index] = (stream, value)
        count += 1
    }

    @inlinable @discardableResult
    package mutating func remove(_ stream: UInt32) -> Value? {
        guard !ring.isEmpty else { return nil }
        let index = index(of: stream)
        if let entry = ring[index], entry.stream == stream {
            ring[index] = nil
            count -= 1
            return entry.value
        }
        guard !displaced.isEmpty, let value = displaced.removeValue(forKey: stream) else { return nil }
        count -= 1
        return value
    }

    /// Empties the table.
    @inlinable package mutating func removeAll() -> [(stream: UInt32, value: Value)] {
        defer { self = StreamTable() }
        return ring.compactMap { $0 } + displaced.map { ($0.key, $0.value) }
    }

    /// All open streams, in no order.
    @inlinable package var entries: [(stream: UInt32, value: Value)] {
        ring.compactMap { $0 } + displaced.map { ($0.key, $0.value) }
    }

    @inlinable func slot(of stream: UInt32) -> (stream: UInt32, value: Value)? {
        ring.isEmpty ? nil : ring[index(of: stream)]
    }

    /// Only odd ids occur, so the lowest bit says nothing.
    @inlinable func index(of stream: UInt32) -> Int { Int(stream >> 1) & (ring.count - 1) }

    @inlinable mutating func grow() {
        let old = ring.compactMap { $0 }
        ring = Array(repeating: nil, count: max(Self.initialCapacity, ring.count * 2))
        for entry in old {
            let index = index(of: entry.stream)
            if let other = ring[index] { displaced[other.stream] = other.value }
            ring[index] = entry
        }
    }
}
