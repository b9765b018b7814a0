package import MartletCore

/// How long a server's connection may take for what, and how long it may live. Nil: as long as it likes.
package struct ConnectionTimes: Sendable {
    /// Until the client's first words. Default 10 s.
    package var handshake = Duration.seconds(10)
    /// From a frame's first byte to its last. Default 60 s.
    package var frame = Duration.seconds(60)
    /// Silence after which the client is asked for a sign of life. Default 60 s.
    package var keepaliveInterval: Duration? = .seconds(60)
    /// Until that sign. Default 20 s.
    package var keepaliveTimeout = Duration.seconds(20)
    /// Between two pings of the client. Default 10 s.
    package var clientPingInterval = Duration.seconds(10)
    /// Without calls. Default nil.
    package var idle: Duration?
    /// From the beginning until the connection takes no more calls, give or take a tenth. Default nil.
    package var age: Duration?
    /// For the calls that are open then. Default nil.
    package var ageGrace: Duration?
    /// For replies to wait of which the client takes nothing. Default 5 min.
    package var stall: Duration? = .seconds(300)
    /// Until the client has taken the last words. Default 10 s.
    package var closing = Duration.seconds(10)

    package init() {}
}

/// Decides when a server's connection asks for a sign of life, drains or closes. Times are nanoseconds on any clock that
/// never goes back; nobody is told when they come: ask ``next``, then ``due(_:)``.
///
/// ```
///   handshake ── established ──▶ open ── idle or old ──▶ draining ── grace is over ──▶ ended
///       │                         │                         │
///       └─────── too slow ────────┴──── silent, slow, ──────┴──────▶ closing ── not taken ──▶ ended
///                                       stalled or too many pings
/// ```
package struct ConnectionLifecycle: Sendable {
    package enum Action: Sendable, Hashable {
        /// Send a ping.
        case ping(UInt64)
        /// Take no more calls, and close when the open ones have ended.
        case drain(reason: String)
        /// End the open calls, with UNAVAILABLE and the reason, and close.
        case endCalls(reason: String)
        /// Tell the client why, and close.
        case close(StatusCode, String)
        /// Close without a word: nobody listens.
        case abort(reason: String)
    }

    private let times: ConnectionTimes
    private var handshakeDue = UInt64.max
    private var frameDue = UInt64.max
    private var pongDue = UInt64.max
    private var idleDue = UInt64.max
    private var ageDue = UInt64.max
    private var graceDue = UInt64.max
    private var closingDue = UInt64.max
    private var stallDue = UInt64.max
    /// As the wire counted them last.
    private var sentBytes = 0
    private var isEstablished = false
    private var hasPing = true
    private var lastReceived: UInt64
    private var lastClientPing: UInt64?
    private var strikes = 0
    private var pings: UInt64 = 0

    /// Pings that may come too early before the connection is closed for it, as in gRPC.
    private static let maximumStrikes = 2

    /// - Parameter jitter: From -1 to 1: which part of the tenth is added to the age, so that connections that began
    ///   together don't end together.
    package init(_ times: ConnectionTimes, jitter: Double, now: UInt64) {
        self.times = times
        lastReceived = now
        handshakeDue = now.later(by: times.handshake)
        if let age = times.age { ageDue = now.later(by: age * (1 + 0.1 * jitter)) }
    }

    // MARK: - What happens

    /// The client's wire is known.
    package mutating func established(now: UInt64) {
        isEstablished = true
        handshakeDue = .max
        callsEnded(now: now)
    }

    /// Bytes came in. Whatever they are, they are a sign of life.
    package mutating func received(now: UInt64) {
        lastReceived = now
        pongDue = .max
    }

    /// What has come in doesn't end with a frame.
    ///
    /// - Parameter isNew: Whether that frame has just begun.
    package mutating func waitsForFrame(isNew: Bool, now: UInt64) {
        if isNew || frameDue == .max { frameDue = now.later(by: times.frame) }
    }

    /// What has come in ends with a frame, or isn't read.
    package mutating func waitsForNothing() { frameDue = .max }

    /// Messages wait for the client to read, or to give credit; or none does.
    ///
    /// - Parameter sent: Bytes of messages that have left so far, of these or others.
    package mutating func messagesWait(_ isWaiting: Bool, sent: Int, now: UInt64) {
        guard isWaiting, closingDue == .max, let stall = times.stall else {
            stallDue = .max
            return
        }
        if stallDue == .max || sent != sentBytes { stallDue = now.later(by: stall) }
        sentBytes = sent
    }

    /// The first call has begun.
    package mutating func callsBegan() { idleDue = .max }

    /// The last open call has ended.
    package mutating func callsEnded(now: UInt64) {
        if isEstablished, let idle = times.idle { idleDue = now.later(by: idle) }
    }

    /// The client's wire has no pings.
    package mutating func cannotPing() {
        hasPing = false
        pongDue = .max
    }

    package mutating func clientPinged(now: UInt64) -> Action? {
        defer { lastClientPing = now }
        guard let lastClientPing, now < lastClientPing.later(by: times.clientPingInterval) else {
            strikes = 0
            return nil
        }
        strikes += 1
        guard strikes > Self.maximumStrikes else { return nil }
        return .close(
            .resourceExhausted, "too many pings: this server takes one every \(times.clientPingInterval), not more")
    }

    /// Takes no more calls.
    package mutating func drained() {
        idleDue = .max
        ageDue = .max
    }

    /// The last words are written.
    package mutating func closing(now: UInt64) {
        drained()
        handshakeDue = .max
        frameDue = .max
        pongDue = .max
        graceDue = .max
        stallDue = .max
        closingDue = now.later(by: times.closing)
    }

    // MARK: - What follows

    private var pingDue: UInt64 {
        guard isEstablished, hasPing, pongDue == .max, closingDue == .max, let interval = times.keepaliveInterval else {
            return .max
        }
        return lastReceived.later(by: interval)
    }

    /// When ``due(_:)`` is to be asked at the latest.
    package var next: UInt64 {
        min(min(handshakeDue, frameDue, pingDue, pongDue), min(idleDue, ageDue, graceDue, closingDue), stallDue)
    }

    /// What is to be done by now, one thing at a time.
    package mutating func due(_ now: UInt64) -> Action? {
        if closingDue <= now {
            closingDue = .max
            return .abort(reason: "the client didn't take the last words within \(times.closing)")
        }
        if handshakeDue <= now {
            handshakeDue = .max
            return .close(
                .deadlineExceeded, "no HELLO within \(times.handshake); is the peer a Martlet client?")
        }
        if frameDue <= now {
            frameDue = .max
            return .close(.deadlineExceeded, "a frame took more than \(times.frame)")
        }
        if stallDue <= now {
            stallDue = .max
            return .close(
                .deadlineExceeded, "the client took nothing of its replies for \(times.stall ?? .zero)")
        }
        if pongDue <= now {
            pongDue = .max
            return .abort(reason: "no sign of life within \(times.keepaliveTimeout) after a ping")
        }
        if graceDue <= now {
            graceDue = .max
            return .endCalls(reason: "the connection reached its greatest age before the call had ended")
        }
        if ageDue <= now {
            if let grace = times.ageGrace { graceDue = now.later(by: grace) }
            drained()
            return .drain(reason: "the connection has reached its greatest age")
        }
        if idleDue <= now {
            drained()
            return .drain(reason: "the connection had no calls for \(times.idle ?? .zero)")
        }
        if pingDue <= now {
            pongDue = now.later(by: times.keepaliveTimeout)
            pings += 1
            return .ping(pings)
        }
        return nil
    }
}

extension UInt64 {
    fileprivate func later(by duration: Duration) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(UInt64(Swift.max(0, duration.nanoseconds)))
        return overflow ? .max : sum
    }
}
