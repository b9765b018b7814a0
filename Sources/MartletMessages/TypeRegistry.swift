/// Message types and extensions by their names: what JSON and the text format need to look into
/// `google.protobuf.Any`, and to write and read extensions.
///
/// Swift code can't find types by itself, so that a program says which ones it knows:
///
///     let registry = TypeRegistry(files: [UsersV1UserServiceProto.self])
///
/// The messages of `google.protobuf` and `google.rpc` are always known.
public struct TypeRegistry: Sendable {
    private var messages: [String: any GeneratedMessage.Type] = [:]
    /// By their full names.
    private var extensions: [String: any GeneratedExtension] = [:]
    /// By the full names of the messages that they extend, in the order of their numbers.
    private var extensionsOfMessages: [String: [any GeneratedExtension]] = [:]

    /// Knows the messages of `google.protobuf` and `google.rpc`.
    public static let standard: TypeRegistry = {
        var registry = TypeRegistry()
        registry.add(standardFiles)
        return registry
    }()

    private init() {}

    /// All messages and extensions of the files and of those that they import, nested ones too.
    public init(files: [any GeneratedFile.Type]) {
        self = .standard
        add(files)
    }

    /// Knows these types and extensions, beside the messages of `google.protobuf` and `google.rpc`.
    public init(_ types: [any GeneratedMessage.Type], extensions: [any GeneratedExtension] = []) {
        self = .standard
        for type in types { messages[type.messageName] = type }
        for field in extensions { add(field) }
    }

    private mutating func add(_ files: [any GeneratedFile.Type]) {
        var seen: Set<FileDescriptor> = []
        var rest = files
        while let file = rest.popLast() {
            guard seen.insert(file.descriptor).inserted else { continue }
            for type in file.messages { messages[type.messageName] = type }
            for field in file.extensions { add(field) }
            rest += file.imports
        }
    }

    private mutating func add(_ field: any GeneratedExtension) {
        if extensions.updateValue(field, forKey: field.fullName) != nil { return }
        extensionsOfMessages[field.extendee.messageName, default: []].append(field)
        extensionsOfMessages[field.extendee.messageName]?.sort { $0.number < $1.number }
    }

    /// The type of a full protobuf name, such as `users.v1.User`.
    public func messageType(named name: String) -> (any GeneratedMessage.Type)? { messages[name] }

    /// The type that a URL such as `type.googleapis.com/users.v1.User` names in its last segment.
    public func messageType(forTypeURL url: String) -> (any GeneratedMessage.Type)? {
        TypeURL.messageName(of: url).flatMap { messages[$0] }
    }

    /// The extension of a full protobuf name, such as `users.v1.nickname`.
    public func extensionField(named name: String) -> (any GeneratedExtension)? { extensions[name] }

    /// The extensions of a message, by its full name.
    func extensions(of message: String) -> [any GeneratedExtension] { extensionsOfMessages[message] ?? [] }

    private static var standardFiles: [any GeneratedFile.Type] {
        [
            GoogleProtobufAnyProto.self, GoogleProtobufApiProto.self, GoogleProtobufDurationProto.self,
            GoogleProtobufEmptyProto.self, GoogleProtobufFieldMaskProto.self, GoogleProtobufSourceContextProto.self,
            GoogleProtobufStructProto.self, GoogleProtobufTimestampProto.self, GoogleProtobufTypeProto.self,
            GoogleProtobufWrappersProto.self, GoogleRpcErrorDetailsProto.self, GoogleRpcStatusProto.self,
        ]
    }
}

/// The URLs that name the type of a packed message.
enum TypeURL {
    static let standardPrefix = "type.googleapis.com/"

    /// Whether the last segment of this URL is `name`.
    static func names(_ url: String, _ name: String) -> Bool {
        url.utf8.elementsEqual(name.utf8) || url.hasSuffix("/\(name)")
    }

    /// What follows the last slash; nil where there is no slash, or nothing after it.
    static func messageName(of url: String) -> String? {
        guard let slash = url.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let name = url[url.utf8.index(after: slash)...]
        return name.isEmpty ? nil : String(name)
    }
}
