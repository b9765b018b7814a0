internal import MartletTransport
private import Synchronization

/// The time of a test's network, for code that takes a clock: a handler that sleeps, a client that waits.
public struct TestClock: Clock {
    /// Time since the network began.
    public struct Instant: InstantProtocol {
        /// Since the network's beginning.
        public let offset: Duration

        /// So much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// The time until `other`; negative if that is earlier.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        public static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private let loop: VirtualEventLoop

    init(_ loop: VirtualEventLoop) { self.loop = loop }

    /// The network's time, which stands still while anything can go on.
    public var now: Instant { Instant(offset: .nanoseconds(loop.time.now - VirtualTime.start)) }

    /// A nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Throws `CancellationError`, as soon as the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let sleep = Sleep(loop)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                sleep.begin(until: deadline, continuation)
            }
        } onCancel: {
            sleep.end(.failure(CancellationError()))
        }
    }

    /// Waits until everything that happens by then has happened.
    func advance(to deadline: Instant) async {
        await withCheckedContinuation { continuation in
            loop.time.schedule(at: nanoseconds(deadline), late: true, on: loop) { continuation.resume() }
        }
    }

    private final class Sleep: Sendable {
        private enum State {
            case new
            case asleep(CheckedContinuation<Void, any Error>, timer: UInt64)
            case over
        }

        private let loop: VirtualEventLoop
        private let state = Mutex(State.new)

        init(_ loop: VirtualEventLoop) { self.loop = loop }

        func begin(until deadline: Instant, _ continuation: CheckedContinuation<Void, any Error>) {
            let isOver = state.withLock { state in
                if case .over = state { return true }
                let timer = loop.time.schedule(at: nanoseconds(deadline), on: loop) { self.end(.success(())) }
                state = .asleep(continuation, timer: timer)
                return false
            }
            if isOver { continuation.resume(throwing: CancellationError()) }
        }

        func end(_ result: Result<Void, any Error>) {
            let state = state.withLock { state in
                defer { state = .over }
                return state
            }
            guard case .asleep(let continuation, let timer) = state else { return }
            loop.time.cancel(timer)
            continuation.resume(with: result)
        }
    }
}

/// On the loops' clock.
private func nanoseconds(_ instant: TestClock.Instant) -> UInt64 {
    VirtualTime.start + UInt64(max(0, instant.offset.nanoseconds))
}
