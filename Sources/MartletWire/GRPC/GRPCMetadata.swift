internal import MartletCore

/// Metadata as headers, of which some are the protocol's own.
///
/// What metadata can't have is left out: names with other characters (HTTP allows `!` and the like) and values that
/// aren't printable ASCII, as proxies may add them.
struct GRPCMetadata {
    private var metadata = Metadata()
    private var size = 0
    private let limit: Int
    /// The first binary value that was none.
    private var broken: (key: String, value: String)?

    /// - Parameter limit: Bytes, as `WireLimits.maxMetadataBytes` counts them.
    init(limit: Int) { self.limit = limit }

    /// Takes a header, in lower case, unless it is one of the protocol's.
    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard !Self.isReserved(name) else { return }
        size += name.count + value.count + Metadata.fieldOverhead
        guard size <= limit, Metadata.isKey(name), Metadata.isValue(value) else { return }
        let key = String(decoding: name, as: UTF8.self)
        guard Metadata.isBinary(key) else { return append(value, for: key) }
        for (index, part) in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).enumerated() {
            // Each is a field of its own from here on.
            if index > 0 { size += name.count + Metadata.fieldOverhead }
            guard size <= limit else { return }
            let text = Self.trimmed(UnsafeRawBufferPointer(rebasing: part))
            guard let digits = Base64.unpadded(text), Base64.isText(digits) else {
                if broken == nil { broken = (key, String(decoding: text, as: UTF8.self)) }
                return
            }
            append(digits, for: key)
        }
    }

    private mutating func append(_ value: some Collection<UInt8>, for key: String) {
        if metadata.isEmpty { metadata.reserveFields(4) }
        metadata.append(String(decoding: value, as: UTF8.self), for: key)
    }

    /// Throws RESOURCE_EXHAUSTED for metadata over the limit, and INTERNAL that names a binary value that isn't base64.
    func complete() throws(RPCError) -> Metadata {
        guard size <= limit else { throw .metadataTooLarge(size, limit: limit) }
        if let broken {
            throw RPCError(
                .internalError, "the metadata value \"\(broken.value)\" of \"\(broken.key)\" is not base64")
        }
        return metadata
    }

    /// Whether a header has a meaning to the protocol, so that it is no metadata. All that begins with `grpc-` is kept
    /// for that, but for what clients and servers tell each other about retries (gRPC A6).
    static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.first {
        case UInt8(ascii: ":"): true
        case UInt8(ascii: "g"): name.begins(with: "grpc-") && !isOfRetries(name)
        case UInt8(ascii: "t"): name.equals("te")
        case UInt8(ascii: "c"): name.equals("content-type")
        default: false
        }
    }

    private static func isOfRetries(_ name: UnsafeRawBufferPointer) -> Bool {
        name.equals("grpc-previous-rpc-attempts") || name.equals("grpc-retry-pushback-ms")
    }

    /// Without spaces around it, which HTTP/2 doesn't allow (RFC 9113, section 8.2.1) and metadata does.
    static func trimmed<Text: BidirectionalCollection<UInt8>>(_ value: Text) -> Text.SubSequence {
        var rest = value.drop { $0 == UInt8(ascii: " ") }
        while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
        return rest
    }
}

extension Metadata {
    /// Throws INVALID_ARGUMENT that names the first field that can't be a header: one that the protocol or HTTP/2 uses
    /// itself, or a binary value that isn't base64.
    func checkHeaders() throws(RPCError) {
        for field in fields {
            var key = field.key
            let isReserved = key.withUTF8 { GRPCMetadata.isReserved(UnsafeRawBufferPointer($0)) }
            if isReserved || forbiddenHeaders.contains(field.key) {
                throw RPCError(
                    .invalidArgument, "the metadata key \"\(field.key)\" is reserved on the gRPC wire; use another")
            }
            if Self.isBinary(field.key), Base64.unpadded(field.value.utf8).map(Base64.isText) != true {
                throw RPCError(
                    .invalidArgument,
                    "the metadata value of \"\(field.key)\" is not base64; use setBytes(_:for:) to set it")
            }
        }
    }

    /// Gives `body` each field as a header. The `user-agent` is left out: what forwards metadata has that of another.
    func forEachHeader(_ body: (_ name: String, _ value: Substring.UTF8View) -> Void) {
        for field in fields where field.key != "user-agent" {
            let value = GRPCMetadata.trimmed(field.value.utf8)
            body(field.key, Self.isBinary(field.key) ? Base64.unpadded(value) ?? value : value)
        }
    }
}

/// Of the connection, not of a message: HTTP/2 has no place for them (RFC 9113, section 8.2.2).
private let forbiddenHeaders: Set = [
    "connection", "content-length", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
]
