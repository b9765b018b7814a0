package import MartletDescriptors
package import MartletMessages

extension Schema {
    /// A schema of files that somebody else has compiled: protoc for its plugins, or whoever wrote a descriptor set.
    ///
    /// - Parameters:
    ///   - files: with all that they import, in any order.
    ///   - roots: the names of those that were asked for; nil means all.
    /// - Throws: what a compiler would never have written, so that everything behind can rely on it.
    package init(
        linked files: [GoogleProtobuf.FileDescriptorProto], roots: Set<String>? = nil
    ) throws(SchemaDiagnostic) {
        let files = files.map { file in
            SchemaFile(
                descriptor: file, isRoot: roots?.contains(file.name ?? "") ?? true, shownAs: file.name ?? "")
        }
        var names: Set<String> = []
        for file in files {
            guard !file.name.isEmpty else { throw file.problem("a file without a name") }
            guard names.insert(file.name).inserted else { throw file.problem("the file is there twice") }
        }
        for file in files {
            for (index, dependency) in file.descriptor.dependency.enumerated() where !names.contains(dependency) {
                throw file.problem(
                    "imports \(dependency), which is missing: write descriptors with their imports "
                        + "(--include-imports, protoc's --include_imports)",
                    at: [FieldNumber.File.dependency, Int32(index)])
            }
        }
        if let missing = roots?.subtracting(names).min() {
            throw SchemaDiagnostic(file: missing, at: nil, message: "asked for, but there is no descriptor of it")
        }
        var checks = LinkedFileChecks()
        for file in files { try checks.declare(file) }
        for file in files { try checks.check(file) }
        self.init(files: files)
    }
}

extension SchemaFile {
    func problem(_ message: String, at path: [Int32] = []) -> SchemaDiagnostic {
        SchemaDiagnostic(
            file: shownAs, at: descriptor.sourceCodeInfo == nil ? nil : position(of: path),
            message: message)
    }
}
