internal import MartletCore
internal import MartletTransport
private import Synchronization

/// What one endpoint has to do, and how it does it: counted without a lock, kept as long as the endpoint is.
final class EndpointLoad: CallObserver {
    private let executor: LoopExecutor
    private let _openCalls = Atomic(0)
    private let _calls = Atomic<UInt64>(0)
    private let _failures = Atomic<UInt64>(0)
    private let successesOfInterval = Atomic(0)
    private let failuresOfInterval = Atomic(0)
    /// An average in nanoseconds, to which later calls count more; 0: not known.
    private let latency = Atomic<UInt64>(0)
    private let latencyTime = Atomic<UInt64>(0)

    /// After so long without news an endpoint is given half of its latency: it may have become better, and gets a call to
    /// show it.
    private static let latencyHalfLife: UInt64 = 1_000_000_000
    /// Latencies that differ by less are taken for the same: by chance, and by cold caches, they always differ.
    private static let latencyTolerance: UInt64 = 4
    /// What an error counts at the least, in nanoseconds, so that failing fast isn't taken for being fast.
    private static let leastErrorLatency: UInt64 = 10_000_000

    init(executor: LoopExecutor) { self.executor = executor }

    var openCalls: Int { _openCalls.load(ordering: .relaxed) }
    /// Since the endpoint is known.
    var calls: UInt64 { _calls.load(ordering: .relaxed) }
    var failures: UInt64 { _failures.load(ordering: .relaxed) }

    // MARK: - Calls

    func callBegins() { _openCalls.wrappingAdd(1, ordering: .relaxed) }

    func callWasNotPlaced() { _openCalls.wrappingSubtract(1, ordering: .relaxed) }

    func callEnded(_ error: RPCError?, startedAt start: UInt64) {
        _openCalls.wrappingSubtract(1, ordering: .relaxed)
        _calls.wrappingAdd(1, ordering: .relaxed)
        if let error, error.code.blamesEndpoint {
            _failures.wrappingAdd(1, ordering: .relaxed)
            failuresOfInterval.wrappingAdd(1, ordering: .relaxed)
            let now = executor.uptimeNanoseconds
            note(max(now &- start, 2 * latency(at: now), Self.leastErrorLatency), at: now)
        } else {
            successesOfInterval.wrappingAdd(1, ordering: .relaxed)
            // A cancelled call tells nothing of how long it would have taken.
            guard error?.code != .cancelled else { return }
            let now = executor.uptimeNanoseconds
            note(now &- start, at: now)
        }
    }

    // MARK: - Latency

    /// Two calls that end at once may lose one's sample, which does no harm.
    private func note(_ sample: UInt64, at now: UInt64) {
        let old = latency(at: now)
        let new =
            old == 0
            ? sample : sample > old ? old &+ (sample &- old) / 4 : old &- (old &- sample) / 16
        latency.store(max(1, new), ordering: .relaxed)
        latencyTime.store(now, ordering: .relaxed)
    }

    private func latency(at now: UInt64) -> UInt64 {
        let age = now &- min(now, latencyTime.load(ordering: .relaxed))
        return latency.load(ordering: .relaxed) >> min(age / Self.latencyHalfLife, 63)
    }

    /// Whether one more call is better put here than there.
    ///
    /// - Parameters:
    ///   - weight: Of this endpoint.
    ///   - otherWeight: Of the other.
    func isBetter(than other: EndpointLoad, weight: Double, otherWeight: Double, now: UInt64) -> Bool {
        var here = Double(openCalls + 1) * otherWeight
        var there = Double(other.openCalls + 1) * weight
        let (latency, otherLatency) = (latency(at: now), other.latency(at: now))
        // Nothing is known of an endpoint without calls.
        if latency > 0, otherLatency > 0,
            max(latency, otherLatency) / Self.latencyTolerance >= min(latency, otherLatency)
        {
            here *= Double(latency)
            there *= Double(otherLatency)
        }
        return here < there
    }

    // MARK: - Outliers

    /// The calls since this was asked last.
    func takeInterval() -> (successes: Int, failures: Int) {
        (
            successesOfInterval.exchange(0, ordering: .relaxed),
            failuresOfInterval.exchange(0, ordering: .relaxed)
        )
    }
}

extension StatusCode {
    /// Whether a call that ends so speaks against the endpoint, and not against the call.
    var blamesEndpoint: Bool {
        switch self {
        case .unavailable, .unknown, .internalError, .dataLoss, .deadlineExceeded, .resourceExhausted: true
        default: false
        }
    }
}
