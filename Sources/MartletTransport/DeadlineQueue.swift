/// The deadlines of a connection's calls, earliest first.
///
/// A binary heap that drops calls which ended before their deadline lazily: when it meets them at the top, and all
/// at once when they outnumber the living. It neither reads a clock nor sets a timer.
package struct DeadlineQueue {
    package struct Entry {
        package let nanoseconds: UInt64
        package let stream: UInt32
    }

    private var heap: [Entry] = []

    package init() {}

    package var count: Int { heap.count }

    /// The earliest deadline, be its call still open or not.
    package var earliest: UInt64? { heap.first?.nanoseconds }

    /// - Parameters:
    ///   - openCalls: How many calls the connection has; with it the queue bounds its own size.
    ///   - isOpen: Whether a stream's call is still open.
    package mutating func insert(
        _ nanoseconds: UInt64, stream: UInt32, openCalls: Int, isOpen: (UInt32) -> Bool
    ) {
        if heap.count > 64 + 2 * openCalls {
            heap = heap.filter { isOpen($0.stream) }.sorted { $0.nanoseconds < $1.nanoseconds }
        }
        heap.append(Entry(nanoseconds: nanoseconds, stream: stream))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].nanoseconds < heap[parent].nanoseconds else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out a call whose deadline has passed.
    package mutating func popExpired(at now: UInt64) -> UInt32? {
        guard let first = heap.first, first.nanoseconds <= now else { return nil }
        removeFirst()
        return first.stream
    }

    /// Takes ended calls off the top, so that ``earliest`` is that of an open one.
    package mutating func dropEnded(isOpen: (UInt32) -> Bool) {
        while let first = heap.first, !isOpen(first.stream) { removeFirst() }
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].nanoseconds < heap[child].nanoseconds { child += 1 }
            guard heap[child].nanoseconds < heap[parent].nanoseconds else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
