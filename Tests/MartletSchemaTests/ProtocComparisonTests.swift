import Foundation
import MartletDescriptors
import MartletMessages
import MartletSchema
import Testing

/// Byte for byte what protoc writes, positions and comments included. Skipped where it isn't installed.
@Suite(.enabled(if: Protoc.installed.isThere, "protoc 3.21 is not installed; there is nothing to compare with"))
struct ProtocComparisonTests {
    static let include = Protoc.installed.include!

    @Test func agreeOnTheFixtures() throws {
        try withFiles(Fixtures.files) { root in
            try compare(Fixtures.files.keys.sorted(), roots: [root, Self.include])
        }
    }

    @Test func agreeOnOurOwnFiles() throws {
        let root = Protoc.repository.appending(path: "Protos").resolvingSymlinksInPath().path
        try compare(protoFiles(under: root), roots: [root])
    }

    @Test func agreeOnThoseOfProtoc() throws {
        try compare(protoFiles(under: Self.include), roots: [Self.include])
    }

    private func compare(_ names: [String], roots: [String]) throws {
        #expect(!names.isEmpty)
        try Comparison(protoc: .installed, roots: roots).compare(names, imports: true)
    }
}

/// The same for editions, with the newer protoc of grpcio-tools.
@Suite(.enabled(if: Protoc.python.isThere, "grpcio-tools is not in .venv; there is nothing to compare with"))
struct EditionComparisonTests {
    @Test func agreeOnTheFixtures() throws {
        try withFiles(Fixtures.editions) { root in
            for name in Fixtures.editions.keys.sorted() {
                try Comparison(protoc: .python, roots: [root]).compare([name], imports: false)
            }
        }
    }
}

/// One protoc beside Martlet, on the same files.
struct Comparison {
    let protoc: Protoc
    let roots: [String]

    func compare(_ names: [String], imports: Bool) throws {
        let theirs = try protoc.describe(names, roots: roots, imports: imports)
        try compare(names, theirs: theirs, imports: imports)
    }

    /// - Parameter theirs: the descriptor set that protoc makes of the files.
    func compare(_ names: [String], theirs: [UInt8], imports: Bool) throws {
        let result = SchemaCompiler(providers: [DirectoryFiles(roots: roots)]).compile(names)
        let errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
        #expect(errors == [])
        let schema = try #require(result.schema)
        let set = schema.descriptorSet(of: names, includesImports: imports, includesSourceInfo: true)
        let ours = try set.serialized()
        // Options that are newer than protoc come to its unknown fields, behind the others.
        guard ours != theirs, try GoogleProtobuf.FileDescriptorSet(serialized: theirs) != set else { return }
        let (left, right) = (try protoc.decode(theirs), try protoc.decode(ours))
        let line = zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? min(left.count, right.count)
        let context = max(0, line - 20)
        Issue.record(
            """
            \(names.joined(separator: ", ")): protoc:
            \(left.dropFirst(context).prefix(30).joined(separator: "\n"))
            ours:
            \(right.dropFirst(context).prefix(30).joined(separator: "\n"))
            """)
    }
}

/// Import names of the `.proto` files under a directory.
func protoFiles(under root: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".proto") }.sorted()
}

/// Runs `body` with a directory that holds `files`, by name.
func withFiles<Result>(_ files: [String: String], _ body: (_ root: String) throws -> Result) throws -> Result {
    try withTemporaryDirectory { directory in
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return try body(directory.path)
    }
}

func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-schema-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
}
