private import Synchronization

/// The tokens that a channel's retries depend on; see ``RetryThrottling``. In thousandths, as gRPC counts them.
final class RetryThrottle: Sendable {
    private let maximum: Int
    private let ratio: Int
    private let tokens: Atomic<Int>

    init(_ throttling: RetryThrottling) {
        maximum = throttling.maxTokens * 1000
        ratio = Int(throttling.tokenRatio * 1000)
        tokens = Atomic(maximum)
    }

    func callFailed() { change(by: -1000) }
    func callSucceeded() { change(by: ratio) }

    var allowsRetries: Bool { tokens.load(ordering: .relaxed) * 2 > maximum }

    private func change(by amount: Int) {
        var current = tokens.load(ordering: .relaxed)
        while true {
            let new = min(maximum, max(0, current + amount))
            if new == current { return }
            let (exchanged, original) = tokens.weakCompareExchange(
                expected: current, desired: new, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }
}
