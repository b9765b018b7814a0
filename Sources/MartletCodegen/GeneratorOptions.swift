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

    /// The modules that imported files are generated into. The well-known files need no entry.
    package var modules: [ModuleMapping] = []

    package init() {}
}

/// Files that are generated into another Swift module, so that generated code imports it instead.
package struct ModuleMapping: Sendable, Hashable {
    /// How the files' import paths start, such as `billing/v1/`.
    package let pathPrefix: String
    /// The module's name; empty for the module that is being generated.
    package let module: String

    package init(pathPrefix: String, module: String) {
        self.pathPrefix = pathPrefix
        self.module = module
    }

    /// Reads `PATH-PREFIX=MODULE`; nil where there is no `=` or nothing before it.
    package init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        self.init(
            pathPrefix: String(argument[..<equals]), module: String(argument[argument.index(after: equals)...]))
    }
}
