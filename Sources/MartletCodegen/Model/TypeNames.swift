internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// The Swift name of a message or enum.
struct TypeName: Hashable {
    /// What comes before the path, such as `Martlet.GoogleProtobuf`; nil for types of the module being generated.
    let qualifier: String?
    /// From the outermost type inwards.
    let path: [String]
    /// The module to import for it.
    let module: String?

    /// As generated code spells it, wherever it stands.
    var spelled: String { ([qualifier].compactMap(\.self) + path).joined(separator: ".") }
}

/// The Swift names of all messages and enums of a schema, by full protobuf name.
struct TypeNames {
    private var names: [String: TypeName] = [:]

    init(_ schema: Schema, modules: Modules, runtimeModule: String) {
        for file in schema.files {
            let descriptor = file.descriptor
            let module = modules.module(of: descriptor.name ?? "")
            let namespace = Modules.namespace(ofPackage: descriptor.package ?? "")
            let scope = Scope(
                package: descriptor.package ?? "", prefix: descriptor.options?.swiftPrefix ?? "",
                qualifier: namespace.map { "\(runtimeModule).\($0)" } ?? module, module: module)
            add(descriptor.messageType, descriptor.enumType, in: scope)
        }
    }

    /// `fullName` may start with a dot, as descriptors write it.
    subscript(fullName: String) -> TypeName {
        guard let name = names[Self.withoutDot(fullName)] else {
            preconditionFailure("the schema refers to \(fullName), which it doesn't hold")
        }
        return name
    }

    static func withoutDot(_ fullName: String) -> String {
        fullName.hasPrefix(".") ? String(fullName.dropFirst()) : fullName
    }

    private struct Scope {
        let package: String
        var prefix: String
        let qualifier: String?
        let module: String?
        var path: [String] = []
        var protoPath: [String] = []

        func fullName(_ name: String) -> String {
            ((package.isEmpty ? [] : [package]) + protoPath + [name]).joined(separator: ".")
        }

        func typeName(_ name: String, suffix: String) -> TypeName {
            let own = prefix + Naming.typeName(name, suffix: suffix)
            return TypeName(qualifier: qualifier, path: path + [own], module: module)
        }

        func inside(_ name: String, as path: [String]) -> Scope {
            var scope = self
            scope.prefix = ""
            scope.path = path
            scope.protoPath.append(name)
            return scope
        }
    }

    private mutating func add(
        _ messages: [GoogleProtobuf.DescriptorProto], _ enums: [GoogleProtobuf.EnumDescriptorProto], in scope: Scope
    ) {
        for descriptor in enums {
            let name = descriptor.name ?? ""
            names[scope.fullName(name)] = scope.typeName(name, suffix: "Enum")
        }
        for descriptor in messages where descriptor.options?.mapEntry != true {
            let name = descriptor.name ?? ""
            let typeName = scope.typeName(name, suffix: "Message")
            names[scope.fullName(name)] = typeName
            add(descriptor.nestedType, descriptor.enumType, in: scope.inside(name, as: typeName.path))
        }
    }
}
