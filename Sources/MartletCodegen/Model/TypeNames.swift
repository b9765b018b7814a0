internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// The Swift name of a message or enum.
struct TypeName: Hashable {
    /// From the outermost type inwards, a namespace such as `GoogleProtobuf` included.
    let path: [String]
    /// How many names at the start of the path are the namespace's.
    let namespaceDepth: Int
    /// The module that stands before the path in other places than the type's own namespace; nil for types of the
    /// module being generated, unless they are in a namespace of Martlet's.
    let qualifier: String?
    /// The module to import for it, if it isn't the one being generated.
    let module: String?

    /// As it can be written anywhere.
    var absolute: String { ([qualifier].compactMap(\.self) + path).joined(separator: ".") }
}

/// The Swift names of all messages and enums of a schema, by full protobuf name.
struct TypeNames {
    private var names: [String: TypeName] = [:]

    init(_ schema: Schema, modules: Modules, runtimeModule: String) {
        for file in schema.files {
            let descriptor = file.descriptor
            let module = modules.module(of: descriptor.name ?? "")
            let namespace = modules.namespace(of: file.name, package: descriptor.package ?? "")
            let scope = Scope(
                package: descriptor.package ?? "", prefix: descriptor.options?.swiftPrefix ?? "",
                qualifier: namespace?.isBuiltIn == true ? runtimeModule : module, module: module,
                namespaceDepth: namespace?.path.count ?? 0, path: namespace?.path ?? [])
            add(descriptor.messageType, descriptor.enumType, in: scope)
        }
    }

    /// `fullName` may start with a dot, as descriptors write it.
    subscript(fullName: String) -> TypeName {
        guard let name = find(fullName) else {
            preconditionFailure("the schema refers to \(fullName), which it doesn't hold")
        }
        return name
    }

    /// Nil for the entries of maps, which have no type in Swift.
    func find(_ fullName: String) -> TypeName? { names[Self.withoutDot(fullName)] }

    static func withoutDot(_ fullName: String) -> String {
        fullName.hasPrefix(".") ? String(fullName.dropFirst()) : fullName
    }

    private struct Scope {
        let package: String
        var prefix: String
        let qualifier: String?
        let module: String?
        let namespaceDepth: Int
        var path: [String]
        var protoPath: [String] = []

        func fullName(_ name: String) -> String {
            ((package.isEmpty ? [] : [package]) + protoPath + [name]).joined(separator: ".")
        }

        func typeName(_ name: String, suffix: String) -> TypeName {
            let own = prefix + Naming.typeName(name, suffix: suffix)
            return TypeName(path: path + [own], namespaceDepth: namespaceDepth, qualifier: qualifier, module: module)
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
