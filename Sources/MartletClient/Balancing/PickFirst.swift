internal import MartletCore
internal import MartletTransport

/// Chooses the one endpoint for all calls: a state machine without sockets and clock.
struct PickFirst: Sendable {
    struct Decision: Equatable {
        /// The endpoint for all calls, as its place in the list.
        var selected: Int?
        /// The one that is to connect.
        var connects: Int?
        /// When to look again although nothing has changed, in nanoseconds.
        var again: UInt64?
    }

    /// How long an attempt goes on before the next endpoint is tried beside it (RFC 8305, section 8; gRPC A61).
    static let attemptDelay: UInt64 = 250_000_000

    private var selected: String?

    /// - Parameters:
    ///   - conditions: Of all endpoints, in the order of preference.
    ///   - now: Nanoseconds on the clock of the conditions.
    mutating func decide(
        _ conditions: [(id: String, condition: Subchannel.Condition)], now: UInt64
    ) -> Decision {
        if let index = conditions.firstIndex(where: { $0.id == selected && $0.condition.isReady })
            ?? conditions.firstIndex(where: { $0.condition.isReady })
        {
            selected = conditions[index].id
            return Decision(selected: index)
        }
        selected = nil
        var decision = Decision()
        for (index, (_, condition)) in conditions.enumerated() {
            switch condition {
            case .idle:
                decision.connects = index
                decision.again = now &+ Self.attemptDelay
                return decision
            case .connecting(let since, lastError: nil) where now < since &+ Self.attemptDelay:
                decision.again = since &+ Self.attemptDelay
                return decision
            case .connecting, .failing, .ready, .shutDown:
                break
            }
        }
        return decision
    }
}

extension Subchannel.Condition {
    var isReady: Bool { if case .ready = self { true } else { false } }

    /// Of the last attempt to connect, if it failed and none has worked since.
    var error: RPCError? {
        switch self {
        case .failing(let error): error
        case .connecting(_, let error): error
        case .idle, .ready, .shutDown: nil
        }
    }
}
