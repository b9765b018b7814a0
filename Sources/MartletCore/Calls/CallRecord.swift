private import Synchronization

/// What a channel notes about one call, for whoever wants to know more than its outcome: an interceptor that logs, or a
/// test of balancing. Put it into ``CallOptions/record``.
public final class CallRecord: Sendable {
    private let state = Mutex<(server: String?, attempts: Int)>((nil, 1))

    /// For one call.
    public init() {}

    /// The address of the server that the last attempt went to, such as `tcp://10.0.0.1:7000`; nil if none was reached.
    public var server: String? { state.withLock { $0.server } }

    /// How often the call was made.
    public var attempts: Int { state.withLock { $0.attempts } }

    package func note(server: String) { state.withLock { $0.server = server } }
    package func noteFurtherAttempt() { state.withLock { $0.attempts += 1 } }
}
