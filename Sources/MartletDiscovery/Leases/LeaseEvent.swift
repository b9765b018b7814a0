public import MartletCore

/// What happens to an instance that is kept registered.
public enum LeaseEvent: Sendable, Hashable {
    case registered
    case renewed
    /// A change of the instance is in the registry.
    case updated
    /// An attempt to do one of these failed; another follows.
    case failed(RPCError)
    /// The registry has taken the instance out, or would have if it couldn't be reached for as long as the lease lasts. It
    /// is put in again as soon as possible.
    case lost(RPCError)
    case registeredAgain
}
