public import Logging
public import MartletCore
internal import MartletTransport
public import NIOCore

/// How a server behaves. The defaults work.
public struct ServerConfiguration: Sendable {
    /// The largest request accepted, in bytes. Default 4 MiB.
    ///
    /// The memory of large messages is kept for the next: up to 16 MiB for each event loop, until a second or two after its
    /// last use.
    public var maxMessageBytes = 4 << 20

    /// Calls that one connection may have open; more are refused, safe to retry. Default 1,000.
    public var maxConcurrentCallsPerConnection = 1000

    /// Metadata of one request, counted as its keys and values and 32 bytes per field. Default 16 KiB.
    public var maxMetadataBytes = 16 << 10

    /// Bytes of requests that a stream may have on their way to its handler, read or not; then the client waits. From
    /// 64 KiB. Default 256 KiB.
    public var streamWindow = 256 << 10

    /// Bytes of requests that all streams of a connection may have on their way to the server. From 64 KiB. Default
    /// 4 MiB.
    public var connectionWindow = 4 << 20

    /// How long a client may take to say HELLO once it has connected. Default 10 s.
    public var handshakeTimeout: Duration = .seconds(10)

    /// How long a frame, and over HTTP/2 the headers of a request, may take from its first byte to its last; a client that
    /// sends half of one and waits is closed after it. Default 60 s, in which the largest frame arrives at 9 kbit/s.
    public var frameTimeout: Duration = .seconds(60)

    /// How long replies may wait on a connection whose client takes nothing of any of them, although it may give other
    /// signs of life: it gives no credit, or doesn't read. Then the connection is closed and its calls are cancelled.
    /// Nil: as long as it likes, for clients that read a stream and may rest longer. Default 5 min.
    public var stallTimeout: Duration? = .seconds(300)

    /// How clients that are gone without a word are found.
    public var keepalive = Keepalive()

    /// How long a connection may be without calls before it is closed gracefully. Default nil: for ever, as in gRPC.
    public var maxConnectionIdle: Duration?

    /// How long a connection may live, give or take a tenth, before it takes no more calls and closes when the open ones
    /// have ended; so that clients spread over new servers behind a balancer. Default nil: for ever, as in gRPC.
    public var maxConnectionAge: Duration?

    /// How long calls may go on after that; then they end with UNAVAILABLE. Default nil: to their end, as in gRPC.
    public var maxConnectionAgeGrace: Duration?

    /// Replies, in bytes, that may wait for a client that doesn't read them, per connection; beyond that no more
    /// handlers are started, and its requests aren't read either. A reply that waits for its own stream's reader
    /// doesn't count: there is at most one for each call. Default 1 MiB.
    public var maxQueuedBytes = 1 << 20

    /// How responses are made smaller for clients that can undo it. Default nil: not at all, unless a handler sets
    /// ``ServerContext/responseCompression``.
    public var responseCompression: Compression?

    /// Run around every handler, and around calls of methods that the server doesn't have. The first is the outermost.
    public var interceptors: [any ServerInterceptor] = []

    /// Paths that are answered over HTTP, on the same addresses as the services. If two have the same path, the later one
    /// counts. Default none.
    public var httpRoutes: [HTTPRoute] = []

    /// How long a handler may hold its event loop before it is named in the log, at most once a minute for each method;
    /// nil: as long as it likes. Default 50 ms.
    public var handlerHoldWarning: Duration? = .milliseconds(50)

    /// What makes the server known once it listens, before it says that it is ready, and takes it out when it shuts
    /// down. All at the same time. Default none.
    public var registrations: [any ServerRegistration] = []

    /// How long the registrations may hold up the server: its saying that it is ready, and later its end. Default 10 s.
    public var registrationTimeout: Duration = .seconds(10)

    /// How long the server goes on taking calls once it shuts down, has told its services, health among them, and has
    /// been taken out of its registries, so that callers and balancers notice before they are refused. Whoever shuts it
    /// down with no grace, or a second time with none, ends this too. Default (nil): 1 s with ``registrations``, else
    /// none.
    public var drainDelay: Duration?

    /// How long calls under way may take to finish when the server shuts down, counted from the end of ``drainDelay``.
    /// Default 30 s.
    public var shutdownGrace: Duration = .seconds(30)

    /// Whether ``RPCServer/run()`` shuts down on SIGTERM and SIGINT (the second signal ends the grace). Default true;
    /// set it to false in a `ServiceGroup` that handles signals for all its services.
    public var handlesSignals = true

    /// Default: NIO's singleton group, shared by every channel and server that isn't given one.
    public var eventLoopGroup: (any EventLoopGroup)?

    /// Gets errors of handlers that aren't `RPCError`s, handlers that hold their loop, what becomes of connections, and
    /// the shutdown. Default: the label `martlet.server`.
    public var logger = Logger(label: "martlet.server")

    /// The defaults.
    public init() {}
}

extension ServerConfiguration {
    /// Pings in both directions.
    public struct Keepalive: Sendable {
        /// How long a client may be silent before the server asks it for a sign of life; nil: as long as it likes.
        /// Default 60 s (gRPC: two hours), so that a client whose machine is gone holds nothing for long.
        public var interval: Duration? = .seconds(60)

        /// How long that sign may take before the connection is closed and its handlers cancelled. Default 20 s, as in
        /// gRPC.
        public var timeout: Duration = .seconds(20)

        /// How long a client must wait between two pings of its own. The third in a row that comes earlier closes the
        /// connection, with RESOURCE_EXHAUSTED. Default 10 s (gRPC: five minutes, though its clients may ask for 10 s).
        public var minClientInterval: Duration = .seconds(10)

        /// The defaults.
        public init() {}
    }

    var connectionTimes: ConnectionTimes {
        var times = ConnectionTimes()
        times.handshake = handshakeTimeout
        times.frame = frameTimeout
        times.stall = stallTimeout
        times.keepaliveInterval = keepalive.interval
        times.keepaliveTimeout = keepalive.timeout
        times.clientPingInterval = keepalive.minClientInterval
        times.idle = maxConnectionIdle
        times.age = maxConnectionAge
        times.ageGrace = maxConnectionAgeGrace
        return times
    }
}
