/// What a server holds at one moment. Everything is zero when nobody is connected.
public struct ServerStatistics: Sendable, Hashable {
    /// Open ones, on all addresses, those included that only finish their calls.
    public var connections = 0
    /// Calls without an outcome.
    public var calls = 0
    /// Handlers that have begun and haven't returned; one may outlive its call, whose deadline has passed.
    public var tasks = 0
    /// Bytes of replies that the sockets haven't taken yet. Of each connection 16 KiB may be missing.
    public var queuedBytes = 0
    /// Bytes of requests of streams that have arrived and that no handler has read.
    public var unreadBytes = 0

    /// All zero.
    public init() {}
}
