internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// Finds what is wrong with files as a whole.
struct FileChecks {
    let diagnostics: [SchemaDiagnostic]

    init(_ files: [SchemaFile]) {
        diagnostics = Self.wrongPrefixes(files) + Self.equalOutputs(files.filter(\.isRoot))
    }

    /// A prefix becomes the start of type names.
    private static func wrongPrefixes(_ files: [SchemaFile]) -> [SchemaDiagnostic] {
        files.compactMap { file in
            guard let prefix = file.descriptor.options?.swiftPrefix,
                prefix.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]*)?/) == nil
            else { return nil }
            return SchemaDiagnostic(
                file: file.shownAs, at: file.position(of: [8, 39]),
                message: "swift_prefix \"\(prefix)\" can't start a name in Swift: use letters, digits and \"_\"")
        }
    }

    /// `a/b.proto` and `a.b.proto` can't both be written.
    private static func equalOutputs(_ files: [SchemaFile]) -> [SchemaDiagnostic] {
        var first: [String: SchemaFile] = [:]
        return files.sorted { $0.name < $1.name }.compactMap { file in
            let output = Generator.outputName(for: file.name)
            guard let other = first.updateValue(file, forKey: output) else { return nil }
            return SchemaDiagnostic(
                file: file.shownAs, at: file.position(of: []),
                message: "would be written to \(output), as \(other.shownAs) would: rename one")
        }
    }
}
