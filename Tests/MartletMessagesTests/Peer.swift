import Foundation

/// Python's protobuf, driven through `Tests/Peers/messages.py`.
enum Peer {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let script = root.appending(path: "Tests/Peers/messages.py").path

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

    /// Runs the script and returns its lines. Its complaints go to the standard error.
    static func run(_ arguments: [String], input: String = "") throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(filePath: python ?? "")
        process.arguments = [script] + arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        Thread.detachNewThread {
            stdin.fileHandleForWriting.write(Data(input.utf8))
            try? stdin.fileHandleForWriting.close()
        }
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }
}
