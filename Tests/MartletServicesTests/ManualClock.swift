import Synchronization

/// A clock that the test turns, and that tells when somebody sleeps by it.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        let offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var lastID = 0
        /// Those who wait until somebody sleeps until then.
        var waiters: [(deadline: Instant, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            let deadlines = Set(sleepers.values.map(\.deadline))
            let ready = waiters.filter { deadlines.contains($0.deadline) }.map(\.continuation)
            waiters.removeAll { deadlines.contains($0.deadline) }
            return ready
        }
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    let minimumResolution = Duration.nanoseconds(1)

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isOver, woken) = begin(id, Sleeper(deadline: deadline, continuation: continuation))
                if isOver { continuation.resume(throwing: CancellationError()) }
                for waiter in woken { waiter.resume() }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func begin(_ id: Int, _ sleeper: Sleeper) -> (isOver: Bool, [CheckedContinuation<Void, Never>]) {
        state.withLock { state in
            if state.cancelled.remove(id) != nil { return (true, []) }
            state.sleepers[id] = sleeper
            return (false, state.takeWaiters())
        }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: id)
            if sleeper == nil { state.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }

    /// Waits until a task sleeps that has so long to go.
    func untilSomebodySleeps(for duration: Duration) async {
        await withCheckedContinuation { continuation in
            let woken = state.withLock { state in
                state.waiters.append((state.now.advanced(by: duration), continuation))
                return state.takeWaiters()
            }
            for waiter in woken { waiter.resume() }
        }
    }

    /// Whether nobody sleeps any more.
    var isIdle: Bool { state.withLock { $0.sleepers.isEmpty } }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }
}
