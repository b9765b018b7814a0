public import Logging
public import MartletTransport
public import NIOCore

/// How a registry in etcd is reached, and where in it the services are. The defaults suit an etcd without users.
public struct EtcdConfiguration: Sendable {
    /// What the keys of instances begin with; `SERVICE/ID` follows. Default `/martlet/services/`.
    public var prefix = "/martlet/services/"

    /// For an etcd with users: one that may read and write the keys of the prefix. Default: none.
    public var credentials: Credentials?

    /// Such as `.tls(…)`, from MartletTLS. Default: none; everybody on the way can read and change what is sent.
    public var security: ClientSecurity?

    /// How long one member of etcd may take to answer before the next is asked. Default 5 s.
    public var requestTimeout: Duration = .seconds(5)

    /// How long a watch may be silent before etcd is asked for a sign of life, for which it has ``requestTimeout``.
    /// Default 30 s.
    public var watchCheckInterval: Duration = .seconds(30)

    /// Instances of one service; looking for one that has more fails with RESOURCE_EXHAUSTED. Default 10,000.
    public var maxInstances = 10_000

    /// Default: NIO's singleton group, shared by every channel and server that isn't given one.
    public var eventLoopGroup: (any EventLoopGroup)?

    /// Gets the members of etcd that don't answer. Default: the label `martlet.etcd`.
    public var logger = Logger(label: "martlet.etcd")

    /// The defaults.
    public init() {}

    /// A user of etcd.
    public struct Credentials: Sendable {
        /// As `etcdctl user add` named it.
        public var user: String
        /// Sent to etcd to get a token with; use ``EtcdConfiguration/security``.
        public var password: String

        /// A name and its password.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }
}
