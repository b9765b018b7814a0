internal import MartletCore

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
