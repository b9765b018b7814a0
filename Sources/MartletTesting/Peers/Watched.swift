internal import NIOCore
private import Synchronization

/// State that tasks wait on.
final class Watched<State: Sendable>: Sendable {
    private struct Inner {
        var state: State
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Grows with every change, so that none is missed between a look and the wait that follows it.
        var changes = 0
    }

    private let inner: Mutex<Inner>

    init(_ state: State) { inner = Mutex(Inner(state: state)) }

    var current: State { inner.withLock { $0.state } }

    /// Changes the state and lets those who wait look at it again.
    func change<R: Sendable>(_ body: @Sendable (inout State) -> R) -> R {
        let (result, waiting) = inner.withLock { inner in
            let result = body(&inner.state)
            inner.changes += 1
            defer { inner.waiting = [] }
            return (result, inner.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return result
    }

    /// Looks at each change until `look` finds something.
    ///
    /// Throws a ``ScriptError`` when that takes longer than the patience on the loop's clock.
    func wait<R: Sendable>(
        for what: String, on loop: any EventLoop, patience: Duration, _ look: @Sendable (inout State) throws -> R?
    ) async throws -> R {
        let isOver = Atomic(false)
        let timer = loop.scheduleTask(in: TimeAmount(patience)) { [weak self] in
            isOver.value.store(true, ordering: .relaxed)
            self?.change { _ in }
        }
        defer { timer.cancel() }
        while true {
            let (found, changes) = try inner.withLock { inner in (try look(&inner.state), inner.changes) }
            if let found { return found }
            if isOver.value.load(ordering: .relaxed) { throw ScriptError("waited \(patience) for \(what)") }
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let hasChanged = inner.withLock { inner in
                        if inner.changes != changes || Task.isCancelled { return true }
                        inner.waiting.append(continuation)
                        return false
                    }
                    if hasChanged { continuation.resume() }
                }
            } onCancel: {
                change { _ in }
            }
        }
    }

    /// An atomic that closures can share.
    private final class Atomic: Sendable {
        let value: Synchronization.Atomic<Bool>

        init(_ value: Bool) { self.value = Synchronization.Atomic(value) }
    }
}
