package import MartletCore

/// When one subchannel connects, waits and gives up: a state machine without sockets, timers or clock.
///
/// ```
///            call                   connected             lost, go-away
///   idle ───────────▶ connecting ───────────────▶ ready ───────────────▶ idle
///    ▲                 │      ▲
///    │ backoff passed, │      │ backoff passed,
///    │ nobody waits    ▼      │ somebody waits
///    └──────────── backingOff ┘      shutDown is reached from every state and is final
/// ```
///
/// The backoff starts again from the beginning only after the server's Hello: a port that accepts and hangs up is as
/// bad as one that refuses.
package struct Connectivity: Sendable {
    package enum State: Sendable {
        case idle
        case connecting
        case ready
        case backingOff(error: RPCError)
        case shutDown
    }

    package enum Action: Sendable, Equatable {
        case none
        case connect
        /// Fail the calls that don't wait for readiness, and tell when the time has passed.
        case backOff(Duration)
    }

    package private(set) var state = State.idle
    /// Attempts in a row that didn't reach a Hello.
    package private(set) var failedAttempts = 0
    private let backoff: Backoff

    package init(backoff: Backoff) { self.backoff = backoff }

    /// Somebody needs a connection.
    package mutating func callArrived() -> Action {
        guard case .idle = state else { return .none }
        state = .connecting
        return .connect
    }

    package mutating func connected() {
        if case .connecting = state { state = .ready }
    }

    /// The server has said Hello.
    package mutating func established() { failedAttempts = 0 }

    package mutating func connectFailed(_ error: RPCError, random: Double) -> Action {
        guard case .connecting = state else { return .none }
        return backOff(after: error, random: random)
    }

    /// The connection takes no more calls.
    package mutating func drained() {
        if case .ready = state { state = .idle }
    }

    /// The connection is gone.
    ///
    /// - Parameter wasEstablished: Whether the server had said Hello.
    package mutating func lost(_ error: RPCError, wasEstablished: Bool, random: Double) -> Action {
        guard case .ready = state else { return .none }
        if wasEstablished {
            state = .idle
            return .none
        }
        return backOff(after: error, random: random)
    }

    package mutating func backoffPassed(somebodyWaits: Bool) -> Action {
        guard case .backingOff = state else { return .none }
        state = .idle
        return somebodyWaits ? callArrived() : .none
    }

    package mutating func shutDown() { state = .shutDown }

    private mutating func backOff(after error: RPCError, random: Double) -> Action {
        failedAttempts += 1
        state = .backingOff(error: error)
        return .backOff(backoff.delay(afterAttempt: failedAttempts, random: random))
    }
}
