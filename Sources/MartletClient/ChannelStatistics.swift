/// What a channel holds at one moment. All numbers are zero when it has shut down.
public struct ChannelStatistics: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        /// Nothing is connected; the next call connects.
        case idle
        case connecting
        /// There is a connection that takes calls.
        case ready
        /// The last attempt to connect failed; the next comes after a wait.
        case backingOff
        case shutDown
    }

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
}
