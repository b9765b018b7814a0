internal import MartletSchema

/// `martlet generate`: reads `.proto` files and writes Swift beside one another into a directory.
package struct GenerateCommand: Sendable {
    /// Directories that imports and `files` are looked up in, in this order; empty means the current one.
    package var protoPaths: [String] = []
    /// Made, with the directories above it, if it isn't there.
    package var outputDirectory = "."
    /// Paths on disk, or import names under one of the `protoPaths`.
    package var files: [String] = []
    package var options = GeneratorOptions()

    package init() {}

    /// What a run did.
    package struct Report: Sendable {
        /// For people, each with its place where it has one.
        package var errors: [String] = []
        package var warnings: [String] = []
        /// Paths of new and changed files.
        package var written: [String] = []
        /// Paths of files that had the right content already.
        package var unchanged: [String] = []
    }

    /// Writes all files or, where anything is wrong with the input, none.
    package func run() -> Report {
        var report = Report()
        for directory in protoPaths where !FileSystem.isDirectory(directory) {
            report.errors.append("--proto-path \(directory): there is no such directory")
        }
        let provider = DirectoryFiles(roots: protoPaths)
        let names = files.compactMap { file in importName(of: file, in: provider, &report) }
        guard report.errors.isEmpty else { return report }

        let result = SchemaCompiler(providers: [provider]).compile(names)
        report.warnings = result.diagnostics.filter { $0.severity == .warning }.map(\.description)
        guard let schema = result.schema else {
            report.errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
            return report
        }
        switch Generator(schema, options: options).generate() {
        case .failure(let failure): report.errors = failure.diagnostics.map(\.description)
        case .success(let generated): write(generated, &report)
        }
        return report
    }

    private func importName(of file: String, in provider: DirectoryFiles, _ report: inout Report) -> String? {
        if let name = provider.importName(of: file), case .found = provider.read(name) { return name }
        switch provider.read(file) {
        case .found: return file
        case .unreadable(let shownAs, let reason): report.errors.append("\(shownAs): \(reason)")
        case .missing:
            let searched = protoPaths.isEmpty ? "the current directory" : protoPaths.joined(separator: ", ")
            report.errors.append(
                FileSystem.exists(file)
                    ? "\(file): not under any --proto-path (\(searched)); add the directory that its imports start from"
                    : "\(file): there is no such file, neither as a path nor under --proto-path (\(searched))")
        }
        return nil
    }

    private func write(_ files: [GeneratedFile], _ report: inout Report) {
        if let reason = FileSystem.makeDirectory(outputDirectory) {
            report.errors.append("--out \(outputDirectory): \(reason)")
            return
        }
        for file in files {
            let path = outputDirectory == "." ? file.name : "\(outputDirectory)/\(file.name)"
            if FileSystem.holds(path, file.text) {
                report.unchanged.append(path)
            } else if let reason = FileSystem.write(file.text, to: path) {
                report.errors.append("\(path): \(reason)")
            } else {
                report.written.append(path)
            }
        }
    }
}
