package import MartletCore
private import NIOConcurrencyHelpers

/// A caller that waits for a connection, or for room on one.
package final class Waiter: Sendable {
    package enum Outcome: Sendable {
        case goOn
        case failed(RPCError)
    }

    private enum State {
        case new
        case waiting(UnsafeContinuation<Outcome, Never>)
        case resolved(Outcome)
    }

    private let state = NIOLockedValueBox(State.new)

    package init() {}

    package var isResolved: Bool {
        state.withLockedValue { state in
            if case .resolved = state { true } else { false }
        }
    }

    /// Ends the waiting. Only the first outcome counts; the result says whether this was it.
    @discardableResult
    package func resolve(_ outcome: Outcome) -> Bool {
        let (continuation, isFirst): (UnsafeContinuation<Outcome, Never>?, Bool) = state.withLockedValue { state in
            defer { if case .resolved = state {} else { state = .resolved(outcome) } }
            return switch state {
            case .new: (nil, true)
            case .waiting(let continuation): (continuation, true)
            case .resolved: (nil, false)
            }
        }
        continuation?.resume(returning: outcome)
        return isFirst
    }

    /// Waits for the outcome, once.
    package nonisolated(nonsending) func outcome() async -> Outcome {
        await withUnsafeContinuation { continuation in
            let outcome: Outcome? = state.withLockedValue { state in
                if case .resolved(let outcome) = state { return outcome }
                state = .waiting(continuation)
                return nil
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
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
}
