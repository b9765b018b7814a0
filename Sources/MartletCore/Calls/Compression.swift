/// How messages can be made smaller on the way.
public enum Compression: String, Sendable, Hashable, CaseIterable {
    /// RFC 1952.
    case gzip
}
