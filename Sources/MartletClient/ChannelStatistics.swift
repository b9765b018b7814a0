/// What a channel holds at one moment. All numbers are zero when it has shut down.
public struct ChannelStatistics: Sendable, Hashable {
    /// Whether calls can be made.
    public enum State: Sendable, Hashable {
        /// Nothing is connected; the next call connects.
        case idle
        /// An attempt to connect is under way.
        case connecting
        /// There is a connection that takes calls.
        case ready
        /// The last attempt to connect failed, at each endpoint; the next comes after a wait.
        case backingOff
        /// It takes no more calls, for good.
        case shutDown
    }

    /// Of several endpoints, ready if one is.
    public var state = State.idle
    /// Connections, those included that only finish their calls.
    public var connections = 0
    /// Calls on connections whose outcome hasn't come.
    public var calls = 0
    /// Those of ``calls`` that weren't made as unary calls.
    public var streams = 0
    /// Calls that wait for a connection. Those that wait for room on one aren't among them.
    public var waitingCalls = 0
    /// Bytes of messages that wait for the sockets, or for the server's readers.
    public var queuedBytes = 0
    /// What the target has been resolved to, in the resolver's order. Empty for a target of one address.
    public var endpoints: [EndpointStatistics] = []
    /// Whether the resolver couldn't say anything new the last time it tried, so that ``endpoints`` may be old.
    public var isStale = false
}

/// What a channel knows of one endpoint.
public struct EndpointStatistics: Sendable, Hashable, Identifiable {
    /// As the resolver gave it.
    public var endpoint: Endpoint
    /// Of its connection.
    public var state: ChannelStatistics.State
    /// Whether it may get calls: connected, serving as far as health is watched, and not ejected.
    public var isReady: Bool
    /// Whether it has failed so many calls that it gets none for a while.
    public var isEjected: Bool
    /// Calls that were sent there and whose outcome hasn't come.
    public var openCalls: Int
    /// That have ended, since the endpoint is known.
    public var calls: UInt64
    /// Those of ``calls`` that speak against the endpoint; see ``OutlierDetection``.
    public var failures: UInt64

    public var id: String { endpoint.id }
}
