internal import MartletCore
internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// Turns one file of a schema into what is to be written for it. Descriptors are known to be consistent here: the
/// schema's compiler has checked them.
struct ModelBuilder {
    let file: SchemaFile
    let schema: Schema
    let names: TypeNames
    let modules: Modules
    let options: GeneratorOptions
    private let source: SourceFile

    init(file: SchemaFile, schema: Schema, names: TypeNames, modules: Modules, options: GeneratorOptions) {
        self.file = file
        self.schema = schema
        self.names = names
        self.modules = modules
        self.options = options
        source = SourceFile(file)
    }

    func build() -> FileModel {
        let descriptor = file.descriptor
        let package = descriptor.package ?? ""
        return FileModel(
            name: descriptor.name ?? "",
            package: package,
            namespace: modules.namespace(of: file.name, package: package),
            messages: messages(descriptor.messageType, at: [4], in: package),
            enums: enums(descriptor.enumType, at: [5], in: package),
            services: descriptor.service.enumerated().map { index, service in
                self.service(service, at: [6, Int32(index)], in: package)
            },
            extensions: extensions(descriptor.extension, at: [7], in: package),
            imports: descriptor.dependency,
            place: documentation([], false).place,
            descriptor: serializedDescriptor)
    }

    private var serializedDescriptor: [UInt8] {
        var descriptor = file.descriptor
        descriptor.sourceCodeInfo = nil
        do throws(EncodingError) { return try descriptor.serialized() } catch { preconditionFailure("\(error)") }
    }

    // The numbers in paths are the field numbers of the lists in descriptor.proto.

    private func messages(
        _ descriptors: [GoogleProtobuf.DescriptorProto], at path: [Int32], in scope: String
    ) -> [MessageModel] {
        descriptors.enumerated().compactMap { index, descriptor in
            descriptor.options?.mapEntry == true ? nil : message(descriptor, at: path + [Int32(index)], in: scope)
        }
    }

    private func message(
        _ descriptor: GoogleProtobuf.DescriptorProto, at path: [Int32], in scope: String
    ) -> MessageModel {
        let fullName = Self.join(scope, descriptor.name)
        return MessageModel(
            fullName: fullName,
            swiftName: names[fullName].path.last ?? "",
            documentation: documentation(path, descriptor.options?.deprecated),
            members: members(of: descriptor, fullName: fullName, at: path),
            messages: messages(descriptor.nestedType, at: path + [3], in: fullName),
            enums: enums(descriptor.enumType, at: path + [4], in: fullName),
            extensions: extensions(descriptor.extension, at: path + [6], in: fullName),
            isMessageSet: descriptor.options?.messageSetWireFormat == true)
    }

    private func extensions(
        _ descriptors: [GoogleProtobuf.FieldDescriptorProto], at path: [Int32], in scope: String
    ) -> [ExtensionModel] {
        descriptors.enumerated().map { index, descriptor in
            ExtensionModel(
                fullName: Self.join(scope, descriptor.name), extendee: TypeNames.withoutDot(descriptor.extendee ?? ""),
                field: field(descriptor, at: path + [Int32(index)]))
        }
    }

    private func members(
        of descriptor: GoogleProtobuf.DescriptorProto, fullName: String, at path: [Int32]
    ) -> [MessageModel.Member] {
        var seen: Set<Int32> = []
        let fields = descriptor.field.enumerated().map { index, field in
            (descriptor: field, model: self.field(field, at: path + [2, Int32(index)]))
        }
        let oneofNames = OneofNames(of: descriptor, fullName: fullName, names: names)
        return fields.compactMap { field in
            guard let index = field.descriptor.oneofIndex, isInOneof(field.descriptor) else {
                return .field(field.model)
            }
            guard seen.insert(index).inserted else { return nil }
            let oneof = descriptor.oneofDecl[Int(index)]
            return .oneof(
                OneofModel(
                    protoName: oneof.name ?? "",
                    swiftName: Naming.propertyName(oneof.name ?? "", suffix: "Oneof"),
                    typeName: oneofNames.typeName(oneof.name ?? ""),
                    documentation: documentation(path + [8, index], false),
                    fields: fields.filter { $0.descriptor.oneofIndex == index }.map(\.model)))
        }
    }

    private func field(_ descriptor: GoogleProtobuf.FieldDescriptorProto, at path: [Int32]) -> FieldModel {
        let entry = mapEntry(of: descriptor)
        let rules = file.fieldRules(at: path)
        return FieldModel(
            protoName: descriptor.name ?? "",
            jsonName: descriptor.jsonName == Names.json(of: descriptor.name ?? "") ? nil : descriptor.jsonName,
            number: descriptor.number ?? 0,
            swiftName: swiftName(of: descriptor),
            documentation: documentation(path, descriptor.options?.deprecated),
            type: entry?.value ?? type(of: descriptor),
            cardinality: entry.map { .map(key: $0.key) } ?? Cardinality(rules),
            isDelimited: rules.isDelimited,
            defaultText: descriptor.defaultValue)
    }

    private func swiftName(of descriptor: GoogleProtobuf.FieldDescriptorProto) -> String {
        let name = descriptor.name ?? ""
        if descriptor.extendee != nil { return Naming.extensionName(name) }
        return isInOneof(descriptor) ? Naming.oneofCaseName(name) : Naming.propertyName(name, suffix: "Field")
    }

    /// The oneof around a proto3 `optional` is there for older readers of descriptors only.
    private func isInOneof(_ descriptor: GoogleProtobuf.FieldDescriptorProto) -> Bool {
        descriptor.oneofIndex != nil && descriptor.proto3Optional != true
    }

    private func mapEntry(
        of descriptor: GoogleProtobuf.FieldDescriptorProto
    ) -> (key: Scalar, value: ValueType)? {
        guard descriptor.type == .message, descriptor.label == .repeated,
            let entry = schema.message(descriptor.typeName ?? "")?.descriptor, entry.options?.mapEntry == true,
            let key = entry.field.first(where: { $0.number == 1 })?.type.flatMap(Scalar.init),
            let value = entry.field.first(where: { $0.number == 2 })
        else { return nil }
        return (key, type(of: value))
    }

    private func type(of descriptor: GoogleProtobuf.FieldDescriptorProto) -> ValueType {
        let name = TypeNames.withoutDot(descriptor.typeName ?? "")
        return switch descriptor.type {
        case .message, .group: .message(name)
        case .enum: .enum(name)
        default: .scalar(descriptor.type.flatMap(Scalar.init) ?? .bytes)
        }
    }

    private func enums(
        _ descriptors: [GoogleProtobuf.EnumDescriptorProto], at path: [Int32], in scope: String
    ) -> [EnumModel] {
        descriptors.enumerated().map { index, descriptor in
            let path = path + [Int32(index)]
            let fullName = Self.join(scope, descriptor.name)
            return EnumModel(
                fullName: fullName,
                swiftName: names[fullName].path.last ?? "",
                isClosed: file.features(at: path).enumType == .closed,
                documentation: documentation(path, descriptor.options?.deprecated),
                values: descriptor.value.enumerated().map { index, value in
                    EnumValueModel(
                        protoName: value.name ?? "",
                        swiftName: Naming.caseName(value.name ?? "", inEnum: descriptor.name ?? ""),
                        number: value.number ?? 0,
                        documentation: documentation(path + [2, Int32(index)], value.options?.deprecated))
                })
        }
    }

    private func service(
        _ descriptor: GoogleProtobuf.ServiceDescriptorProto, at path: [Int32], in package: String
    ) -> ServiceModel {
        ServiceModel(
            fullName: Self.join(package, descriptor.name),
            swiftName: (file.descriptor.options?.swiftPrefix ?? "")
                + Naming.typeName(descriptor.name ?? "", suffix: "Service"),
            documentation: documentation(path, descriptor.options?.deprecated),
            hasDouble: options.testDoubles,
            methods: descriptor.method.enumerated().map { index, method in
                let shape = CallShape(
                    streamsRequests: method.clientStreaming == true, streamsResponses: method.serverStreaming == true)
                return MethodModel(
                    protoName: method.name ?? "",
                    swiftName: Naming.methodName(method.name ?? ""),
                    documentation: documentation(path + [2, Int32(index)], method.options?.deprecated),
                    request: TypeNames.withoutDot(method.inputType ?? ""),
                    response: TypeNames.withoutDot(method.outputType ?? ""),
                    shape: shape,
                    isSynchronous: method.options?[.synchronous] ?? (options.synchronous && shape == .unary),
                    viewsRequest: method.options?[.requestView] ?? false,
                    hasNoSideEffects: method.options?.idempotencyLevel == .noSideEffects)
            })
    }

    private func documentation(_ path: [Int32], _ isDeprecated: Bool?) -> Documentation {
        Documentation(of: path, in: source, isDeprecated: isDeprecated)
    }

    private static func join(_ scope: String, _ name: String?) -> String {
        scope.isEmpty ? name ?? "" : "\(scope).\(name ?? "")"
    }
}

extension Cardinality {
    fileprivate init(_ rules: FieldRules) {
        self =
            switch rules.presence {
            case .implicit: .implicit
            case .explicit: .optional
            case .required: .required
            case .repeated: .repeated(isPacked: rules.isPacked)
            }
    }
}

extension Scalar {
    /// Nil for messages, groups and enums.
    fileprivate init?(_ type: GoogleProtobuf.FieldDescriptorProto.TypeEnum) {
        switch type {
        case .double: self = .double
        case .float: self = .float
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint32: self = .uint32
        case .uint64: self = .uint64
        case .sint32: self = .sint32
        case .sint64: self = .sint64
        case .fixed32: self = .fixed32
        case .fixed64: self = .fixed64
        case .sfixed32: self = .sfixed32
        case .sfixed64: self = .sfixed64
        case .bool: self = .bool
        case .string: self = .string
        case .bytes: self = .bytes
        case .message, .group, .enum: return nil
        }
    }
}
