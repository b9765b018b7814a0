/// Key–value pairs that travel beside a message: ordered, keys in lower case, a key may occur more than once.
///
/// Keys consist of `a`–`z`, `0`–`9`, `_`, `-` and `.`; values of printable ASCII. A call with others fails with
/// INVALID_ARGUMENT before anything is sent.
public struct Metadata: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable, Hashable {
        public let key: String
        public let value: String
    }

    public private(set) var fields: [Field] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { append(value, for: key) }
    }

    /// The last value of a key. Setting it replaces all values of the key; nil removes them.
    public subscript(key: String) -> String? {
        get {
            let key = key.lowercased()
            return fields.last { $0.key == key }?.value
        }
        set {
            let lowercased = key.lowercased()
            fields.removeAll { $0.key == lowercased }
            if let newValue { fields.append(Field(key: lowercased, value: newValue)) }
        }
    }

    /// All values of a key, in order.
    public func values(for key: String) -> [String] {
        let key = key.lowercased()
        return fields.compactMap { $0.key == key ? $0.value : nil }
    }

    /// Adds a value and keeps those that the key has.
    public mutating func append(_ value: String, for key: String) {
        fields.append(Field(key: key.lowercased(), value: value))
    }

    public var isEmpty: Bool { fields.isEmpty }

    /// Throws INVALID_ARGUMENT that names the first field no wire could carry.
    package func validate() throws(RPCError) {
        for field in fields {
            let keyIsValid =
                !field.key.isEmpty
                && field.key.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
            guard keyIsValid else {
                throw RPCError(
                    .invalidArgument,
                    "metadata key \"\(field.key)\" is not valid: use a–z, 0–9, \"_\", \"-\" and \".\"")
            }
            guard field.value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw RPCError(
                    .invalidArgument,
                    "metadata value of \"\(field.key)\" is not valid: use printable ASCII")
            }
        }
    }
}
