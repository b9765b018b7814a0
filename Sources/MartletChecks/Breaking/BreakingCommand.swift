internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// `martlet breaking`: compares files with what they were.
package struct BreakingCommand: Sendable {
    /// Where imports are looked up; empty means the directories among `files`, or else the current one.
    package var protoPaths: [String] = []
    /// Paths on disk, import names under one of the `protoPaths`, or directories, which mean all files below them.
    package var files: [String] = []
    /// The old version: a directory that stands for the `protoPaths`, a file with a descriptor set, or a commit of the
    /// git repository around the `protoPaths`.
    package var reference: String
    package var rules: [BreakingRule]

    package init(rules: [BreakingRule], against reference: String) {
        self.rules = rules
        self.reference = reference
    }

    package func run() -> CheckOutcome {
        let inputs = SchemaInputs(protoPaths: protoPaths, arguments: files)
        guard inputs.errors.isEmpty else { return .errors(inputs.errors) }
        do throws(Failure) {
            let new = try Self.compile(inputs.names, from: [inputs.provider])
            let old = try oldSchema(inputs)
            return .findings(BreakingChecker(rules: rules).check(new, against: old))
        } catch {
            return .errors(error.messages)
        }
    }

    private struct Failure: Error {
        let messages: [String]
    }

    private func oldSchema(_ inputs: SchemaInputs) throws(Failure) -> Schema {
        if FileSystem.isDirectory(reference) { return try schema(ofDirectory: inputs) }
        if FileSystem.exists(reference) { return try schema(ofDescriptorSet: inputs) }
        let files: GitFiles
        do throws(FileSystemError) {
            files = try GitFiles(reference: reference, roots: inputs.roots)
        } catch {
            throw failure("\(error)")
        }
        // None is fine: what wasn't there can't be broken.
        return try Self.compile(files.names.filter(inputs.covers), from: [files, inputs.provider])
    }

    private func schema(ofDirectory inputs: SchemaInputs) throws(Failure) -> Schema {
        let directory = DirectoryFiles(roots: [reference])
        let names: [String]
        do throws(FileSystemError) {
            names = try FileSystem.files(below: reference, suffix: ".proto").compactMap(directory.importName)
        } catch {
            throw failure("\(error)")
        }
        guard !names.isEmpty else {
            throw failure("\(reference): there is no .proto file in this directory or below it")
        }
        return try Self.compile(names.filter(inputs.covers), from: [directory, inputs.provider])
    }

    private func schema(ofDescriptorSet inputs: SchemaInputs) throws(Failure) -> Schema {
        guard case .found(let bytes, _) = FileSystem.read(reference) else {
            throw failure("\(reference): the file can't be read")
        }
        let files: [GoogleProtobuf.FileDescriptorProto]
        do {
            files = try GoogleProtobuf.FileDescriptorSet(serialized: bytes).file
        } catch {
            throw failure("\(reference): not a google.protobuf.FileDescriptorSet: \(error)")
        }
        do throws(SchemaDiagnostic) {
            return try Schema(linked: files, roots: Set(files.compactMap(\.name).filter(inputs.covers)))
        } catch {
            throw failure("\(reference): \(error)")
        }
    }

    private func failure(_ message: String) -> Failure { Failure(messages: ["--against \(message)"]) }

    private static func compile(
        _ names: [String], from providers: [any SchemaFileProvider]
    ) throws(Failure) -> Schema {
        let result = SchemaCompiler(providers: providers).compile(names)
        guard let schema = result.schema else {
            throw Failure(messages: result.diagnostics.filter { $0.severity == .error }.map(\.description))
        }
        return schema
    }
}
