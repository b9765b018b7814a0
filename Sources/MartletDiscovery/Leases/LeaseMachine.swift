internal import MartletClient
internal import MartletCore
internal import MartletTransport

/// When an instance is put into a registry, renewed, and put in again: a state machine without clock or registry.
///
/// ```
///             put              lease not found, or its time over without a renewal
///    out ────────────▶ held ───────────────────────────────────────────────────────▶ out
///     ▲ │ failed:       ▲ │ a third of its time over: renew; changed: put again
///     └─┘ wait, longer  └─┘ failed: wait, not past its end
///         each time
/// ```
///
/// Times are nanoseconds of one clock; chance is passed in, from 0 to 1.
struct LeaseMachine {
    enum Action: Equatable {
        /// Under a new lease if there is none.
        case put(LeaseGrant?)
        case renew(LeaseGrant)
        case wait(until: UInt64)
    }

    private enum State {
        case out
        case held(LeaseGrant, expires: UInt64)
    }

    private var state = State.out
    /// When to renew, or to try again.
    private var next: UInt64 = 0
    /// Attempts in a row.
    private var failures = 0
    /// Whether the registry has what the instance is now, or is about to.
    private var isCurrent = true
    private var wasRegistered = false

    /// Between attempts while nothing is registered.
    private static let backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(30))

    /// What to do now. What comes of it is told before this is asked again.
    mutating func action(at now: UInt64) -> Action {
        switch state {
        case .out where now < next: return .wait(until: next)
        case .out:
            isCurrent = true
            return .put(nil)
        // After a failure the wait holds for changes, too.
        case .held where now < next && (isCurrent || failures > 0): return .wait(until: next)
        case .held(let grant, _) where !isCurrent:
            isCurrent = true
            return .put(grant)
        case .held(let grant, _): return .renew(grant)
        }
    }

    /// The instance isn't what it was.
    mutating func changed() { isCurrent = false }

    /// - Parameter sent: When it was asked for, from which the lease counts at the earliest.
    mutating func wasPut(_ grant: LeaseGrant, sent: UInt64, random: Double) -> LeaseEvent {
        failures = 0
        if case .held(let held, _) = state, held.id == grant.id { return .updated }
        hold(grant, from: sent, random)
        defer { wasRegistered = true }
        return wasRegistered ? .registeredAgain : .registered
    }

    mutating func wasRenewed(sent: UInt64, random: Double) -> LeaseEvent {
        failures = 0
        if case .held(let grant, _) = state { hold(grant, from: sent, random) }
        return .renewed
    }

    mutating func failed(_ action: Action, _ error: RPCError, at now: UInt64, random: Double) -> LeaseEvent {
        if case .put = action { isCurrent = false }
        guard case .held(let grant, let expires) = state else {
            failures += 1
            next = now + Self.backoff.delay(afterAttempt: failures, random: random).positiveNanoseconds
            return .failed(error)
        }
        if error.code == .notFound || now >= expires {
            state = .out
            failures = 0
            next = now
            return .lost(error)
        }
        failures += 1
        let backoff = Backoff(initial: grant.ttl / 20, maximum: grant.ttl / 3)
        next = min(now + backoff.delay(afterAttempt: failures, random: random).positiveNanoseconds, expires)
        return .failed(error)
    }

    /// The lease to end when the instance is taken out.
    var grant: LeaseGrant? { if case .held(let grant, _) = state { grant } else { nil } }

    /// Renews after a third of its time, a tenth of that more or less, so that many instances don't come at once.
    private mutating func hold(_ grant: LeaseGrant, from sent: UInt64, _ random: Double) {
        state = .held(grant, expires: sent + grant.ttl.positiveNanoseconds)
        next = sent + (grant.ttl / 3 * (0.9 + 0.2 * random)).positiveNanoseconds
    }
}

extension Duration {
    fileprivate var positiveNanoseconds: UInt64 { UInt64(max(0, nanoseconds)) }
}
