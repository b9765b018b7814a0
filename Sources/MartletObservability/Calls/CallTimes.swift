/// Measures calls by a clock.
struct CallTimes {
    /// Since this value was made.
    private let elapsed: @Sendable () -> Duration

    init(_ observability: Observability) { self.init(by: observability.clock) }

    private init(by clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    var now: Duration { elapsed() }
}

extension Duration {
    /// Whole nanoseconds of a time that fits, 292 years.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }

    /// In seconds, to the microsecond, such as `0.001250`.
    var secondsText: String {
        let microseconds = max(0, wholeNanoseconds) / 1000
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)"
    }
}
