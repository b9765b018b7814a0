internal import MartletCore
internal import MartletTransport

/// Where a channel connects, as text:
///
/// - `tcp://127.0.0.1:7000`, `tcp://[::1]:7000`, `tcp://users.internal:7000`
/// - `unix:/run/users.sock`, the same as `unix:///run/users.sock`; `unix:users.sock`, from the working directory
/// - `unix-abstract:users`, a name without a file, on Linux
enum Target: Sendable, Hashable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    case unix(UnixAddress)

    /// - Throws: INVALID_ARGUMENT that says what is wrong with the text and what would be right.
    init(_ text: String) throws(RPCError) {
        guard let colon = text.firstIndex(of: ":"), text.first?.isLetter == true else {
            throw Self.invalid(text, "it has no scheme; write it as tcp://HOST:PORT or unix:PATH")
        }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "tcp":
            guard rest.hasPrefix("//") else { throw Self.invalidTCP(text, "the // is missing") }
            self = try Self.tcp(rest.dropFirst(2), in: text)
        case "unix":
            guard !rest.hasPrefix("//") || rest.hasPrefix("///") else {
                throw Self.invalid(text, "after unix:// comes an absolute path; write a relative one as unix:PATH")
            }
            self = .unix(.file(path: String(rest.hasPrefix("///") ? rest.dropFirst(2) : rest)))
        case "unix-abstract":
            self = .unix(.abstract(name: String(rest)))
        case let scheme:
            throw Self.invalid(text, "the scheme \"\(scheme)\" is not known; there are tcp, unix and unix-abstract")
        }
        if case .unix(let address) = self, let problem = address.problem { throw Self.invalid(text, problem) }
    }

    /// The server, as gRPC's requests name it; nil if it has no name.
    var authority: String? {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix: nil
        }
    }

    /// What opens connections to it.
    ///
    /// - Parameter applicationProtocols: What is spoken over TLS.
    /// - Throws: INVALID_ARGUMENT if it can't be secured.
    func connector(security: ClientSecurity?, applicationProtocols: [String]) throws(RPCError) -> any Connector {
        switch self {
        case .tcp(let host, let port):
            return TCPConnector(
                host: host, port: port, security: security, applicationProtocols: applicationProtocols)
        case .unix(let address):
            guard security == nil else {
                throw Self.invalid(description, "the machine protects its own sockets; leave the security out")
            }
            return UnixConnector(address)
        }
    }

    var description: String {
        switch self {
        case .tcp: "tcp://\(authority ?? "")"
        case .unix(let address): "\(address)"
        }
    }

    private static func tcp(_ authority: Substring, in text: String) throws(RPCError) -> Target {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            throw invalidTCP(text, "it has no port")
        }
        guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port) else {
            throw invalidTCP(text, "the port must be a number from 1 to 65535")
        }
        var host = authority[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw invalidTCP(text, "it has no host") }
        return .tcp(host: String(host), port: port)
    }

    private static func invalidTCP(_ text: String, _ what: String) -> RPCError {
        invalid(text, "\(what); write it as tcp://HOST:PORT")
    }

    private static func invalid(_ text: String, _ what: String) -> RPCError {
        RPCError(.invalidArgument, "target \"\(text)\": \(what)")
    }
}

extension ChannelConfiguration.Wire {
    /// Takes `?wire=NAME` off the end of a target.
    ///
    /// - Throws: INVALID_ARGUMENT for a name that isn't known.
    static func split(_ text: String) throws(RPCError) -> (wire: Self?, rest: String) {
        guard let question = text.lastIndex(of: "?"), text[question...].hasPrefix("?wire=") else { return (nil, text) }
        let name = text[question...].dropFirst("?wire=".count)
        guard let wire = Self(rawValue: String(name)) else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw RPCError(
                .invalidArgument, "target \"\(text)\": the wire \"\(name)\" is not known; there are \(known)")
        }
        return (wire, String(text[..<question]))
    }
}
