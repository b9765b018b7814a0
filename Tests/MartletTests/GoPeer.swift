import Foundation
import Testing

/// containerd's ttrpc in Go, built from `Tests/Peers/ttrpc`.
enum GoPeer {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Peers/ttrpc")

    /// Whether this machine has Go and Debian's package of ttrpc.
    static let canBeBuilt: Bool = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let hasGo = path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/go") }
        return hasGo
            && FileManager.default.fileExists(atPath: "/usr/share/gocode/src/github.com/containerd/ttrpc")
    }()

    static let missing = "Go or its ttrpc is missing: install golang-go and golang-github-containerd-ttrpc-dev"

    /// The first build takes about ten seconds, the others a fraction of one.
    private static let program = Task {
        _ = try await run(folder.appending(path: "build.sh"), [])
        return folder.appending(path: ".build/peer")
    }

    struct Failure: Error {
        let status: Int32
    }

    /// Lets a Go client call a server; returns a line for each outcome.
    static func call(port: Int) async throws -> [Substring] {
        try await run(program.value, ["call", "127.0.0.1:\(port)"])
    }

    /// Runs a Go server while `body` runs.
    static func serve(_ body: (_ port: Int) async throws -> Void) async throws {
        let output = try OutputFile()
        let process = Process()
        process.executableURL = try await program.value
        process.arguments = ["serve"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.handle
        try process.run()
        // It also exits by itself when this process is gone.
        defer { process.terminate() }
        try await eventually("the Go server's port") { try output.text.hasSuffix("\n") }
        try await body(try #require(Int(try output.text.dropLast())))
    }

    /// Runs a program and returns its lines. Waits without holding one of the few threads that tests share.
    private static func run(_ program: URL, _ arguments: [String]) async throws -> [Substring] {
        let output = try OutputFile()
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.handle
        try await withCheckedThrowingContinuation { (exit: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in exit.resume() }
            do { try process.run() } catch { exit.resume(throwing: error) }
        }
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return try output.text.split(separator: "\n")
    }
}

/// A file for what a process prints, gone with the value.
final class OutputFile {
    private let url = FileManager.default.temporaryDirectory.appending(path: "martlet-peer-\(UUID())")
    let handle: FileHandle

    init() throws {
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var text: String { get throws { try String(contentsOf: url, encoding: .utf8) } }
}
