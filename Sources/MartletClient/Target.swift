internal import MartletCore

/// Where a channel connects, as text such as `tcp://127.0.0.1:7000` or `tcp://[::1]:7000`.
struct Target: Sendable, Hashable, CustomStringConvertible {
    let host: String
    let port: Int

    /// - Throws: INVALID_ARGUMENT that says what is wrong with the text and what would be right.
    init(_ text: String) throws(RPCError) {
        func invalid(_ what: String) -> RPCError {
            RPCError(.invalidArgument, "target \"\(text)\": \(what); write it as tcp://HOST:PORT")
        }
        guard let separator = text.utf8.firstRange(of: "://".utf8) else { throw invalid("it has no scheme") }
        let scheme = text[..<separator.lowerBound]
        guard scheme == "tcp" else { throw invalid("the scheme \"\(scheme)\" is not known") }
        let authority = text[separator.upperBound...]
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            throw invalid("it has no port")
        }
        guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port) else {
            throw invalid("the port must be a number from 1 to 65535")
        }
        var host = authority[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw invalid("it has no host") }
        self.host = String(host)
        self.port = port
    }

    var description: String { host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)" }
}

extension Collection where Element: Equatable {
    fileprivate func firstRange(of pattern: some Collection<Element>) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            if self[start...].starts(with: pattern) { return start..<index(start, offsetBy: pattern.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
