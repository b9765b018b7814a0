internal import MartletCore
private import Synchronization

/// One direction of a call that stays in the process: a bounded queue with one writer and one reader.
final class MessagePipe: Sendable {
    private struct State {
        var messages: [IncomingMessage] = []
        var end: Result<Void, RPCError>?
        var isRead = true
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Messages that may wait for the reader.
    private static let capacity = 64

    private let state = Mutex(State())

    /// Adds a message if there is room for it. One that nobody will read is dropped.
    ///
    /// Throws why the call ended.
    func append(_ message: IncomingMessage) throws(RPCError) -> Bool {
        let result: Result<Bool, RPCError> = withStateAndWakeUp { state in
            switch state.end {
            case .failure(let error): return .failure(error)
            case .success: return .failure(RPCError(.failedPrecondition, "the call takes no more messages"))
            case nil: break
            }
            guard state.isRead else { return .success(true) }
            guard state.messages.count < Self.capacity else { return .success(false) }
            state.messages.append(message)
            return .success(true)
        }
        return try result.get()
    }

    /// Waits until there is room for one.
    nonisolated(nonsending) func send(_ message: IncomingMessage) async throws(RPCError) {
        while try !append(message) {
            try await waitForChange { $0.messages.count < Self.capacity || $0.end != nil || !$0.isRead }
        }
    }

    /// No more messages come. Those that wait can be read still. Only the first end counts.
    func end(_ end: Result<Void, RPCError>) {
        withStateAndWakeUp { state in
            if state.end == nil { state.end = end }
        }
    }

    /// Throws why the call failed, when all messages are read.
    func take() throws(RPCError) -> IncomingMessage? {
        let result: Result<IncomingMessage?, RPCError> = withStateAndWakeUp { state in
            if !state.messages.isEmpty { return .success(state.messages.removeFirst()) }
            if case .failure(let error) = state.end { return .failure(error) }
            return .success(nil)
        }
        return try result.get()
    }

    /// The next message; nil at a good end.
    nonisolated(nonsending) func next() async throws(RPCError) -> IncomingMessage? {
        while true {
            if let message = try take() { return message }
            if state.withLock({ $0.messages.isEmpty && $0.end != nil }) { return try take() }
            try await waitForChange { !$0.messages.isEmpty || $0.end != nil }
        }
    }

    /// Drops what waits and what will come.
    func stopReading() {
        withStateAndWakeUp { state in
            state.isRead = false
            state.messages = []
        }
    }

    nonisolated(nonsending) private func waitForChange(
        until condition: @escaping @Sendable (borrowing State) -> Bool
    ) async throws(RPCError) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if condition(state) || Task.isCancelled { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            withStateAndWakeUp { _ in }
        }
        if Task.isCancelled, !state.withLock({ condition($0) }) {
            throw RPCError(.cancelled, "the task that waited was cancelled")
        }
    }

    /// Changes the state and lets those who wait look at it again.
    private func withStateAndWakeUp<R: Sendable>(_ body: (inout State) -> R) -> R {
        let (result, waiting) = state.withLock { state in
            let result = body(&state)
            defer { state.waiting = [] }
            return (result, state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return result
    }
}
