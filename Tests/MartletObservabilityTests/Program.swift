import Foundation

/// Other programs, which say what they make of Martlet's metrics.
enum Program {
    struct Failure: Error {
        let text: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter that `MARTLET_PYTHON` names, or that of the virtual environment at the package's root.
    static let python: String? = {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["MARTLET_PYTHON"], root.appending(path: ".venv/bin/python").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// The answer to a request, its head included.
    static func curl(_ url: String, _ arguments: String...) async throws -> String {
        try await run(["curl", "-sS", "-i", "--max-time", "20"] + arguments + [url])
    }

    /// What Prometheus's client for Python reads: a line of JSON for each family and sample.
    static func parsed(_ metrics: String) async throws -> [[String: any Sendable]] {
        let script = root.appending(path: "Tests/Peers/prometheus.py").path
        let output = try await run([python ?? "", script], input: metrics)
        return try output.split(separator: "\n").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: any Sendable] ?? [:]
        }
    }

    /// Not on the pool's threads, which are few.
    private static func run(_ command: [String], input: String = "") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try runHere(command, input) }) }
        }
    }

    private static func runHere(_ command: [String], _ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let (inputs, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = inputs
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        Thread.detachNewThread {
            try? inputs.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try? inputs.fileHandleForWriting.close()
        }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        let problem = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: String(decoding: problem, as: UTF8.self)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
