import Foundation
import MartletDescriptors
import MartletMessages
import MartletSchema
import Testing

/// Byte for byte what protoc writes, positions and comments included. Skipped where protoc 3.21 isn't installed.
@Suite(.enabled(if: Protoc.isInstalled, "protoc 3.21 is not installed; there is nothing to compare with"))
struct ProtocComparisonTests {
    @Test func agreeOnTheFixtures() throws {
        try withTemporaryDirectory { directory in
            for (name, text) in Fixtures.files {
                try Data(text.utf8).write(to: directory.appending(path: name))
            }
            try compare(Fixtures.files.keys.sorted(), roots: [directory.path, Protoc.include])
        }
    }

    @Test func agreeOnOurOwnFiles() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../Protos").standardizedFileURL.path
        try compare(protoFiles(under: root), roots: [root])
    }

    @Test func agreeOnThoseOfProtoc() throws {
        try compare(protoFiles(under: Protoc.include), roots: [Protoc.include])
    }

    /// Include directories with `:` between, such as the site-packages with PyPI's googleapis-common-protos. Files that
    /// protoc doesn't read alone are left out.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["MARTLET_PROTO_CORPUS"] != nil,
            "MARTLET_PROTO_CORPUS names no directories"))
    func agreeOnTheCorpus() throws {
        for root in ProcessInfo.processInfo.environment["MARTLET_PROTO_CORPUS"]!.split(separator: ":") {
            let roots = [String(root), Protoc.include]
            for name in protoFiles(under: String(root)) where (try? Protoc.describe([name], roots: roots)) != nil {
                try compare([name], roots: roots)
            }
        }
    }

    private func compare(_ names: [String], roots: [String]) throws {
        #expect(!names.isEmpty)
        let theirs = try Protoc.describe(names, roots: roots)
        let result = SchemaCompiler(providers: [DirectoryFiles(roots: roots)]).compile(names)
        let errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
        #expect(errors == [])
        let schema = try #require(result.schema)
        let set = GoogleProtobuf.FileDescriptorSet(file: schema.files.map(\.descriptor))
        let ours = try set.serialized()
        // Options that are newer than protoc 3.21 come to its unknown fields, behind the others.
        guard ours != theirs, try GoogleProtobuf.FileDescriptorSet(serialized: theirs) != set else { return }
        let (left, right) = (try Protoc.decode(theirs), try Protoc.decode(ours))
        let line = zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? min(left.count, right.count)
        let context = max(0, line - 20)
        Issue.record(
            """
            protoc:
            \(left.dropFirst(context).prefix(30).joined(separator: "\n"))
            ours:
            \(right.dropFirst(context).prefix(30).joined(separator: "\n"))
            """)
    }

    /// Import names of the `.proto` files under a directory.
    private func protoFiles(under root: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".proto") }.sorted()
    }
}

/// The installed protoc.
private enum Protoc {
    /// Where Debian's libprotobuf-dev has protoc's own files.
    static let include = "/usr/include"

    static let isInstalled: Bool = {
        let output = Pipe()
        guard let process = try? start(["--version"], output: output) else { return false }
        let version = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return version.hasPrefix("libprotoc 3.21")
    }()

    struct Failure: Error {}

    /// The serialized FileDescriptorSet of the files and all that they import.
    static func describe(_ names: [String], roots: [String]) throws -> [UInt8] {
        try withTemporaryDirectory { directory in
            let file = directory.appending(path: "set.pb")
            let process = try start(
                roots.map { "-I\($0)" } + [
                    "--include_imports", "--include_source_info", "--descriptor_set_out=\(file.path)",
                ]
                    + names)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Failure() }
            return Array(try Data(contentsOf: file))
        }
    }

    /// The lines of a FileDescriptorSet's text form.
    static func decode(_ set: [UInt8]) throws -> [Substring] {
        try withTemporaryDirectory { directory in
            let file = directory.appending(path: "set.pb")
            try Data(set).write(to: file)
            let output = Pipe()
            let process = try start(
                ["-I\(include)", "--decode=google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto"],
                input: try FileHandle(forReadingFrom: file), output: output)
            let text = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
        }
    }

    private static func start(_ arguments: [String], input: FileHandle? = nil, output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["protoc"] + arguments
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}

func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-schema-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
}
