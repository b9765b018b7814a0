public import MartletCore
private import Synchronization

/// Sheds calls that a server has no room for, by a limit that it learns from their latency: a service that is slower with
/// many calls open than with few gets fewer.
///
/// ```swift
/// configuration.interceptors = [ConcurrencyLimit()]
/// ```
///
/// A call that is shed fails with UNAVAILABLE before its handler runs, so that its client can try another server. Calls of
/// methods that stream are neither counted nor shed: how long they take tells nothing.
public final class ConcurrencyLimit: ServerInterceptor {
    private let started: any InstantSource
    private let adaptive: Mutex<AdaptiveLimit>
    private let _openCalls = Atomic(0)
    private let _shedCalls = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - initial: The limit until something is learnt. Default 50.
    ///   - bounds: What the limit stays within, above 0. Default from 4 to 1,000.
    ///   - tolerance: How much the latency may rise above the best before the limit shrinks, from 1. Default 1.5.
    ///   - window: How often it learns. Default 200 ms.
    ///   - clock: What latencies are measured with.
    public init(
        initial: Int = 50, bounds: ClosedRange<Int> = 4...1000, tolerance: Double = 1.5,
        window: Duration = .milliseconds(200), clock: any Clock<Duration> = ContinuousClock()
    ) {
        precondition(bounds.lowerBound > 0, "a limit of no calls lets none through")
        precondition(tolerance >= 1, "latencies below the best are no reason to shed")
        adaptive = Mutex(
            AdaptiveLimit(
                .init(
                    least: bounds.lowerBound, most: bounds.upperBound, initial: initial, tolerance: tolerance,
                    window: window / .seconds(1))))
        started = Self.source(clock)
    }

    /// How many calls may be open at the moment.
    public var limit: Int { adaptive.withLock { $0.limit } }
    /// Unary calls whose handlers haven't returned.
    public var openCalls: Int { _openCalls.load(ordering: .relaxed) }
    /// Since the beginning.
    public var shedCalls: UInt64 { _shedCalls.load(ordering: .relaxed) }

    public nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
        guard context.method.shape == .unary else { return try await next() }
        let open = _openCalls.wrappingAdd(1, ordering: .relaxed).newValue
        let limit = limit
        guard open <= limit else {
            _openCalls.wrappingSubtract(1, ordering: .relaxed)
            _shedCalls.wrappingAdd(1, ordering: .relaxed)
            throw RPCError(
                .unavailable, "the server has \(limit) calls open and takes no more at the moment; try another one")
        }
        let start = started.seconds
        defer {
            _openCalls.wrappingSubtract(1, ordering: .relaxed)
            let now = started.seconds
            // Who gave up early tells nothing of how long it would have taken.
            if !context.isCancelled {
                adaptive.withLock { $0.callEnded(latency: now - start, openCalls: open, now: now) }
            }
        }
        try await next()
    }

    // MARK: - Time

    /// Seconds since some beginning.
    private protocol InstantSource: Sendable {
        var seconds: Double { get }
    }

    private struct Source<C: Clock<Duration>>: InstantSource {
        let clock: C
        let beginning: C.Instant

        var seconds: Double { beginning.duration(to: clock.now) / .seconds(1) }
    }

    private static func source<C: Clock<Duration>>(_ clock: C) -> any InstantSource {
        Source(clock: clock, beginning: clock.now)
    }
}
