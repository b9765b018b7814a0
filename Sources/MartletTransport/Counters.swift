private import Synchronization

/// What the connections of one event loop hold at the moment. Written on the loop, read on any thread.
package final class LoopCounters: Sendable {
    /// A number with one writer: neither side waits for the other.
    package struct Counter: ~Copyable, Sendable {
        private let value = Atomic(0)

        package var current: Int { value.load(ordering: .relaxed) }

        package func add(_ amount: Int) {
            value.store(value.load(ordering: .relaxed) + amount, ordering: .relaxed)
        }

        package func increment() { add(1) }
        package func decrement() { add(-1) }
    }

    package let connections = Counter()
    package let calls = Counter()
    package let tasks = Counter()
    package let queuedBytes = Counter()
    package let unreadBytes = Counter()

    package init() {}
}
