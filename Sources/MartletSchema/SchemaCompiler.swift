internal import MartletDescriptors
internal import MartletMessages

/// Reads and links `.proto` files: text in, descriptors out.
package struct SchemaCompiler: Sendable {
    private let providers: [any SchemaFileProvider]

    /// - Parameter providers: asked in order; ``WellKnownFiles`` is asked last by itself.
    package init(providers: [any SchemaFileProvider]) {
        self.providers = providers + [WellKnownFiles()]
    }

    /// - Parameter names: import names of the files to compile; what they import is compiled too.
    package func compile(_ names: [String]) -> SchemaResult {
        var loader = FileLoader(providers: providers)
        for name in names { loader.load(root: name) }
        let roots = Set(names)
        var diagnostics = loader.diagnostics
        let symbols = SymbolTable()
        var files: [SchemaFile] = []
        for (index, file) in loader.files.enumerated() {
            var linker = FileLinker(
                index: index, files: loader.files, symbols: symbols, isRoot: roots.contains(file.name))
            let descriptor = linker.link()
            diagnostics += linker.problems.diagnostics
            files.append(
                SchemaFile(
                    descriptor: descriptor, isRoot: roots.contains(file.name), shownAs: file.parsed.shownAs,
                    unusedImports: linker.unusedImports))
        }
        let hasErrors = diagnostics.contains { $0.severity == .error }
        return SchemaResult(schema: hasErrors ? nil : Schema(files: files), diagnostics: diagnostics.sorted())
    }
}

package struct SchemaResult: Sendable {
    /// nil when there is an error.
    package let schema: Schema?
    /// Errors and warnings, by file and position.
    package let diagnostics: [SchemaDiagnostic]
}

extension SchemaDiagnostic: Comparable {
    package static func < (first: Self, second: Self) -> Bool {
        (first.file, first.line, first.column, first.message) < (
            second.file, second.line, second.column, second.message
        )
    }
}
