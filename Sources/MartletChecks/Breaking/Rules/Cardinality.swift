internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// How often a field may be there. What is required counts as singular: that has a rule of its own.
enum Cardinality: CustomStringConvertible {
    enum Count {
        case one
        case many
        case map
    }

    case singular
    case optional
    case repeated
    case map

    init(_ field: Located<GoogleProtobuf.FieldDescriptorProto>, in version: SchemaVersion) {
        self =
            switch field.file.fieldRules(at: field.element.path).presence {
            case .implicit, .required: .singular
            case .explicit: .optional
            case .repeated: version.mapEntry(of: field.descriptor) == nil ? .repeated : .map
            }
    }

    /// What bytes and JSON tell apart.
    var count: Count {
        switch self {
        case .singular, .optional: .one
        case .repeated: .many
        case .map: .map
        }
    }

    var description: String {
        switch self {
        case .singular: "singular"
        case .optional: "optional"
        case .repeated: "repeated"
        case .map: "a map"
        }
    }
}
