/// Which Swift module, and which namespace in it, each `.proto` file belongs to.
struct Modules {
    private let mappings: [ModuleMapping]
    private let namespaces: [NamespaceMapping]
    private let ownModule: String?

    /// A mapping by the user goes before those of the well-known files, a longer prefix before a shorter one.
    init(_ options: GeneratorOptions) {
        ownModule = options.moduleName
        // Of entries for the same files the last one counts.
        namespaces = options.namespaces.reversed().sorted { $0.pathPrefix.utf8.count > $1.pathPrefix.utf8.count }
        mappings =
            options.modules.sorted { $0.pathPrefix.utf8.count > $1.pathPrefix.utf8.count }
            + Self.wellKnownFiles.map { ModuleMapping(pathPrefix: $0, module: options.runtimeModule) }
            + Self.descriptorFiles.map { ModuleMapping(pathPrefix: $0, module: "MartletDescriptors") }
    }

    /// The other module that holds the file's types; nil where it is the module that is being generated.
    func module(of file: String) -> String? {
        guard let mapping = mappings.first(where: { file.hasPrefix($0.pathPrefix) }) else { return nil }
        return mapping.module == ownModule ? nil : mapping.module
    }

    /// The enum that holds the types of a file: one of the runtime's for Google's packages, else what the options say.
    func namespace(of file: String, package: String) -> Namespace? {
        if let path = Self.builtInNamespaces[package] { return Namespace(path: path, isBuiltIn: true) }
        let name =
            switch namespaces.first(where: { file.hasPrefix($0.pathPrefix) })?.name {
            case .package: package.isEmpty ? nil : Naming.namespaceName(package)
            case .fixed(let name): name
            case .some(.none), nil: String?.none
            }
        return name.map { Namespace(path: [$0], isBuiltIn: false) }
    }

    /// By package; in `MartletMessages` or `MartletDescriptors`.
    private static let builtInNamespaces = [
        "google.protobuf": ["GoogleProtobuf"],
        "google.protobuf.compiler": ["GoogleProtobuf", "Compiler"],
        "google.rpc": ["GoogleRPC"],
    ]

    private static let wellKnownFiles = [
        "google/protobuf/any.proto", "google/protobuf/api.proto", "google/protobuf/duration.proto",
        "google/protobuf/empty.proto", "google/protobuf/field_mask.proto", "google/protobuf/source_context.proto",
        "google/protobuf/struct.proto", "google/protobuf/timestamp.proto", "google/protobuf/type.proto",
        "google/protobuf/wrappers.proto", "google/rpc/code.proto", "google/rpc/error_details.proto",
        "google/rpc/status.proto",
    ]

    private static let descriptorFiles = [
        "google/protobuf/compiler/plugin.proto", "google/protobuf/descriptor.proto", "martlet/options.proto",
    ]
}
