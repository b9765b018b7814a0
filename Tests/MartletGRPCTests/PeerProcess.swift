import Foundation
import Testing

/// Runs other programs: to their end, or as servers while a test runs.
enum PeerProcess {
    struct Failure: Error, CustomStringConvertible {
        let status: Int32
        let complaint: String
        var description: String { "exit \(status): \(complaint)" }
    }

    /// Returns the lines of the standard output. Waits without holding one of the few threads that tests share.
    ///
    /// - Throws: `Failure` with the end of what it complained, if it exits with anything but 0.
    static func run(_ command: [String]) async throws -> [String] {
        let (output, complaints) = (try OutputFile(), try OutputFile())
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.handle
        process.standardError = complaints.handle
        try await withCheckedThrowingContinuation { (exit: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in exit.resume() }
            do { try process.run() } catch { exit.resume(throwing: error) }
        }
        guard process.terminationStatus == 0 else {
            throw Failure(status: process.terminationStatus, complaint: String(try complaints.text.suffix(2000)))
        }
        return try output.text.split(separator: "\n").map(String.init)
    }

    /// Runs a program while `body` runs. Its standard input ends with it, and if this process dies.
    ///
    /// - Parameter firstLine: Its first line of output.
    static func serve<R>(_ command: [String], _ body: (_ firstLine: String) async throws -> R) async throws -> R {
        let output = try OutputFile()
        let input = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input
        process.standardOutput = output.handle
        // Not this process's, which whoever runs the tests reads to its end.
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            // Not SIGTERM, which a child of tests may have inherited as blocked.
            kill(process.processIdentifier, SIGKILL)
        }
        try await eventually("the first line of \(command)") { try output.text.contains("\n") || !process.isRunning }
        guard let line = try output.text.split(separator: "\n").first else {
            throw Failure(status: process.terminationStatus, complaint: "it ended without a word")
        }
        return try await body(String(line))
    }

    /// Where a program is; nil if it isn't. Debian keeps servers in /usr/sbin, where only root looks.
    static func path(of program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":") + ["/usr/sbin"]).map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// A file for what a process prints, gone with the value.
private final class OutputFile {
    private let url = FileManager.default.temporaryDirectory.appending(path: "martlet-peer-\(UUID())")
    let handle: FileHandle

    init() throws {
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var text: String { get throws { try String(contentsOf: url, encoding: .utf8) } }
}
