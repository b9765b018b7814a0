/// The header fields of an HTTP message: ordered, names in lower case, a name may occur more than once.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field of a header.
    public struct Field: Sendable, Hashable {
        /// In lower case.
        public let name: String
        /// As it is on the wire.
        public let value: String
    }

    /// All fields, in order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(value, for: name) }
    }

    /// Whether there are no fields.
    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of a name, which may be written in any case. Setting it replaces all values of the name; nil
    /// removes them.
    public subscript(name: String) -> String? {
        get {
            let name = name.lowercased()
            return fields.first { $0.name == name }?.value
        }
        set {
            let name = name.lowercased()
            fields.removeAll { $0.name == name }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// All values of a name, in order.
    public func values(for name: String) -> [String] {
        let name = name.lowercased()
        return fields.compactMap { $0.name == name ? $0.value : nil }
    }

    /// Adds a value and keeps those that the name has.
    public mutating func append(_ value: String, for name: String) {
        fields.append(Field(name: name.lowercased(), value: value))
    }
}
