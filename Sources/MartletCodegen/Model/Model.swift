internal import MartletCore

/// What one `.proto` file holds, with names and decisions as they appear in Swift.
struct FileModel {
    let name: String
    let package: String
    /// The enum that holds the file's types, if there is one.
    let namespace: Namespace?
    let messages: [MessageModel]
    let enums: [EnumModel]
    let services: [ServiceModel]
    /// Those that stand outside of messages.
    let extensions: [ExtensionModel]
    /// The import paths of the files that it imports.
    let imports: [String]
    let place: SourcePlace
    /// The serialized FileDescriptorProto, without comments and positions.
    let descriptor: [UInt8]

    /// Those that stand outside of messages, then those in messages.
    var allExtensions: [ExtensionModel] { extensions + messages.flatMap(\.withNested).flatMap(\.extensions) }

    /// The enum that stands for the file: `users/v1/user_service.proto` → `UsersV1UserServiceProto`.
    var swiftName: String { Naming.fileName(name) }
}

final class MessageModel: Sendable {
    let fullName: String
    let swiftName: String
    let documentation: Documentation
    /// Fields and oneofs in the order of the file, a oneof where its first field stands.
    let members: [Member]
    let messages: [MessageModel]
    let enums: [EnumModel]
    /// Those declared in the message, of whatever message.
    let extensions: [ExtensionModel]
    /// A message of the kind before `extend`, whose extensions are items of a group on the wire.
    let isMessageSet: Bool

    enum Member {
        case field(FieldModel)
        case oneof(OneofModel)
    }

    /// Every field, those of oneofs included.
    let fields: [FieldModel]

    init(
        fullName: String, swiftName: String, documentation: Documentation, members: [Member], messages: [MessageModel],
        enums: [EnumModel], extensions: [ExtensionModel], isMessageSet: Bool
    ) {
        self.fullName = fullName
        self.swiftName = swiftName
        self.documentation = documentation
        self.members = members
        self.messages = messages
        self.enums = enums
        self.extensions = extensions
        self.isMessageSet = isMessageSet
        fields = members.flatMap { member in
            switch member {
            case .field(let field): [field]
            case .oneof(let oneof): oneof.fields
            }
        }
    }

    /// The message, then all that are nested in it, outermost first.
    var withNested: [MessageModel] { [self] + messages.flatMap(\.withNested) }
}

final class FieldModel: Sendable {
    let protoName: String
    /// Nil where it is what the field's name makes it.
    let jsonName: String?
    let number: Int32
    let swiftName: String
    let documentation: Documentation
    let type: ValueType
    let cardinality: Cardinality
    /// Between a start and an end tag, as groups are.
    let isDelimited: Bool
    /// The explicit default, as the descriptor has it.
    let defaultText: String?

    init(
        protoName: String, jsonName: String?, number: Int32, swiftName: String, documentation: Documentation,
        type: ValueType, cardinality: Cardinality, isDelimited: Bool, defaultText: String?
    ) {
        self.protoName = protoName
        self.jsonName = jsonName
        self.number = number
        self.swiftName = swiftName
        self.documentation = documentation
        self.type = type
        self.cardinality = cardinality
        self.isDelimited = isDelimited
        self.defaultText = defaultText
    }

    var isSingular: Bool {
        switch cardinality {
        case .implicit, .optional, .required: true
        case .repeated, .map: false
        }
    }

    /// What answers with the default where the field isn't set, for fields that have one and whose absence can be seen.
    var fallbackName: String { "\(swiftName)OrDefault" }

    /// What tells in a view whether a message is there.
    var presenceName: String { "has\(Naming.capitalized(swiftName))" }

    /// What lends the bytes of a string or byte string in a view.
    var bytesName: String { "with\(Naming.capitalized(swiftName))Bytes" }
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

/// A field that a file adds to a message.
struct ExtensionModel {
    let fullName: String
    /// The full name of the message.
    let extendee: String
    let field: FieldModel
}

struct EnumModel {
    let fullName: String
    let swiftName: String
    /// Other numbers than those of `values` are no values of the enum.
    let isClosed: Bool
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
    /// Whether something to stand in for it in tests is generated too.
    let hasDouble: Bool
    let methods: [MethodModel]

    /// The names of the types that are generated for it.
    var declaredNames: [String] {
        (["", "Methods", "Client"] + (hasBlockingClient ? ["BlockingClient"] : []) + (hasDouble ? ["Double"] : []))
            .map { swiftName + $0 }
    }

    /// Streams of requests are nothing for threads that wait.
    var hasBlockingClient: Bool { methods.contains { !$0.shape.streamsRequests } }
}

struct MethodModel {
    let protoName: String
    let swiftName: String
    let documentation: Documentation
    /// Full protobuf names.
    let request: String
    let response: String
    let shape: CallShape
    /// Answered without suspending.
    let isSynchronous: Bool
    /// The handler gets a view of the request.
    let viewsRequest: Bool
    /// `idempotency_level = NO_SIDE_EFFECTS`.
    let hasNoSideEffects: Bool
}
