public import MartletCore
internal import MartletTransport

/// Where one server listens, as text:
///
/// - `tcp://127.0.0.1:7000`, `tcp://[::1]:7000`, `tcp://users.internal:7000`
/// - `unix:/run/users.sock`, the same as `unix:///run/users.sock`; `unix:users.sock`, from the working directory
/// - `unix-abstract:users`, a name without a file, on Linux
public struct EndpointAddress: Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case unix(UnixAddress)
    }

    let kind: Kind

    /// - Parameters:
    ///   - host: A name or address. A name that has several addresses is one server that is reached by any of them.
    ///   - port: From 1 to 65535.
    public static func tcp(_ host: String, _ port: Int) -> EndpointAddress {
        EndpointAddress(kind: .tcp(host: host, port: port))
    }

    /// - Parameter path: At most 107 bytes on Linux, 103 on macOS. A relative one starts at the working directory.
    public static func unix(_ path: String) -> EndpointAddress { EndpointAddress(kind: .unix(.file(path: path))) }

    private init(kind: Kind) { self.kind = kind }

    /// - Throws: INVALID_ARGUMENT that says what is wrong with the text and what would be right.
    public init(_ text: String) throws(RPCError) { try self.init(text, otherSchemes: []) }

    private init(_ text: String, otherSchemes: [String]) throws(RPCError) {
        guard let colon = text.firstIndex(of: ":"), text.first?.isLetter == true else {
            throw Self.invalid(text, "it has no scheme; write it as tcp://HOST:PORT or unix:PATH")
        }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "tcp":
            guard rest.hasPrefix("//") else { throw Self.invalidTCP(text, "the // is missing") }
            kind = try Self.tcp(rest.dropFirst(2), in: text)
        case "unix":
            guard !rest.hasPrefix("//") || rest.hasPrefix("///") else {
                throw Self.invalid(text, "after unix:// comes an absolute path; write a relative one as unix:PATH")
            }
            kind = .unix(.file(path: String(rest.hasPrefix("///") ? rest.dropFirst(2) : rest)))
        case "unix-abstract":
            kind = .unix(.abstract(name: String(rest)))
        case let scheme:
            let known = (["tcp", "unix", "unix-abstract"] + otherSchemes).joined(separator: ", ")
            throw Self.invalid(text, "the scheme \"\(scheme)\" is not known; there are \(known)")
        }
        if case .unix(let address) = kind, let problem = address.problem { throw Self.invalid(text, problem) }
    }

    /// Reads a target: one address, or a list of TCP's, as `tcp://HOST:PORT,HOST:PORT`.
    ///
    /// - Parameter otherSchemes: What a target might have too, for the error's text.
    static func list(_ text: String, otherSchemes: [String]) throws(RPCError) -> [EndpointAddress] {
        if text.hasPrefix("tcp://"), text.contains(",") {
            var addresses: [EndpointAddress] = []
            for part in text.dropFirst("tcp://".count).split(separator: ",", omittingEmptySubsequences: false) {
                addresses.append(EndpointAddress(kind: try tcp(part, in: text)))
            }
            return addresses
        }
        return [try EndpointAddress(text, otherSchemes: otherSchemes)]
    }

    /// Nil for an address that isn't TCP.
    public var host: String? { if case .tcp(let host, _) = kind { host } else { nil } }

    /// Nil for an address that isn't TCP.
    public var port: Int? { if case .tcp(_, let port) = kind { port } else { nil } }

    /// The server, as gRPC's requests name it; nil if it has no name.
    var authority: String? {
        switch kind {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix: nil
        }
    }

    /// The host of an authority, without its port and brackets.
    static func host(of authority: String) -> String {
        let hasPort = authority.last != "]" && authority.count { $0 == ":" } == 1 || authority.contains("]:")
        let host = hasPort ? authority[..<authority.lastIndex(of: ":")!] : authority[...]
        return host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
    }

    /// What opens connections to it.
    ///
    /// - Parameters:
    ///   - serverName: Whom the server's certificate must name. Default (nil): the host.
    ///   - applicationProtocols: What is spoken over TLS.
    /// - Throws: INVALID_ARGUMENT if it can't be secured.
    func connector(
        serverName: String? = nil, security: ClientSecurity?, applicationProtocols: [String]
    ) throws(RPCError) -> any Connector {
        switch kind {
        case .tcp(let host, let port):
            return TCPConnector(
                host: host, port: port, serverName: serverName, security: security,
                applicationProtocols: applicationProtocols)
        case .unix(let address):
            guard security == nil else {
                throw Self.invalid(description, "the machine protects its own sockets; leave the security out")
            }
            return UnixConnector(address)
        }
    }

    public var description: String {
        switch kind {
        case .tcp: "tcp://\(authority ?? "")"
        case .unix(let address): "\(address)"
        }
    }

    private static func tcp(_ authority: Substring, in text: String) throws(RPCError) -> Kind {
        let (host, port) = try hostAndPort(authority) { what in invalidTCP(text, what) }
        return .tcp(host: host, port: port)
    }

    /// Reads `HOST:PORT`, with an IPv6 address in brackets.
    static func hostAndPort(
        _ text: Substring, _ invalid: (String) -> RPCError
    ) throws(RPCError) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else {
            throw invalid("it has no port")
        }
        guard let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port) else {
            throw invalid("the port must be a number from 1 to 65535")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw invalid("it has no host") }
        return (String(host), port)
    }

    private static func invalidTCP(_ text: String, _ what: String) -> RPCError {
        invalid(text, "\(what); write it as tcp://HOST:PORT")
    }

    private static func invalid(_ text: String, _ what: String) -> RPCError {
        RPCError(.invalidArgument, "target \"\(text)\": \(what)")
    }
}
