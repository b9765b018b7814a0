/// How visible the generated declarations are.
package enum AccessLevel: String, Sendable, CaseIterable {
    case `public`
    case package
    case `internal`
}

/// What a user can choose about generated code.
package struct GeneratorOptions: Sendable {
    package var access: AccessLevel = .public

    /// The module that generated code imports and names its types by.
    package var runtimeModule = "Martlet"

    /// The module that the generated code becomes part of. Needed only where `modules` or the well-known files name it.
    package var moduleName: String?

    /// The modules that imported files are generated into. The well-known files need no entry.
    package var modules: [ModuleMapping] = []

    /// The enums that files' types are put in. Without an entry a file's types stand alone: a module is a namespace.
    package var namespaces: [NamespaceMapping] = []

    /// Gives every message a view. Without it only the requests get one whose method asks for it.
    package var views = false

    /// Makes the handlers of all methods synchronous, except where a method says otherwise.
    package var synchronous = false

    /// Generates something to stand in for each service in tests; for files of other modules, that alone.
    package var testDoubles = false

    package init() {}
}

/// Files that are generated into another Swift module, so that generated code imports it instead.
package struct ModuleMapping: Sendable, Hashable {
    /// How the files' import paths start, such as `billing/v1/`.
    package let pathPrefix: String
    package let module: String

    package init(pathPrefix: String, module: String) {
        self.pathPrefix = pathPrefix
        self.module = module
    }

    /// Reads `PATH-PREFIX=MODULE`; nil for anything else.
    package init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(pathPrefix: String(parts[0]), module: String(parts[1]))
    }
}

/// Files whose types are put in an enum.
package struct NamespaceMapping: Sendable, Hashable {
    package enum Name: Sendable, Hashable {
        case none
        /// Made from the file's package: `users.v1` → `UsersV1`.
        case package
        case fixed(String)
    }

    /// How the files' import paths start; empty for all files.
    package let pathPrefix: String
    package let name: Name

    package init(pathPrefix: String = "", name: Name) {
        self.pathPrefix = pathPrefix
        self.name = name
    }

    /// Reads `package`, `none` or a name for all files, or `PATH-PREFIX=` and one of these; nil for anything else.
    package init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let name = parts.last else { return nil }
        pathPrefix = parts.count == 2 ? parts[0] : ""
        switch name {
        case "none": self.name = .none
        case "package": self.name = .package
        default:
            guard name.wholeMatch(of: /[A-Z][A-Za-z0-9_]*/) != nil, Naming.typeName(name, suffix: "_") == name else {
                return nil
            }
            self.name = .fixed(name)
        }
    }
}
