internal import MartletCore
internal import NIOSSL

/// The oldest version of TLS that is spoken. The newest that both sides know is used.
public enum TLSMinimumVersion: Sendable, Hashable {
    /// RFC 5246.
    case tls12
    /// RFC 8446.
    case tls13
}

/// The authorities whose certificates are believed, and those they have signed.
public enum TLSTrustRoots: Sendable, Hashable {
    /// The machine's.
    case system
    /// In PEM. Read once.
    case file(String)
    /// In PEM.
    case bytes([UInt8])

    func resolved() throws(RPCError) -> NIOSSLTrustRoots {
        switch self {
        case .system: .default
        case .file(let path): .certificates(try PEM.certificates(in: PEM.read(path), of: path))
        case .bytes(let text): .certificates(try PEM.certificates(in: text, of: "the trust roots"))
        }
    }
}

/// How a server proves who it is, and what it asks of its clients.
public struct ServerTLSConfiguration: Sendable {
    /// The server's certificate and key.
    public var identity: TLSIdentity

    /// What clients must show.
    public enum ClientCertificates: Sendable, Hashable {
        /// Clients aren't asked.
        case none
        /// A client may show one; then it must be valid. `ServerContext.peer` tells whether it did.
        case optional
        /// A client without a valid one can't connect.
        case required
    }

    /// Whether clients must prove who they are. Default: no.
    public var clientCertificates = ClientCertificates.none

    /// Who signs the clients' certificates. Default: the machine's authorities.
    public var trustRoots = TLSTrustRoots.system

    /// Default: 1.2.
    public var minimumVersion = TLSMinimumVersion.tls12

    /// What is spoken over TLS (ALPN, RFC 7301), the preferred one first. A client that names none of them, or nothing, is
    /// served all the same, by what it says first.
    package var applicationProtocols = ["h2", "martlet", "http/1.1"]

    /// A certificate, and the defaults for all else.
    public init(identity: TLSIdentity) { self.identity = identity }
}

/// What a client asks of servers, and how it proves who it is.
public struct ClientTLSConfiguration: Sendable {
    /// Who signs the servers' certificates. Default: the machine's authorities.
    public var trustRoots = TLSTrustRoots.system

    /// What the client shows to a server that asks. Default: nothing.
    public var identity: TLSIdentity?

    /// The name, no address, that the server's certificate must have. Default: the target's host.
    public var serverName: String?

    /// Default: 1.2.
    public var minimumVersion = TLSMinimumVersion.tls12

    /// The defaults.
    public init() {}
}

extension TLSMinimumVersion {
    var version: TLSVersion {
        switch self {
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}
