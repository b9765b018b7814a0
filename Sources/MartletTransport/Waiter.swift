package import MartletCore
private import NIOConcurrencyHelpers
package import NIOCore

/// A call that waits for a connection, or for room on one. Usable on any thread.
package final class Waiter: Sendable {
    package enum Outcome: Sendable {
        case goOn
        /// There is no room where the call waited, and may be some elsewhere.
        case lookElsewhere
        case failed(RPCError)
    }

    private struct State {
        var isResolved = false
        var timer: Scheduled<Void>?
    }

    private let whenResolved: @Sendable (Outcome) -> Void
    private let state = NIOLockedValueBox(State())

    /// - Parameter whenResolved: Runs once, on the thread that resolves.
    package init(_ whenResolved: @escaping @Sendable (Outcome) -> Void) { self.whenResolved = whenResolved }

    package var isResolved: Bool { state.withLockedValue { $0.isResolved } }

    /// Ends the waiting. Only the first outcome counts; the result says whether this was it.
    @discardableResult
    package func resolve(_ outcome: Outcome) -> Bool {
        let (isFirst, timer) = state.withLockedValue { state in
            let isFirst = !state.isResolved
            state.isResolved = true
            return (isFirst, state.timer.take())
        }
        guard isFirst else { return false }
        timer?.cancel()
        whenResolved(outcome)
        return true
    }

    /// Ends the waiting with an error at a time on the loop's clock.
    package func expire(at nanoseconds: UInt64, on loop: any EventLoop, _ error: @escaping @Sendable () -> RPCError) {
        let timer = loop.scheduleTask(deadline: .uptimeNanoseconds(min(nanoseconds, UInt64(Int64.max)))) {
            _ = self.resolve(.failed(error()))
        }
        let isLate = state.withLockedValue { state in
            if !state.isResolved { state.timer = timer }
            return state.isResolved
        }
        if isLate { timer.cancel() }
    }
}

/// Waiters in order of arrival. Those that gave up stay until they are met or outnumber the others.
package struct WaiterQueue {
    private var waiters: [Waiter] = []
    private var head = 0
    private var lengthAtCleaning = 64

    package init() {}

    package mutating func append(_ waiter: Waiter) {
        if waiters.count >= lengthAtCleaning {
            waiters = waiters[head...].filter { !$0.isResolved }
            head = 0
            lengthAtCleaning = max(64, 2 * waiters.count)
        }
        waiters.append(waiter)
    }

    /// The first that still waits.
    package mutating func popFirst() -> Waiter? {
        while head < waiters.count {
            defer { head += 1 }
            if !waiters[head].isResolved { return waiters[head] }
        }
        waiters.removeAll(keepingCapacity: true)
        head = 0
        return nil
    }

    package mutating func removeAll() -> [Waiter] {
        defer { self = WaiterQueue() }
        return Array(waiters[head...])
    }

    /// Whether anybody still waits.
    package var isEmpty: Bool { waiters[head...].allSatisfy { $0.isResolved } }

    /// Whether nobody is left, not even one who gave up: quick to tell.
    package var isUsedUp: Bool { head == waiters.count }

    /// How many still wait.
    package var count: Int { waiters[head...].count { !$0.isResolved } }
}
