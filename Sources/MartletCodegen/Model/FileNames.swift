/// Where generated code finds the descriptors of the files that it imports.
struct FileNames {
    let modules: Modules
    private let files: [String: FileModel]
    private let generated: Set<String>

    /// - Parameters:
    ///   - files: all files of the schema.
    ///   - generated: the import paths of those that become part of the module being generated.
    init(files: [FileModel], generated: Set<String>, modules: Modules) {
        self.modules = modules
        self.generated = generated
        self.files = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0) })
    }

    /// The descriptor of an imported file, as an expression.
    func descriptor(of name: String) -> String {
        isEmbedded(name) ? Self.embeddedName(file(name)) : "\(type(of: name)).descriptor"
    }

    /// The generated types of the files that the given one imports, through embedded ones too.
    func importedTypes(of file: FileModel) -> [String] {
        var seen: Set<String> = []
        return (file.imports + embedded(in: file).flatMap(\.imports))
            .filter { !isEmbedded($0) && seen.insert($0).inserted }
            .map(type)
    }

    private func type(of name: String) -> String {
        ([modules.module(of: name)].compactMap(\.self) + [file(name).swiftName]).joined(separator: ".")
    }

    private func file(_ name: String) -> FileModel {
        guard let file = files[name] else { preconditionFailure("the schema doesn't hold \(name)") }
        return file
    }

    /// The constant for a file that is imported, for its options say, but that nobody generates.
    static func embeddedName(_ file: FileModel) -> String { "_file\(file.swiftName)" }

    /// The files for which there are no generated types to refer to, from what the given one imports on.
    func embedded(in file: FileModel) -> [FileModel] {
        var found: [FileModel] = []
        var seen: Set<String> = []
        func visit(_ file: FileModel) {
            for name in file.imports where isEmbedded(name) && seen.insert(name).inserted {
                guard let file = files[name] else { continue }
                found.append(file)
                visit(file)
            }
        }
        visit(file)
        return found
    }

    /// The modules that hold the descriptors which the file's own refers to.
    func modulesOfImports(of file: FileModel) -> [String] {
        (file.imports + embedded(in: file).flatMap(\.imports)).compactMap(modules.module)
    }

    private func isEmbedded(_ name: String) -> Bool { modules.module(of: name) == nil && !generated.contains(name) }
}
