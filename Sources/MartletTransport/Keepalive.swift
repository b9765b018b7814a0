/// When one side of a connection asks the other for a sign of life, and when it gives the other up. Without timers and
/// clock: times are nanoseconds of any clock that never goes back.
///
/// ```
///                 silent for the interval: ping                 silent for the timeout: dead
///     ( listening ) ──────────────────────────▶ ( pinged ) ───────────────────────────────────▶
///            ▲                                      │
///            └────────────── anything came ─────────┘
/// ```
package struct Keepalive {
    package enum Action: Equatable {
        /// Check again then.
        case wait(until: UInt64)
        /// Send a ping with this number, and check again when the timeout has passed.
        case ping(UInt64)
        /// Nothing came within the timeout.
        case dead
    }

    private let interval: UInt64
    package let timeout: UInt64
    private var lastReceived: UInt64
    private var pingedAt: UInt64?
    private var pings: UInt64 = 0

    /// - Parameters:
    ///   - interval: Of silence, before a ping.
    ///   - timeout: For anything to come after it.
    ///   - now: When the connection began.
    package init(interval: Duration, timeout: Duration, now: UInt64) {
        self.interval = UInt64(max(1, interval.nanoseconds))
        self.timeout = UInt64(max(1, timeout.nanoseconds))
        lastReceived = now
    }

    /// Bytes came, whatever they were.
    package mutating func received(at now: UInt64) {
        lastReceived = now
        pingedAt = nil
    }

    /// Nobody needs the connection: its silence doesn't count.
    package mutating func rest(at now: UInt64) { received(at: now) }

    package mutating func check(at now: UInt64) -> Action {
        if let pingedAt {
            let end = pingedAt &+ timeout
            return now < end ? .wait(until: end) : .dead
        }
        let end = lastReceived &+ interval
        if now < end { return .wait(until: end) }
        pingedAt = now
        pings += 1
        return .ping(pings)
    }
}
