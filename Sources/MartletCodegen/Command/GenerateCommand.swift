internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// `martlet generate`: reads `.proto` files and writes Swift beside one another into a directory, or their descriptors
/// into a file.
package struct GenerateCommand: Sendable {
    /// Directories that imports and `files` are looked up in, in this order; empty means the directories among `files`,
    /// or else the current one.
    package var protoPaths: [String] = []
    /// Where the Swift files go; made, with the directories above it, if it isn't there. nil means the current one, or
    /// no Swift where a descriptor set is asked for.
    package var outputDirectory: String?
    /// The descriptor set to write, if any.
    package var descriptorSet: DescriptorSetOutput?
    /// Paths on disk, or import names under one of the `protoPaths`; a directory means all files below it.
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
        let inputs = SchemaInputs(protoPaths: protoPaths, arguments: files)
        report.errors = inputs.errors
        guard report.errors.isEmpty else { return report }

        let result = SchemaCompiler(providers: [inputs.provider]).compile(inputs.names)
        report.warnings = result.diagnostics.filter { $0.severity == .warning }.map(\.description)
        guard let schema = result.schema else {
            report.errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
            return report
        }
        if outputDirectory != nil || descriptorSet == nil {
            switch Generator(schema, options: options).generate() {
            case .failure(let failure):
                report.errors = failure.diagnostics.map(\.description)
                return report
            case .success(let generated): write(generated, to: outputDirectory ?? ".", &report)
            }
        }
        if let descriptorSet { descriptorSet.write(schema, files: inputs.names, &report) }
        return report
    }

    private func write(_ files: [GeneratedFile], to directory: String, _ report: inout Report) {
        if let reason = FileSystem.makeDirectory(directory) {
            report.errors.append("--out \(directory): \(reason)")
            return
        }
        for file in files {
            let path = directory == "." ? file.name : "\(directory)/\(file.name)"
            if FileSystem.holds(path, file.text) {
                report.unchanged.append(path)
            } else if let reason = FileSystem.write(file.text.utf8, to: path) {
                report.errors.append("\(path): \(reason)")
            } else {
                report.written.append(path)
            }
        }
    }
}

/// A file with a serialized `google.protobuf.FileDescriptorSet`, the same bytes that protoc writes.
package struct DescriptorSetOutput: Sendable, Hashable {
    package var path: String
    /// With everything that the files import.
    package var includesImports = false
    /// With positions and comments.
    package var includesSourceInfo = false

    package init(path: String) {
        self.path = path
    }

    func write(_ schema: Schema, files: [String], _ report: inout GenerateCommand.Report) {
        let set = schema.descriptorSet(
            of: files, includesImports: includesImports, includesSourceInfo: includesSourceInfo)
        do {
            if let reason = FileSystem.write(try set.serialized(), to: path) {
                report.errors.append("--descriptor-set-out \(path): \(reason)")
            } else {
                report.written.append(path)
            }
        } catch {
            report.errors.append("--descriptor-set-out \(path): \(error)")
        }
    }
}
