internal import MartletCore

/// When a client's connection gives up waiting for a Hello, pings, gives up a silent server, and closes for want of
/// calls. Without timers and clock: times are nanoseconds of any clock that never goes back.
package struct ConnectionClock {
    package struct Settings: Sendable {
        /// How long the server may take to say Hello; nil without end.
        package var handshakeTimeout: Duration? = .seconds(10)
        /// Silence before a ping; nil for none.
        package var pingInterval: Duration?
        package var pingTimeout: Duration = .seconds(20)
        package var pingsWithoutCalls = false
        /// How long a connection without calls stays; nil without end.
        package var idleTimeout: Duration?

        package init() {}
    }

    package enum Action: Equatable {
        /// Nothing to do until then; nil: never.
        case wait(until: UInt64?)
        case ping(UInt64)
        case handshakeTimedOut
        case keepaliveTimedOut
        /// Nobody has used the connection for long.
        case closeIdle
    }

    private let settings: Settings
    private var handshakeEnd: UInt64?
    private var keepalive: Keepalive?
    private var idleSince: UInt64

    package init(_ settings: Settings, now: UInt64) {
        self.settings = settings
        handshakeEnd = settings.handshakeTimeout.map { now &+ UInt64(max(0, $0.nanoseconds)) }
        idleSince = now
    }

    /// The server has said Hello, or needn't.
    ///
    /// - Parameter hasPing: Whether its wire has one.
    package mutating func established(at now: UInt64, hasPing: Bool) {
        handshakeEnd = nil
        guard hasPing, let interval = settings.pingInterval else { return }
        keepalive = Keepalive(interval: interval, timeout: settings.pingTimeout, now: now)
    }

    package mutating func received(at now: UInt64) { keepalive?.received(at: now) }

    package mutating func callsEnded(at now: UInt64) { idleSince = now }

    package mutating func check(at now: UInt64, hasCalls: Bool) -> Action {
        var next: UInt64?
        func wait(until time: UInt64) { next = min(next ?? time, time) }

        if let handshakeEnd {
            if now >= handshakeEnd { return .handshakeTimedOut }
            wait(until: handshakeEnd)
        }
        if keepalive != nil {
            if !hasCalls, !settings.pingsWithoutCalls { keepalive!.rest(at: now) }
            switch keepalive!.check(at: now) {
            case .dead: return .keepaliveTimedOut
            case .ping(let number): return .ping(number)
            case .wait(let time): wait(until: time)
            }
        }
        if let idleTimeout = settings.idleTimeout {
            if hasCalls { idleSince = now }
            let end = idleSince &+ UInt64(max(0, idleTimeout.nanoseconds))
            if now >= end { return .closeIdle }
            wait(until: end)
        }
        return .wait(until: next)
    }
}
