internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// A unary call that is made several times; what succeeds first counts, and the others are cancelled.
final class HedgedExchange: UnaryExchange {
    private struct State {
        var continuation: UnsafeContinuation<Void, Never>?
        var attempts: [UnaryCall] = []
        /// Attempts that haven't ended.
        var open = 0
        /// Begins the next attempt. Nil before the request is there, and when no more are to be made.
        var next: (@Sendable (UnaryCall) -> Void)?
        var timer: Scheduled<Void>?
        var outcome: Result<RawReply, RPCError>?
        var isCancelled = false
    }

    private let method: MethodDescriptor
    private let policy: HedgingPolicy
    private let throttle: RetryThrottle?
    private let source: any ConnectionSource
    private let makeCall: @Sendable () -> UnaryCall
    private let state = Mutex(State())

    /// gRPC's bound on what a policy may ask for.
    private static let mostAttempts = 5

    /// - Parameter makeCall: Makes a call for one attempt.
    init(
        _ method: MethodDescriptor, _ policy: HedgingPolicy, throttle: RetryThrottle?, _ source: any ConnectionSource,
        makeCall: @escaping @Sendable () -> UnaryCall
    ) {
        self.method = method
        self.policy = policy
        self.throttle = throttle
        self.source = source
        self.makeCall = makeCall
    }

    // MARK: - The caller's

    func begin(_ continuation: UnsafeContinuation<Void, Never>) { state.withLock { $0.continuation = continuation } }

    /// The request is encoded for each attempt.
    func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool { false }

    func send<Request: Message>(_ request: Request) {
        state.withLock { state in
            state.next = { [source] call in source.place(call, request) }
        }
        beginAttempt()
    }

    func end(_ error: RPCError) { finish(.failure(error)) }

    func cancel() {
        let attempts = state.withLock { state in
            state.isCancelled = true
            state.next = nil
            return state.attempts
        }
        for attempt in attempts { attempt.cancel() }
    }

    func takeReply() throws(RPCError) -> RawReply? { try state.withLock { $0.outcome.take()! }.get() }

    // MARK: - Attempts

    private func beginAttempt() {
        // The caller's own deadline and cancellation are those of each attempt.
        let call = makeCall()
        let (place, isCancelled): ((@Sendable (UnaryCall) -> Void)?, Bool) = state.withLock { state in
            if state.isCancelled { return (nil, state.open == 0) }
            guard state.outcome == nil, let next = state.next else { return (nil, false) }
            if let last = state.attempts.last { call.avoid(last.lastObserver) }
            if !state.attempts.isEmpty {
                call.options.record?.noteFurtherAttempt()
                call.note(attemptsBefore: state.attempts.count)
            }
            state.attempts.append(call)
            state.open += 1
            if state.attempts.count == min(policy.maxAttempts, Self.mostAttempts) { state.next = nil }
            return (next, false)
        }
        if isCancelled { finish(.failure(call.cancelledError)) }
        guard let place else { return }
        call.begin { self.attemptEnded(call, place) }
        planNext(after: policy.delay)
        place(call)
    }

    private func planNext(after delay: Duration) {
        let timer = source.executor.loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
            if self.throttle?.allowsRetries ?? true { self.beginAttempt() }
        }
        let old = state.withLock { state in
            let old = state.timer.take()
            if state.next == nil || state.outcome != nil {
                return [old, timer]
            }
            state.timer = timer
            return [old]
        }
        for timer in old { timer?.cancel() }
    }

    private func attemptEnded(_ call: UnaryCall, _ place: @escaping @Sendable (UnaryCall) -> Void) {
        do throws(RPCError) {
            guard let reply = try call.takeReply() else {
                // No handler has seen it.
                call.begin { self.attemptEnded(call, place) }
                return place(call)
            }
            throttle?.callSucceeded()
            finish(.success(reply))
        } catch {
            failed(error)
        }
    }

    private func failed(_ error: RPCError) {
        let pushback = Pushback(error)
        let isFatal = !policy.nonFatalCodes.contains(error.code)
        if !isFatal || pushback == .never { throttle?.callFailed() }
        let (isLast, attempts) = state.withLock { state in
            state.open -= 1
            if pushback == .never || throttle?.allowsRetries == false { state.next = nil }
            return (isFatal || state.open == 0 && state.next == nil, state.attempts.count)
        }
        if isLast { return finish(.failure(error.after(attempts: attempts))) }
        // A place has become free: the next attempt needn't wait, unless the server wants it to.
        if case .after(let delay) = pushback { planNext(after: delay) } else { beginAttempt() }
    }

    private func finish(_ outcome: Result<RawReply, RPCError>) {
        let (continuation, others, timer) = state.withLock { state in
            guard state.outcome == nil, let continuation = state.continuation.take() else {
                return (UnsafeContinuation<Void, Never>?.none, [UnaryCall](), Scheduled<Void>?.none)
            }
            state.outcome = outcome
            state.next = nil
            return (continuation, state.attempts, state.timer.take())
        }
        timer?.cancel()
        for other in others { other.cancel() }
        continuation?.resume()
    }
}
