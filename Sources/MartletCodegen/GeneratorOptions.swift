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
