/// Message types by their names: what JSON and the text format need to look into `google.protobuf.Any`.
///
/// Swift code can't find types by itself, so that a program says which ones it knows:
///
///     let registry = TypeRegistry(files: [UsersV1UserServiceProto.self])
///
/// The messages of `google.protobuf` and `google.rpc` are always known.
public struct TypeRegistry: Sendable {
    private var messages: [String: any GeneratedMessage.Type]

    /// Knows the messages of `google.protobuf` and `google.rpc`.
    public static let standard = TypeRegistry(messages: [:], adding: standardFiles)

    /// All messages of the files, nested ones too.
    public init(files: [any GeneratedFile.Type]) {
        self.init(messages: Self.standard.messages, adding: files)
    }

    public init(_ types: [any GeneratedMessage.Type]) {
        self = .standard
        for type in types { messages[type.messageName] = type }
    }

    private init(messages: [String: any GeneratedMessage.Type], adding files: [any GeneratedFile.Type]) {
        self.messages = messages
        for file in files {
            for type in file.messages { self.messages[type.messageName] = type }
        }
    }

    /// The type of a full protobuf name, such as `users.v1.User`.
    public func messageType(named name: String) -> (any GeneratedMessage.Type)? { messages[name] }

    /// The type that a URL such as `type.googleapis.com/users.v1.User` names in its last segment.
    public func messageType(forTypeURL url: String) -> (any GeneratedMessage.Type)? {
        TypeURL.messageName(of: url).flatMap { messages[$0] }
    }

    private static var standardFiles: [any GeneratedFile.Type] {
        [
            GoogleProtobufAnyProto.self, GoogleProtobufDurationProto.self, GoogleProtobufEmptyProto.self,
            GoogleProtobufFieldMaskProto.self, GoogleProtobufStructProto.self, GoogleProtobufTimestampProto.self,
            GoogleProtobufWrappersProto.self, GoogleRpcErrorDetailsProto.self, GoogleRpcStatusProto.self,
        ]
    }
}

/// The URLs that name the type of a packed message.
enum TypeURL {
    static let standardPrefix = "type.googleapis.com/"

    /// What follows the last slash; nil where there is no slash, or nothing after it.
    static func messageName(of url: String) -> String? {
        guard let slash = url.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let name = url[url.utf8.index(after: slash)...]
        return name.isEmpty ? nil : String(name)
    }
}
