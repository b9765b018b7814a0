public import Logging
public import NIOCore

/// How a channel behaves. The defaults suit calls between services of one data centre.
public struct ChannelConfiguration: Sendable {
    /// For calls that don't choose a timeout themselves. Default: none.
    public var defaultTimeout: Duration?

    /// How long one attempt to connect may take. Default 20 s.
    public var connectTimeout: Duration = .seconds(20)

    public var backoff = Backoff()

    /// The largest response accepted, in bytes, its envelope included. Default 4 MiB.
    public var maxMessageBytes = 4 << 20

    /// Requests, in bytes, that may wait for the socket before further calls wait without being encoded.
    /// Default 1 MiB.
    public var maxQueuedBytes = 1 << 20

    /// Default: NIO's singleton group, shared by every channel and server that isn't given one.
    public var eventLoopGroup: (any EventLoopGroup)?

    public var logger = Logger(label: "martlet.client")

    public init() {}
}
