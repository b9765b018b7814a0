public import MartletTransport

/// An address that a server listens on.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case tcp(host: String, port: Int, security: ServerSecurity?)
        case unix(UnixAddress, mode: UInt16?)
        case inProcess(InProcessTransport)
    }

    let kind: Kind

    /// A TCP port.
    ///
    /// - Parameters:
    ///   - host: A name or address, such as `127.0.0.1`, `::1` or `0.0.0.0`.
    ///   - port: 0 lets the system choose a free one; ``RPCServer/addresses`` tells which.
    ///   - security: Such as `.tls(…)`, from MartletTLS. Default: none; everybody on the way can read and change what
    ///     is sent.
    public static func tcp(_ host: String, _ port: Int, security: ServerSecurity? = nil) -> ListenAddress {
        ListenAddress(kind: .tcp(host: host, port: port, security: security))
    }

    /// A Unix-domain socket, for clients of the same machine. ``ServerContext/peer`` tells which process each is.
    ///
    /// The server makes the file and removes it when it shuts down. It replaces a socket's file on which nobody
    /// listens, as a server that was killed leaves it, but no other file.
    ///
    /// - Parameters:
    ///   - path: At most 107 bytes on Linux, 103 on macOS. A relative one starts at the working directory.
    ///   - mode: The file's permissions, such as 0o660: who may write may connect. Default: as the process's umask has
    ///     it.
    public static func unix(_ path: String, mode: UInt16? = nil) -> ListenAddress {
        ListenAddress(kind: .unix(.file(path: path), mode: mode))
    }

    /// A Unix-domain socket with a name instead of a file. Linux only; any user of the machine can connect.
    public static func unixAbstract(_ name: String) -> ListenAddress {
        ListenAddress(kind: .unix(.abstract(name: name), mode: nil))
    }

    /// Channels of this process that are made with the same transport.
    public static func inProcess(_ transport: InProcessTransport) -> ListenAddress {
        ListenAddress(kind: .inProcess(transport))
    }

    /// Empty for an address that isn't TCP.
    public var host: String { if case .tcp(let host, _, _) = kind { host } else { "" } }

    /// 0 for an address that isn't TCP.
    public var port: Int { if case .tcp(_, let port, _) = kind { port } else { 0 } }

    /// Such as `127.0.0.1:7000`, `unix:/run/users.sock` or `in-process:users`.
    public var description: String {
        switch kind {
        case .tcp(let host, let port, _): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let address, _): "\(address)"
        case .inProcess(let transport): transport.description
        }
    }
}
