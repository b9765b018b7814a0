public import MartletTransport

/// An address that a server listens on.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case inProcess(InProcessTransport)
    }

    let kind: Kind

    /// A TCP port.
    ///
    /// - Parameters:
    ///   - host: A name or address, such as `127.0.0.1`, `::1` or `0.0.0.0`.
    ///   - port: 0 lets the system choose a free one; ``RPCServer/addresses`` tells which.
    public static func tcp(_ host: String, _ port: Int) -> ListenAddress {
        ListenAddress(kind: .tcp(host: host, port: port))
    }

    /// Channels of this process that are made with the same transport.
    public static func inProcess(_ transport: InProcessTransport) -> ListenAddress {
        ListenAddress(kind: .inProcess(transport))
    }

    /// Empty for an address that isn't TCP.
    public var host: String { if case .tcp(let host, _) = kind { host } else { "" } }

    /// 0 for an address that isn't TCP.
    public var port: Int { if case .tcp(_, let port) = kind { port } else { 0 } }

    /// Such as `127.0.0.1:7000` or `in-process:users`.
    public var description: String {
        switch kind {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .inProcess(let transport): transport.description
        }
    }
}
