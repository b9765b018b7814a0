internal import MartletCore

extension ChannelConfiguration.Wire {
    /// Takes `?wire=NAME` off the end of a target.
    ///
    /// - Throws: INVALID_ARGUMENT for a name that isn't known.
    static func split(_ text: String) throws(RPCError) -> (wire: Self?, rest: String) {
        guard let question = text.lastIndex(of: "?"), text[question...].hasPrefix("?wire=") else { return (nil, text) }
        let name = text[question...].dropFirst("?wire=".count)
        return (try Self(named: String(name), in: text), String(text[..<question]))
    }

    /// - Throws: INVALID_ARGUMENT for a name that isn't known.
    init(named name: String, in text: String) throws(RPCError) {
        guard let wire = Self(rawValue: name) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw RPCError(
                .invalidArgument, "target \"\(text)\": the wire \"\(name)\" is not known; there are \(known)")
        }
        self = wire
    }
}
