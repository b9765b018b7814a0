import Foundation

/// Python's protobuf, driven through the scripts of `Tests/Peers`.
enum Peer {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter that `MARTLET_PYTHON` names, or that of the virtual environment at the package's root.
    static let python: String? = {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["MARTLET_PYTHON"], root.appending(path: ".venv/bin/python").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static let missing: String = """
        Python's protobuf is missing: set MARTLET_PYTHON, or make .venv from Tests/Peers/requirements.txt
        """

    struct Failure: Error {
        let status: Int32
    }

    /// Runs the script and returns its lines. Its complaints go to the standard error. Waits without holding one of
    /// the few threads that tests share.
    static func run(
        _ arguments: [String], script: String = "messages.py", input: String = ""
    ) async throws -> [Substring] {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-peer-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (stdin, stdout) = (directory.appending(path: "in"), directory.appending(path: "out"))
        try Data(input.utf8).write(to: stdin)
        try Data().write(to: stdout)

        let process = Process()
        process.executableURL = URL(filePath: python ?? "")
        process.arguments = [root.appending(path: "Tests/Peers/\(script)").path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = try FileHandle(forWritingTo: stdout)
        try await withCheckedThrowingContinuation { (exit: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in exit.resume() }
            do { try process.run() } catch { exit.resume(throwing: error) }
        }
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return try String(contentsOf: stdout, encoding: .utf8).split(separator: "\n")
    }
}
