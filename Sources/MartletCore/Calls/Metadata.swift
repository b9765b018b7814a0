/// Key–value pairs that travel beside a message: ordered, keys in lower case, a key may occur more than once.
///
/// Keys consist of `a`–`z`, `0`–`9`, `_`, `-` and `.`; values of printable ASCII. A call with others fails with
/// INVALID_ARGUMENT before anything is sent.
public struct Metadata: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One pair.
    public struct Field: Sendable, Hashable {
        /// In lower case.
        public let key: String
        /// Printable ASCII; of a key that ends in `-bin`, bytes in Base64.
        public let value: String
    }

    /// All pairs, in order.
    public private(set) var fields: [Field] = []

    /// No pairs.
    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { append(value, for: key) }
    }

    /// The last value of a key. Setting it replaces all values of the key; nil removes them.
    public subscript(key: String) -> String? {
        get {
            guard !fields.isEmpty else { return nil }
            let key = lowercase(key)
            return fields.last { $0.key == key }?.value
        }
        set {
            let key = lowercase(key)
            fields.removeAll { $0.key == key }
            if let newValue { fields.append(Field(key: key, value: newValue)) }
        }
    }

    /// All values of a key, in order.
    public func values(for key: String) -> [String] {
        guard !fields.isEmpty else { return [] }
        let key = lowercase(key)
        return fields.compactMap { $0.key == key ? $0.value : nil }
    }

    /// Adds a value and keeps those that the key has.
    public mutating func append(_ value: String, for key: String) {
        fields.append(Field(key: lowercase(key), value: value))
    }

    /// Whether there are no pairs.
    public var isEmpty: Bool { fields.isEmpty }

    package mutating func reserveFields(_ count: Int) { fields.reserveCapacity(count) }

    /// Throws INVALID_ARGUMENT that names the first field no wire could carry.
    package func validate() throws(RPCError) {
        for field in fields {
            guard isValid(field.key, when: isKeyByte), !field.key.isEmpty else {
                throw RPCError(
                    .invalidArgument,
                    "metadata key \"\(field.key)\" is not valid: use a–z, 0–9, \"_\", \"-\" and \".\"")
            }
            guard isValid(field.value, when: isValueByte) else {
                throw RPCError(
                    .invalidArgument,
                    "metadata value of \"\(field.key)\" is not valid: use printable ASCII")
            }
        }
    }
}

extension Metadata {
    /// Whether the bytes can be a key, which is in lower case.
    package static func isKey(_ bytes: UnsafeRawBufferPointer) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(isKeyByte)
    }

    package static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.allSatisfy(isValueByte) }
}

/// By the string's bytes in place, which is several times faster than by its view of them.
private func isValid(_ text: String, when isByteValid: (UInt8) -> Bool) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isByteValid) } ?? text.utf8.allSatisfy(isByteValid)
}

private func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
    default: false
    }
}

private func isValueByte(_ byte: UInt8) -> Bool { byte &- 0x20 <= 0x5E }

/// The key itself, and no new string, where it is in lower case already.
private func lowercase(_ key: String) -> String {
    isValid(key) { $0 < 0x80 && !isUpper($0) } ? key : key.lowercased()
}

private func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
