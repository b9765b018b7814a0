internal import Dispatch
internal import MartletTransport
private import NIOConcurrencyHelpers
private import Synchronization

/// Time that passes only when nothing is left to do: whatever is due runs, one after another and always in the same
/// order; then the clock jumps to what is due next.
///
/// Unchecked: `current` is touched on the queue only, all else is behind the lock or atomic.
final class VirtualTime: @unchecked Sendable {
    /// When something runs. Of what is due at the same instant, what was scheduled first runs first; what is `late`
    /// runs when nothing else is due then.
    private struct Due: Comparable {
        let nanoseconds: UInt64
        let isLate: Bool
        let order: UInt64

        static func < (a: Due, b: Due) -> Bool {
            (a.nanoseconds, a.isLate ? 1 : 0, a.order) < (b.nanoseconds, b.isLate ? 1 : 0, b.order)
        }
    }

    private struct Entry {
        let loop: VirtualEventLoop
        let body: @Sendable () -> Void
    }

    private struct State {
        var heap = Heap<Due>()
        /// Those of the heap that weren't cancelled.
        var entries: [UInt64: Entry] = [:]
        var lastOrder: UInt64 = 0
        /// True before the beginning, too, so that nothing wakes the queue.
        var isRunning = true
        var isWatched = false
        var turns = 0
        var limit: UInt64
    }

    /// Where the clock starts, in nanoseconds.
    static let start: UInt64 = 1_000_000_000

    /// Real time after which a test that waits for nothing in particular is stuck.
    private static let patience = DispatchTimeInterval.seconds(10)

    private static let key = DispatchSpecificKey<ObjectIdentifier>()

    private let queue = DispatchQueue(label: "martlet.virtual-time")
    private let state: NIOLockedValueBox<State>
    private let _now = Atomic(start)
    private let limit: Duration
    private let whenStuck: @Sendable (_ reason: String) -> Void
    private var current: VirtualEventLoop?

    /// - Parameters:
    ///   - limit: How much virtual time may pass.
    ///   - whenStuck: Told once that the time stands still for good.
    init(limit: Duration, whenStuck: @escaping @Sendable (_ reason: String) -> Void) {
        self.limit = limit
        state = NIOLockedValueBox(State(limit: Self.start + UInt64(limit.nanoseconds)))
        self.whenStuck = whenStuck
        queue.setSpecific(key: Self.key, value: ObjectIdentifier(self))
    }

    /// Nothing happens before.
    func begin() { queue.async { self.run() } }

    /// Nanoseconds.
    var now: UInt64 { _now.load(ordering: .relaxed) }

    func isRunning(_ loop: VirtualEventLoop) -> Bool {
        DispatchQueue.getSpecific(key: Self.key) == ObjectIdentifier(self) && current === loop
    }

    /// Runs `body` on the loop at that time. The result is for ``cancel(_:)``.
    @discardableResult
    func schedule(
        at nanoseconds: UInt64, late isLate: Bool = false, on loop: VirtualEventLoop,
        _ body: @escaping @Sendable () -> Void
    ) -> UInt64 {
        let (order, wakesUp) = state.withLockedValue { state in
            state.lastOrder += 1
            let order = state.lastOrder
            state.entries[order] = Entry(loop: loop, body: body)
            state.heap.insert(Due(nanoseconds: max(nanoseconds, now), isLate: isLate, order: order))
            defer { state.isRunning = true }
            return (order, !state.isRunning)
        }
        if wakesUp { queue.async { self.run() } }
        return order
    }

    func cancel(_ order: UInt64) { state.withLockedValue { _ = $0.entries.removeValue(forKey: order) } }

    private func run() {
        while let entry = takeNext() {
            current = entry.loop
            entry.body()
            current = nil
        }
    }

    private func takeNext() -> Entry? {
        let (entry, isOver): (Entry?, Bool) = state.withLockedValue { state in
            while let due = state.heap.first, state.entries[due.order] == nil { state.heap.removeFirst() }
            guard let due = state.heap.first else {
                state.isRunning = false
                return (nil, false)
            }
            if due.nanoseconds > state.limit {
                // Once: what the cancelled test still has to do takes its time.
                state.limit = .max
                return (nil, true)
            }
            state.heap.removeFirst()
            state.turns += 1
            _now.store(due.nanoseconds, ordering: .relaxed)
            return (state.entries.removeValue(forKey: due.order), false)
        }
        if isOver {
            whenStuck("it didn't end in \(limit) of the network's time")
            return takeNext()
        }
        if entry == nil { watch() }
        return entry
    }

    /// Looks later whether something came from outside.
    private func watch() {
        let turns: Int? = state.withLockedValue { state in
            defer { state.isWatched = true }
            return state.isWatched ? nil : state.turns
        }
        guard let turns else { return }
        queue.asyncAfter(deadline: .now() + Self.patience) { [weak self] in
            guard let self else { return }
            let (isIdle, isStuck) = state.withLockedValue { state in
                state.isWatched = false
                return (!state.isRunning, !state.isRunning && state.turns == turns)
            }
            if isStuck {
                whenStuck("nothing was left to happen in the network, and it went on waiting")
            } else if isIdle {
                watch()
            }
        }
    }
}

/// A binary heap: the smallest element comes first.
private struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    var first: Element? { elements.first }

    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0, elements[child] < elements[(child - 1) / 2] {
            elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        elements.swapAt(0, elements.count - 1)
        elements.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < elements.count {
                if elements[child] < elements[smallest] { smallest = child }
            }
            if smallest == parent { return }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
