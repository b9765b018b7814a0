private import Synchronization

/// A streaming call inside of interceptors: begins when they let it, and ends with the outcome that they make of its.
///
/// The interceptors run in a task of their own, which lives as long as the call.
final class InterceptedExchange: ClientExchange {
    /// The call on the wire, and what interceptors do to its messages.
    private struct Begun: Sendable {
        let inner: any ClientExchange
        /// Cancels the inner call when this one is lost.
        let owner: CallOwner
        let call: ClientCall
    }

    private let begun = Eventually<Result<Begun, RPCError>>()
    private let outcome = Eventually<Result<Metadata, RPCError>>()
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let isCancelled = Atomic(false)
    private let isClaimed = Atomic(false)
    private let call: ClientCall

    init(_ call: ClientCall) { self.call = call }

    /// - Parameter start: Begins the call on the wire.
    func run(
        _ interceptors: [any ClientInterceptor],
        start: @escaping @Sendable (ClientCall) throws(RPCError) -> (any ClientExchange, CallOwner)
    ) {
        let running = Task {
            do throws(RPCError) {
                outcome.resolve(
                    .success(
                        try await interceptors.run(call) { (call) async throws(RPCError) in
                            try await self.begin(call, start)
                        }))
            } catch {
                outcome.resolve(.failure(error))
            }
            let error = RPCError(
                .internalError, "an interceptor let \(call.method) end without calling `next`")
            let end = outcome.current!.map { _ in () }
            switch end {
            case .success: begun.resolve(.failure(error))
            case .failure(let error): begun.resolve(.failure(error))
            }
            // Does nothing to a call that has ended, as all have whose interceptors waited for `next`.
            if case .success(let begun) = begun.current { begun.inner.cancel() }
        }
        task.withLock { $0 = running }
        if isCancelled.load(ordering: .sequentiallyConsistent) { running.cancel() }
    }

    private nonisolated(nonsending) func begin(
        _ call: ClientCall, _ start: @Sendable (ClientCall) throws(RPCError) -> (any ClientExchange, CallOwner)
    ) async throws(RPCError) -> Metadata {
        guard begun.current == nil else {
            throw RPCError(
                .failedPrecondition,
                "an interceptor called `next` twice for \(call.method): only unary calls can be made again")
        }
        let (inner, owner) = try start(call)
        begun.resolve(.success(Begun(inner: inner, owner: owner, call: call)))
        do {
            return try await withTaskCancellationHandler {
                try await inner.trailingMetadata()
            } onCancel: {
                inner.cancel()
            }
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.internalError, "\(error)")
        }
    }

    var responseMap: MessageMap? {
        guard case .success(let begun) = begun.current else { return nil }
        return begun.call.responseMap
    }

    // MARK: - Reading

    func takeMessage() throws(RPCError) -> IncomingMessage? {
        guard case .success(let begun) = begun.current else { return nil }
        // An error is for the interceptors first; `nextMessage` meets it again.
        return try? begun.inner.takeMessage()
    }

    nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? {
        if case .success(let begun) = await waitForBegin(), let message = try? await begun.inner.nextMessage() {
            return message
        }
        _ = try await waitForOutcome().get()
        return nil
    }

    func claimReading() -> Bool { !isClaimed.exchange(true, ordering: .relaxed) }

    func stopReading() { cancel() }

    // MARK: - Writing

    func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        guard case .success(let begun) = begun.current else { return false }
        let message = if let map = begun.call.requestMap { try map.apply(to: message) } else { message }
        return try begun.inner.trySend(message, compressed: compressed)
    }

    nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        let begun = try await waitForBegin().get()
        let message = if let map = begun.call.requestMap { try map.apply(to: message) } else { message }
        try await begun.inner.send(message, compressed: compressed)
    }

    func finish() {
        begun.whenResolved { if case .success(let begun) = $0 { begun.inner.finish() } }
    }

    // MARK: - The rest

    func cancel() {
        if outcome.current != nil { return }
        isCancelled.store(true, ordering: .sequentiallyConsistent)
        task.withLock { $0 }?.cancel()
        if case .success(let begun) = begun.current { begun.inner.cancel() }
    }

    var hasEnded: Bool {
        if outcome.current != nil { return true }
        guard case .success(let begun) = begun.current else { return false }
        return begun.inner.hasEnded
    }

    nonisolated(nonsending) func initialMetadata() async throws(RPCError) -> Metadata {
        let begun = try await waitForBegin().get()
        return begun.call.mapped(try await begun.inner.initialMetadata())
    }

    nonisolated(nonsending) func trailingMetadata() async throws(RPCError) -> Metadata {
        try await waitForOutcome().get()
    }

    private nonisolated(nonsending) func waitForBegin() async -> Result<Begun, RPCError> {
        await withTaskCancellationHandler {
            await begun.value()
        } onCancel: {
            cancel()
        }
    }

    private nonisolated(nonsending) func waitForOutcome() async -> Result<Metadata, RPCError> {
        await withTaskCancellationHandler {
            await outcome.value()
        } onCancel: {
            cancel()
        }
    }
}
