public import Logging
public import MartletCore
public import NIOCore

/// How a server behaves. The defaults work.
public struct ServerConfiguration: Sendable {
    /// The largest request accepted, in bytes, its envelope included. Default 4 MiB.
    public var maxMessageBytes = 4 << 20

    /// Calls that one connection may have open; more are refused, safe to retry. Default 1,000.
    public var maxConcurrentCallsPerConnection = 1000

    /// Metadata of one request, counted as its keys and values and 32 bytes per field. Default 16 KiB.
    public var maxMetadataBytes = 16 << 10

    /// How long a client may take to say HELLO once it has connected. Default 10 s.
    public var handshakeTimeout: Duration = .seconds(10)

    /// Replies, in bytes, that may wait for a client that doesn't read them, per connection; beyond that its
    /// requests aren't read either. Default 1 MiB.
    public var maxQueuedBytes = 1 << 20

    /// How responses are made smaller for clients that can undo it. Default nil: not at all, unless a handler sets
    /// ``ServerContext/responseCompression``.
    public var responseCompression: Compression?

    /// Run around every handler, and around calls of methods that the server doesn't have. The first is the outermost.
    public var interceptors: [any ServerInterceptor] = []

    /// How long a handler may hold its event loop before it is named in the log, at most once a minute for each method;
    /// nil: as long as it likes. Default 50 ms.
    public var handlerHoldWarning: Duration? = .milliseconds(50)

    /// How long calls under way may take to finish when the server shuts down. Default 30 s.
    public var shutdownGrace: Duration = .seconds(30)

    /// Whether ``RPCServer/run()`` shuts down on SIGTERM and SIGINT (the second signal ends the grace). Default true;
    /// set it to false in a `ServiceGroup` that handles signals for all its services.
    public var handlesSignals = true

    /// Default: NIO's singleton group, shared by every channel and server that isn't given one.
    public var eventLoopGroup: (any EventLoopGroup)?

    public var logger = Logger(label: "martlet.server")

    public init() {}
}
