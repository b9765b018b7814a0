import Foundation
import MartletCodegen
import MartletSchema
import Testing

/// Generates from files given as text; each of them is asked for.
func generate(
    _ files: [String: String], options: GeneratorOptions = GeneratorOptions()
) throws -> Result<[GeneratedFile], GenerationFailure> {
    let result = SchemaCompiler(providers: [InMemoryFiles(files)]).compile(files.keys.sorted())
    let schema = try #require(result.schema, "\(result.diagnostics.map(\.description))")
    return Generator(schema, options: options).generate()
}

/// The messages of what stands against generating, or none.
func problems(_ files: [String: String], options: GeneratorOptions = GeneratorOptions()) throws -> [String] {
    switch try generate(files, options: options) {
    case .success: []
    case .failure(let failure): failure.diagnostics.map(\.description)
    }
}

/// The text of a file named `a.proto` in package `a`.
func proto3(_ body: String) -> [String: String] {
    ["a.proto": "syntax = \"proto3\";\npackage a;\n\(body)"]
}

enum Places {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let repository = tests.deletingLastPathComponent().deletingLastPathComponent()
    /// Where SwiftPM put the executables and, in `Modules`, the Swift modules of this build.
    static let products =
        Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        .deletingLastPathComponent() ?? Bundle.main.bundleURL
}

struct Outcome {
    let code: Int32
    let output: String
    let errors: String
}

/// Runs a program and waits for it, without holding one of the few threads that tests share.
func run(_ program: String, _ arguments: [String], in directory: URL = Places.repository) async throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = directory
    let (output, errors) = (try Capture(), try Capture())
    process.standardOutput = output.handle
    process.standardError = errors.handle
    try await withCheckedThrowingContinuation { (exit: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in exit.resume() }
        do { try process.run() } catch { exit.resume(throwing: error) }
    }
    return Outcome(code: process.terminationStatus, output: try output.text(), errors: try errors.text())
}

/// A file, since a pipe that nobody empties would stop the program.
private struct Capture {
    let url = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID())")
    let handle: FileHandle

    init() throws {
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    func text() throws -> String {
        defer { try? FileManager.default.removeItem(at: url) }
        return try String(contentsOf: url, encoding: .utf8)
    }
}

/// A directory for one test, removed when `body` returns.
func withTemporaryDirectory<R>(_ body: (URL) async throws -> R) async throws -> R {
    let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}
