/// An address that a server listens on.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or address, such as `127.0.0.1`, `::1` or `0.0.0.0`.
    public let host: String
    /// 0 lets the system choose a free port; ``RPCServer/addresses`` tells which.
    public let port: Int

    /// A TCP port.
    public static func tcp(_ host: String, _ port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    /// Such as `127.0.0.1:7000`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
