import Foundation
import Testing

/// grpcio, driven through `Tests/Peers/grpcserver.py`.
enum PythonPeer {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter that `MARTLET_PYTHON` names, or that of the virtual environment at the package's root.
    static let python: String? = {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["MARTLET_PYTHON"], root.appending(path: ".venv/bin/python").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static let missing = """
        Python's grpcio is missing: set MARTLET_PYTHON, or make .venv from Tests/Peers/requirements.txt
        """

    /// Runs a gRPC server while `body` runs.
    ///
    /// - Parameter body: Its `log` is what the server has printed behind its port.
    static func serve(_ body: (_ port: Int, _ log: @escaping () throws -> String) async throws -> Void) async throws {
        let output = try OutputFile()
        let process = Process()
        process.executableURL = URL(filePath: python ?? "")
        process.arguments = [root.appending(path: "Tests/Peers/grpcserver.py").path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output.handle
        try process.run()
        // It also exits by itself when this process is gone. SIGTERM it ignores, as this process does for its servers.
        defer { kill(process.processIdentifier, SIGKILL) }
        try await eventually("the Python server's port") { try output.text.contains("\n") }
        let lines = { try output.text.split(separator: "\n").map(String.init) }
        try await body(try #require(Int(try lines()[0]))) { try lines().dropFirst().joined(separator: "\n") }
    }
}
