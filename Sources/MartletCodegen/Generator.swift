package import MartletSchema

/// Turns a schema into Swift: one file for each `.proto` file that was asked for.
package struct Generator {
    /// The extension of every generated file, with its dot.
    package static let fileExtension = ".martlet.swift"

    private let schema: Schema
    private let options: GeneratorOptions

    package init(_ schema: Schema, options: GeneratorOptions) {
        self.schema = schema
        self.options = options
    }

    /// The name of the Swift file for an import name: `users/v1/user.proto` → `users.v1.user.martlet.swift`.
    package static func outputName(for importName: String) -> String {
        let base = importName.hasSuffix(".proto") ? importName.dropLast(6) : importName[...]
        return base.split(separator: "/").joined(separator: ".") + fileExtension
    }

    /// The files, or what stands against writing them. The same schema and options always give the same text.
    package func generate() -> Result<[GeneratedFile], GenerationFailure> {
        let modules = Modules(options)
        let names = TypeNames(schema, modules: modules, runtimeModule: options.runtimeModule)
        let files = schema.files.concurrentMap { file in
            let builder = ModelBuilder(file: file, schema: schema, names: names, modules: modules, options: options)
            return (file: file, model: builder.build())
        }
        let boxing = Boxing(files.flatMap { $0.model.messages.flatMap(\.withNested) })
        let own = files.filter { modules.module(of: $0.model.name) == nil }.map(\.model)
        let roots = files.filter(\.file.isRoot).map(\.model)

        let generated = roots.filter { modules.module(of: $0.name) == nil }
        let views = Views(files: generated, all: options.views)
        let scopes = TypeScopes(names: names, files: files.map(\.model), views: views)
        let diagnostics =
            Collisions(own, views: views).diagnostics + HiddenTypes(scopes: scopes, files: generated).diagnostics
            + generated.flatMap { Unsupported(boxing: boxing, views: views, file: $0).diagnostics }
            + FileChecks(schema.files).diagnostics
        guard diagnostics.isEmpty else { return .failure(GenerationFailure(diagnostics: diagnostics)) }

        let fileNames = FileNames(
            files: files.map(\.model), generated: Set(roots.map(\.name).filter { modules.module(of: $0) == nil }),
            modules: modules)
        let declaring = Self.declaringFiles(generated)
        let spelling = Spelling(style: Style(options), scopes: scopes, files: files.map(\.model))
        return .success(
            roots.concurrentMap { file in
                let emitter = FileEmitter(
                    file: file, module: modules.module(of: file.name), options: options, spelling: spelling,
                    boxing: boxing, files: fileNames, views: views,
                    declaresNamespace: declaring.contains(file.name))
                return GeneratedFile(name: Self.outputName(for: file.name), text: emitter.emit())
            })
    }

    /// The files that declare their namespace: of those with the same one, the first by name.
    private static func declaringFiles(_ files: [FileModel]) -> Set<String> {
        var seen: Set<Namespace> = []
        return Set(
            files.sorted { $0.name < $1.name }.filter { file in
                guard let namespace = file.namespace, !namespace.isBuiltIn else { return false }
                return seen.insert(namespace).inserted
            }.map(\.name))
    }
}

/// One file of generated Swift.
package struct GeneratedFile: Sendable, Hashable {
    /// Such as `users.v1.user_service.martlet.swift`.
    package let name: String
    package let text: String
}

/// Why there is no output, with places in the `.proto` files.
package struct GenerationFailure: Error, Sendable {
    package let diagnostics: [SchemaDiagnostic]
}
