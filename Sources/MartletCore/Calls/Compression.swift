/// How messages can be made smaller on the way.
public enum Compression: String, Sendable, Hashable, CaseIterable {
    /// RFC 1952.
    case gzip
    /// RFC 1950, the zlib format: what gRPC and HTTP call deflate. Not known everywhere; gzip is.
    case deflate
}
