/// What one `.proto` file holds, with names and decisions as they appear in Swift.
struct FileModel {
    let name: String
    /// The path of the enum that holds the file's types, such as `GoogleProtobuf`.
    let namespace: [String]?
    let messages: [MessageModel]
    let enums: [EnumModel]
    let services: [ServiceModel]
    /// The import paths of the files that it imports.
    let imports: [String]
    let place: SourcePlace
    /// The serialized FileDescriptorProto, without comments and positions.
    let descriptor: [UInt8]

    /// The enum that stands for the file: `users/v1/user_service.proto` → `UsersV1UserServiceProto`.
    var swiftName: String { Naming.fileName(name) }
}

struct MessageModel {
    let fullName: String
    let swiftName: String
    let documentation: Documentation
    /// Fields and oneofs in the order of the file, a oneof where its first field stands.
    let members: [Member]
    let messages: [MessageModel]
    let enums: [EnumModel]

    enum Member {
        case field(FieldModel)
        case oneof(OneofModel)
    }

    /// Every field, those of oneofs included.
    var fields: [FieldModel] {
        members.flatMap { member in
            switch member {
            case .field(let field): [field]
            case .oneof(let oneof): oneof.fields
            }
        }
    }

    /// The message, then all that are nested in it, outermost first.
    var withNested: [MessageModel] { [self] + messages.flatMap(\.withNested) }
}

struct FieldModel {
    let protoName: String
    /// Nil where it is what the field's name makes it.
    let jsonName: String?
    let number: Int32
    let swiftName: String
    let documentation: Documentation
    let type: ValueType
    let cardinality: Cardinality
    let isGroup: Bool
}

/// How often a field can occur, and whether its absence can be seen.
enum Cardinality: Hashable {
    /// Absent and zero are the same.
    case implicit
    case optional
    case required
    case repeated(isPacked: Bool)
    /// The field's type is that of the values.
    case map(key: Scalar)
}

indirect enum ValueType: Hashable {
    case scalar(Scalar)
    /// By full protobuf name.
    case `enum`(String)
    case message(String)

    /// The full protobuf name of a message or enum.
    var name: String? {
        switch self {
        case .scalar: nil
        case .enum(let name), .message(let name): name
        }
    }
}

struct OneofModel {
    let protoName: String
    let swiftName: String
    /// The name of the Swift enum.
    let typeName: String
    let documentation: Documentation
    let fields: [FieldModel]
}

struct EnumModel {
    let fullName: String
    let swiftName: String
    let documentation: Documentation
    let values: [EnumValueModel]
}

struct EnumValueModel {
    let protoName: String
    let swiftName: String
    let number: Int32
    let documentation: Documentation
}

struct ServiceModel {
    let fullName: String
    let swiftName: String
    let documentation: Documentation
    let methods: [MethodModel]
}

struct MethodModel {
    let protoName: String
    let swiftName: String
    let documentation: Documentation
    /// Full protobuf names.
    let request: String
    let response: String
    let isStreaming: Bool
}
