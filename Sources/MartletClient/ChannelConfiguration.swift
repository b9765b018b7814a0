public import Logging
public import MartletCore
public import MartletTransport
internal import MartletWire
public import NIOCore

/// How a channel behaves. The defaults suit calls between services of one data centre.
public struct ChannelConfiguration: Sendable {
    // MARK: - Calls

    /// For calls that don't choose a timeout themselves. Default: none.
    public var defaultTimeout: Duration?

    /// For calls that don't choose a compression themselves. Default: none.
    public var defaultCompression: Compression?

    /// Run around the calls of every shape; the first is the outermost. Default: none.
    public var interceptors: [any ClientInterceptor] = []

    /// The largest response accepted, in bytes, inflated if it comes compressed. Default 4 MiB.
    public var maxMessageBytes = 4 << 20

    /// Requests, in bytes, that may wait for the socket before further calls wait without being encoded.
    /// Default 1 MiB.
    public var maxQueuedBytes = 1 << 20

    // MARK: - Endpoints

    /// How calls are spread over the endpoints of a target that has several.
    public var loadBalancing = LoadBalancing()

    /// How the methods of the service are called, unless the target's resolver says it: timeouts, retries, hedging. Default:
    /// nil.
    public var serviceConfig: ServiceConfig?

    /// How often `dns` and `srv` targets are looked up, besides when an endpoint is lost. Default 30 s.
    public var dnsInterval: Duration = .seconds(30)

    /// Whether the service config of `dns` and `srv` targets is looked up too, in the TXT records of `_grpc_config.HOST`
    /// (gRPC A2). Default false: who can answer for DNS can change how calls are made then.
    public var usesServiceConfigOfDNS = false

    /// For targets of more schemes than the channel knows by itself. Default: none.
    public var resolvers: [any Resolver] = []

    // MARK: - Connections

    /// The protocol to speak, unless the target says it (`?wire=grpc`). Default: Martlet's own.
    public var wire = Wire.native

    /// The server's name in gRPC's requests (`:authority`). Default: the target's host and port.
    public var authority: String?

    /// Such as `.tls()`, from MartletTLS, for `tcp` targets. Default: none; everybody on the way can read and change
    /// what is sent.
    public var security: ClientSecurity?

    /// How long one attempt to connect may take, with TLS until its handshake is done. Default 20 s.
    public var connectTimeout: Duration = .seconds(20)

    /// How long the server may take to say Hello once it has accepted the connection. Default 10 s.
    public var handshakeTimeout: Duration = .seconds(10)

    /// Connections to one server: a further one is made when as many calls are open on the others as the server allows
    /// (``RPCServer``: 1,000, many gRPC servers: 100). Default 4.
    public var maxConnectionsPerEndpoint = 4

    /// How the waits between attempts to connect grow.
    public var backoff = Backoff()

    /// Signs of life that are asked of a silent server. Default: after 30 s, while calls are open; nil for none.
    public var keepalive: Keepalive? = Keepalive()

    /// How long a connection without calls stays; the next call connects again. Default 30 minutes; nil without end.
    public var idleTimeout: Duration? = .seconds(30 * 60)

    /// Default: NIO's singleton group, shared by every channel and server that isn't given one.
    public var eventLoopGroup: (any EventLoopGroup)?

    /// Gets what ``connectionLogLevel`` names, and what is believed of endpoints. Default: the label `martlet.client`.
    public var logger = Logger(label: "martlet.client")

    /// At which connections that come, go and fail are logged, and endpoints that are ejected. Default debug;
    /// MartletObservability makes it info.
    public var connectionLogLevel = Logger.Level.debug

    /// The defaults.
    public init() {}
}

extension ChannelConfiguration {
    /// How a client speaks to a server.
    public enum Wire: String, Sendable, Hashable, CaseIterable {
        /// Martlet's own protocol.
        case native
        /// Plain ttrpc: without cancellation, flow control and large messages.
        case ttrpc
        /// gRPC over HTTP/2, as servers of any language speak it.
        case grpc
    }

    /// When a server that says nothing is asked for a sign of life, and when it is given up: its calls fail with
    /// UNAVAILABLE then.
    public struct Keepalive: Sendable, Hashable {
        /// Of silence before the question. Default 30 s; on the gRPC wire at least five minutes, since its servers close
        /// the connections of clients that ask more often.
        public var interval: Duration
        /// For any answer to it. Default 20 s.
        public var timeout: Duration
        /// Whether to ask too while no call is open. Default false.
        public var withoutCalls: Bool

        /// Keepalive, by default as a channel has it.
        public init(interval: Duration = .seconds(30), timeout: Duration = .seconds(20), withoutCalls: Bool = false) {
            self.interval = interval
            self.timeout = timeout
            self.withoutCalls = withoutCalls
        }

        /// With some room for the server's clock.
        fileprivate static let leastGRPCInterval: Duration = .seconds(5 * 60 + 10)
    }

    /// What it means for one connection.
    ///
    /// - Parameter authority: The target's host and port, if it has them.
    func connectionConfiguration(wire: Wire, authority: String?) -> ClientConnectionConfiguration {
        var connection = ClientConnectionConfiguration()
        connection.wire = wire.kind
        connection.authority = self.authority ?? authority ?? connection.authority
        connection.limits.maxMessageBytes = maxMessageBytes
        connection.limits.compressions = Compression.allCases.map(\.rawValue)
        connection.maxQueuedBytes = maxQueuedBytes
        connection.isSecured = security != nil
        connection.clock.handshakeTimeout = wire == .ttrpc ? nil : handshakeTimeout
        connection.clock.idleTimeout = idleTimeout
        if let keepalive {
            connection.clock.pingInterval =
                wire == .grpc ? max(keepalive.interval, Keepalive.leastGRPCInterval) : keepalive.interval
            connection.clock.pingTimeout = keepalive.timeout
            connection.clock.pingsWithoutCalls = keepalive.withoutCalls
        }
        return connection
    }
}

extension ChannelConfiguration.Wire {
    fileprivate var kind: WireKind {
        switch self {
        case .native: .native
        case .ttrpc: .ttrpc
        case .grpc: .grpc
        }
    }

    /// What the sides of a TLS connection agree on before it is spoken (ALPN, RFC 7301); plain ttrpc has no name.
    var applicationProtocols: [String] {
        switch self {
        case .native: ["martlet"]
        case .ttrpc: []
        case .grpc: ["h2"]
        }
    }
}
