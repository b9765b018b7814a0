import Foundation

/// A directory for one test, with files in it, removed when the test is over.
final class Workplace {
    let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-checks-\(UUID())")

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (path, text) in files { try write(text, to: path) }
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func write(_ text: String, to path: String) throws {
        let url = directory.appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    struct Outcome: Equatable {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs the built `martlet` here.
    @discardableResult
    func martlet(_ arguments: String...) async throws -> Outcome {
        try await run(Self.martletPath, arguments)
    }

    /// Runs a program here and waits for it, without holding one of the few threads that tests share.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = directory
        let captures = try ["output", "errors"].map { name in
            let url = directory.appending(path: ".\(name)-\(UUID())")
            try Data().write(to: url)
            return (url: url, handle: try FileHandle(forWritingTo: url))
        }
        process.standardOutput = captures[0].handle
        process.standardError = captures[1].handle
        try await withCheckedThrowingContinuation { (exit: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in exit.resume() }
            do { try process.run() } catch { exit.resume(throwing: error) }
        }
        let texts = try captures.map { try String(contentsOf: $0.url, encoding: .utf8) }
        return Outcome(code: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    static let martletPath =
        (Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
        ?? Bundle.main.bundleURL).appending(path: "martlet").path
}
