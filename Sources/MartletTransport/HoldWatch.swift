package import Logging
internal import MartletCore
private import Synchronization

/// Names the handlers that hold their event loop for long, in the log.
package final class HoldWatch: Sendable {
    /// Nanoseconds.
    package let threshold: UInt64
    private let logger: Logger
    /// When each method was named last, in nanoseconds.
    private let named = Mutex<[MethodDescriptor: UInt64]>([:])

    /// One line for each method in this many nanoseconds.
    private static let pause: UInt64 = 60_000_000_000

    package init(threshold: Duration, logger: Logger) {
        self.threshold = UInt64(max(0, threshold.nanoseconds))
        self.logger = logger
    }

    /// - Parameter now: Nanoseconds on any clock.
    func note(_ method: MethodDescriptor, nanoseconds: UInt64, now: UInt64) {
        guard nanoseconds > threshold else { return }
        let isNamed = named.withLock { named in
            if let last = named[method], now &- last < Self.pause { return false }
            named[method] = now
            return true
        }
        guard isNamed else { return }
        logger.warning(
            """
            a handler held its event loop and all other calls on it; if it computes or blocks, register its service \
            with .running(on: .globalPool, for: …)
            """,
            metadata: ["method": "\(method)", "milliseconds": "\(nanoseconds / 1_000_000)"])
    }
}
