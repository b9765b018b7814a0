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
    public var bytes: [UInt8] { base64.withUTF8Buffer { Base64.decode($0)! } }

    /// Files are equal when their names are: no program holds two of one name.
    public static func == (a: FileDescriptor, b: FileDescriptor) -> Bool { a.name == b.name }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
