internal import Logging
internal import MartletCore
internal import MartletTransport
private import Synchronization

/// Decides whether one call is made again, by its method's policy.
final class CallRetries: Retrying {
    private let method: MethodDescriptor
    private let policy: RetryPolicy
    private let throttle: RetryThrottle?
    private let random: @Sendable () -> Double
    private let logger: Logger
    private let attempts = Atomic(1)

    /// gRPC's bound on what a policy may ask for.
    private static let mostAttempts = 5

    /// - Parameter random: From 0 to 1.
    init(
        _ method: MethodDescriptor, _ policy: RetryPolicy, throttle: RetryThrottle?, logger: Logger,
        random: @escaping @Sendable () -> Double
    ) {
        self.method = method
        self.policy = policy
        self.throttle = throttle
        self.logger = logger
        self.random = random
    }

    func attemptSucceeded() { throttle?.callSucceeded() }

    func delay(after error: RPCError, remaining: Duration?) -> Duration? {
        let isRetryable = policy.retryableCodes.contains(error.code)
        let pushback = Pushback(error)
        if isRetryable || pushback == .never { throttle?.callFailed() }
        let made = attempts.load(ordering: .relaxed)
        guard isRetryable, pushback != .never, made < min(policy.maxAttempts, Self.mostAttempts),
            throttle?.allowsRetries ?? true
        else { return nil }
        let delay = if case .after(let delay) = pushback { delay } else { backoff(afterAttempt: made) }
        if let remaining, delay >= remaining { return nil }
        attempts.store(made + 1, ordering: .relaxed)
        logger.debug(
            "a call is made again",
            metadata: [
                "method": "\(method)", "attempt": "\(made + 1)", "delay": "\(delay)", "error": "\(error)",
            ])
        return delay
    }

    var attemptsBefore: Int { attempts.load(ordering: .relaxed) - 1 }

    private func backoff(afterAttempt attempt: Int) -> Duration {
        Backoff(
            initial: policy.initialBackoff, maximum: policy.maxBackoff, multiplier: policy.backoffMultiplier,
            jitter: 0.2
        ).delay(afterAttempt: attempt, random: random())
    }
}
