import Foundation
import Testing

/// A protoc to compare with.
struct Protoc: Sendable {
    /// The system's; the comparison is with 3.21, which has no editions.
    static let installed = Protoc(command: ["protoc"], version: "libprotoc 3.21", include: "/usr/include", options: [])
    /// The one of PyPI's grpcio-tools in `.venv`, which has editions.
    ///
    /// It leaves the options with `retention = RETENTION_SOURCE` out of descriptor sets unless told otherwise. Martlet keeps
    /// them, as protoc 3.21 does.
    static let python = Protoc(
        command: [repository.appending(path: ".venv/bin/python").path, "-m", "grpc_tools.protoc"],
        version: "libprotoc ", include: nil, options: ["--retain_options"])

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private let command: [String]
    /// Where it has its own files; nil where it finds them by itself.
    let include: String?
    let isThere: Bool
    private let options: [String]

    private init(command: [String], version: String, include: String?, options: [String]) {
        self.command = command
        self.options = options
        self.include = include
        let output = Pipe()
        guard let process = try? Self.start(command + ["--version"], output: output) else {
            isThere = false
            return
        }
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        isThere = answer.hasPrefix(version)
    }

    struct Failure: Error {}

    /// The serialized FileDescriptorSet of the files, with all that they import if asked for.
    func describe(_ names: [String], roots: [String], imports: Bool) throws -> [UInt8] {
        try withTemporaryDirectory { directory in
            let file = directory.appending(path: "set.pb")
            let options = options + ["--include_source_info", "--descriptor_set_out=\(file.path)"]
            let process = try Self.start(
                command + roots.map { "-I\($0)" } + options + (imports ? ["--include_imports"] : []) + names)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Failure() }
            return Array(try Data(contentsOf: file))
        }
    }

    /// What it says about a file that it refuses; nil for one that it takes.
    func refusal(of name: String, roots: [String]) throws -> String? {
        try withTemporaryDirectory { directory in
            let output = Pipe()
            let process = try Self.start(
                command + roots.map { "-I\($0)" } + ["--descriptor_set_out=\(directory.path)/set.pb", name],
                errors: output)
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return process.terminationStatus == 0 ? nil : text
        }
    }

    /// The lines of a FileDescriptorSet's text form.
    func decode(_ set: [UInt8]) throws -> [Substring] {
        try withTemporaryDirectory { directory in
            let file = directory.appending(path: "set.pb")
            try Data(set).write(to: file)
            let output = Pipe()
            let process = try Self.start(
                command + (include.map { ["-I\($0)"] } ?? [])
                    + ["--decode=google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto"],
                input: try FileHandle(forReadingFrom: file), output: output)
            let text = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
        }
    }

    private static func start(
        _ command: [String], input: FileHandle? = nil, output: Pipe? = nil, errors: Pipe? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = errors ?? FileHandle.nullDevice
        try process.run()
        return process
    }
}
