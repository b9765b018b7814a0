internal import MartletDescriptors
internal import MartletMessages

extension SchemaFile {
    /// The features in force at the element at `path`, a path of field numbers and indexes as in `SourceCodeInfo`:
    /// what it chooses itself, or else what the nearest around it chooses, or else what its edition says.
    package func features(at path: [Int32]) -> SchemaFeatures {
        descriptor.features(at: path)
    }

    /// The rules of the field or extension at `path`.
    package func fieldRules(at path: [Int32]) -> FieldRules {
        descriptor.fieldRules(at: path)
    }
}

extension Schema {
    /// Whether fields keep only the numbers that the enum names.
    package func isClosed(_ enumeration: SchemaEnumeration) -> Bool {
        file(enumeration.file)?.features(at: enumeration.path).enumType == .closed
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    func features(at path: [Int32]) -> SchemaFeatures {
        var walk = FeatureWalk(file: self)
        walk.go(path)
        return walk.features
    }

    func fieldRules(at path: [Int32]) -> FieldRules {
        var walk = FeatureWalk(file: self)
        walk.go(path)
        guard let field = walk.field else { preconditionFailure("there is no field at \(path) of \(name ?? "")") }
        let isMap = walk.message?.isEntry(field.typeName, of: walk.scope) == true
        let isInMap = isMap || walk.message?.options?.mapEntry == true
        return FieldRules(field, features: walk.features, isInMap: isInMap)
    }
}

extension GoogleProtobuf.DescriptorProto {
    /// Whether `typeName` is the entry of a map in this message, whose full name is `scope`.
    func isEntry(_ typeName: String?, of scope: String) -> Bool {
        guard let typeName, !nestedType.isEmpty else { return false }
        let name = Names.last(of: typeName)
        return nestedType.contains { $0.name == name && $0.options?.mapEntry == true }
            && typeName == ".\(scope).\(name)"
    }
}

/// Follows a path down a file and gathers the features on its way.
private struct FeatureWalk {
    private(set) var features: SchemaFeatures
    /// The full name of the message at hand, or the package.
    private(set) var scope: String
    private(set) var message: GoogleProtobuf.DescriptorProto?
    private(set) var field: GoogleProtobuf.FieldDescriptorProto?
    private let file: GoogleProtobuf.FileDescriptorProto

    init(file: GoogleProtobuf.FileDescriptorProto) {
        self.file = file
        features = file.features
        scope = file.package ?? ""
    }

    mutating func go(_ path: [Int32]) {
        guard path.count >= 2 else { return }
        let index = Int(path[1])
        let rest = path.dropFirst(2)
        switch path[0] {
        case FieldNumber.File.messageType: enter(file.messageType[index], rest)
        case FieldNumber.File.enumType: enter(file.enumType[index], rest)
        case FieldNumber.File.extension: enter(file.extension[index], in: nil)
        case FieldNumber.File.service: enter(file.service[index], rest)
        default: break
        }
    }

    private mutating func enter(_ message: GoogleProtobuf.DescriptorProto, _ path: ArraySlice<Int32>) {
        features.merge(message.options?.features)
        scope = Names.join(scope, message.name ?? "")
        self.message = message
        guard let number = path.first, let last = path.dropFirst().first else { return }
        let index = Int(last)
        let rest = path.dropFirst(2)
        switch number {
        case FieldNumber.Message.field: enter(message.field[index], in: message)
        case FieldNumber.Message.nestedType: enter(message.nestedType[index], rest)
        case FieldNumber.Message.enumType: enter(message.enumType[index], rest)
        case FieldNumber.Message.extension: enter(message.extension[index], in: nil)
        case FieldNumber.Message.oneof: features.merge(message.oneofDecl[index].options?.features)
        case FieldNumber.Message.extensionRange: features.merge(message.extensionRange[index].options?.features)
        default: break
        }
    }

    /// A field in a oneof is inside of that.
    private mutating func enter(
        _ field: GoogleProtobuf.FieldDescriptorProto, in message: GoogleProtobuf.DescriptorProto?
    ) {
        self.field = field
        if let message, let oneof = field.oneofIndex {
            features.merge(message.oneofDecl[Int(oneof)].options?.features)
        }
        features.merge(field.options?.features)
    }

    private mutating func enter(_ enumeration: GoogleProtobuf.EnumDescriptorProto, _ path: ArraySlice<Int32>) {
        features.merge(enumeration.options?.features)
        guard path.first == FieldNumber.Enum.value, let index = path.dropFirst().first else { return }
        features.merge(enumeration.value[Int(index)].options?.features)
    }

    private mutating func enter(_ service: GoogleProtobuf.ServiceDescriptorProto, _ path: ArraySlice<Int32>) {
        features.merge(service.options?.features)
        guard path.first == FieldNumber.Service.method, let index = path.dropFirst().first else { return }
        features.merge(service.method[Int(index)].options?.features)
    }
}
