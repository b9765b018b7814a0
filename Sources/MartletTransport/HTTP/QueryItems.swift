/// The parts of a URL's query, `a=1&b=2`, without their percent-encoding.
struct QueryItems {
    private var items: [String: [UInt8]] = [:]

    /// Nil: a percent sign isn't followed by two hexadecimal digits, or a name comes twice.
    init?(_ query: String) {
        for item in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]),
                let value = Self.decoded(parts.count > 1 ? parts[1] : "".utf8[...]),
                items.updateValue(value, forKey: String(decoding: name, as: UTF8.self)) == nil
            else { return nil }
        }
    }

    func bytes(_ name: String) -> [UInt8]? { items[name] }

    func text(_ name: String) -> String? { items[name].map { String(decoding: $0, as: UTF8.self) } }

    private static func decoded(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.prefix(2).count == 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16),
                    rest.first != UInt8(ascii: "+"), rest.first != UInt8(ascii: "-")
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
