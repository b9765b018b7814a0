/// `application/grpc`, and what may follow it.
struct GRPCContentType: Hashable {
    /// How messages are encoded, behind a `+`, in lower case. Nil: not said, which means `proto`.
    let subtype: String?

    /// Nil for other types, such as `application/grpc-web`, which is another protocol.
    init?(_ text: UnsafeRawBufferPointer) {
        if text.equals("application/grpc") {
            subtype = nil
            return
        }
        let type = text.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        let name = String(decoding: type, as: UTF8.self).lowercased()
        guard name.hasPrefix(Self.mediaType) else { return nil }
        let rest = name.dropFirst(Self.mediaType.count)
        guard rest.isEmpty || rest.first == "+" else { return nil }
        subtype = rest.isEmpty ? nil : String(rest.dropFirst())
    }

    private static let mediaType = "application/grpc"
}
