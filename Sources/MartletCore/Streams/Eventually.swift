private import Synchronization

/// A value that comes once, for any number of waiters on any threads.
package final class Eventually<Value: Sendable>: Sendable {
    private enum State {
        case waiting([@Sendable (Value) -> Void])
        case resolved(Value)
    }

    private let state = Mutex(State.waiting([]))

    package init() {}

    package var current: Value? {
        state.withLock { if case .resolved(let value) = $0 { value } else { nil } }
    }

    /// The first value counts; the result says whether this was it.
    @discardableResult
    package func resolve(_ value: Value) -> Bool {
        let waiters: [@Sendable (Value) -> Void]? = state.withLock { state in
            guard case .waiting(let waiters) = state else { return nil }
            state = .resolved(value)
            return waiters
        }
        guard let waiters else { return false }
        for waiter in waiters { waiter(value) }
        return true
    }

    /// Runs `body` once, at once if the value is there.
    package func whenResolved(_ body: @escaping @Sendable (Value) -> Void) {
        let value: Value? = state.withLock { state in
            switch state {
            case .resolved(let value): return value
            case .waiting(let waiters):
                state = .waiting(waiters + [body])
                return nil
            }
        }
        if let value { body(value) }
    }

    package nonisolated(nonsending) func value() async -> Value {
        if let current { return current }
        return await withUnsafeContinuation { continuation in
            whenResolved { continuation.resume(returning: $0) }
        }
    }
}
