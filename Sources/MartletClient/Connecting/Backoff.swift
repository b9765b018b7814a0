/// How long a channel waits between attempts to connect, with gRPC's numbers
/// (https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md).
public struct Backoff: Sendable, Hashable {
    /// Before the second attempt. Default 1 s.
    public var initial: Duration
    /// At most. Default 120 s.
    public var maximum: Duration
    /// By which each wait grows. Default 1.6.
    public var multiplier: Double
    /// By which each wait varies either way, so that many clients don't come back at once. Default 0.2.
    public var jitter: Double

    /// Waits that start with `initial` and grow up to `maximum`.
    public init(
        initial: Duration = .seconds(1), maximum: Duration = .seconds(120), multiplier: Double = 1.6,
        jitter: Double = 0.2
    ) {
        self.initial = initial
        self.maximum = maximum
        self.multiplier = multiplier
        self.jitter = jitter
    }

    /// The wait after a number of failed attempts in a row.
    ///
    /// - Parameter random: From 0 to 1.
    package func delay(afterAttempt attempt: Int, random: Double) -> Duration {
        var delay = min(initial, maximum)
        for _ in 1..<max(attempt, 1) {
            delay = min(delay * multiplier, maximum)
            if delay == maximum { break }
        }
        return delay * (1 + jitter * (2 * random - 1))
    }
}
