/// Binary values: under keys that end in `-bin`, such as `trace-bin`. They travel as base64 text, which is what the
/// plain values of such a key are.
extension Metadata {
    /// The last value of a key. Nil: it has none, or one that isn't base64.
    public func bytes(for key: String) -> [UInt8]? { self[key].flatMap { Base64.decode($0.utf8) } }

    /// All values of a key, in order; what isn't base64 is left out.
    public func allBytes(for key: String) -> [[UInt8]] { values(for: key).compactMap { Base64.decode($0.utf8) } }

    /// Replaces all values of a key, which must end in `-bin`; nil removes them.
    public mutating func setBytes(_ bytes: [UInt8]?, for key: String) {
        self[key] = nil
        if let bytes { appendBytes(bytes, for: key) }
    }

    /// Adds a value and keeps those that the key has. It must end in `-bin`.
    public mutating func appendBytes(_ bytes: [UInt8], for key: String) {
        precondition(Self.isBinary(key.lowercased()), "the metadata key \"\(key)\" of bytes must end in \"-bin\"")
        append(String(decoding: Base64.encode(bytes), as: UTF8.self), for: key)
    }

    /// Whether the values of a key, in lower case, stand for bytes.
    package static func isBinary(_ key: String) -> Bool { key.utf8.count > 4 && key.hasSuffix("-bin") }
}
