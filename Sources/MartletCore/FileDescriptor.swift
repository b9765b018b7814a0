/// A `.proto` file as server reflection and registries of types need it.
public struct FileDescriptor: Sendable, Hashable {
    /// The path that other files import it by, such as `users/v1/user_service.proto`.
    public let name: String
    /// The files that it imports.
    public let imports: [FileDescriptor]

    private let base64: StaticString

    /// `base64` is the text of a serialized `google.protobuf.FileDescriptorProto`.
    public init(_ name: String, imports: [FileDescriptor] = [], base64: StaticString) {
        self.name = name
        self.imports = imports
        self.base64 = base64
    }

    /// The serialized `google.protobuf.FileDescriptorProto`, without comments and positions. Decoded at each call.
    public var bytes: [UInt8] { base64.withUTF8Buffer { Base64.decode($0) } }

    /// Files are equal when their names are: no program holds two of one name.
    public static func == (a: FileDescriptor, b: FileDescriptor) -> Bool { a.name == b.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Base64 as the generator writes it (RFC 4648, section 4).
private enum Base64 {
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            guard let value = value(of: character) else { break }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// Nil for the padding.
    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
