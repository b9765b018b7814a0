public import Foundation
internal import Synchronization

/// A program that runs as a process of its own, and what it prints.
public final class ServiceProcess {
    private let process = Process()
    private let output = Output()
    private var linesRead = 0

    /// Starts the executable of that name that was built beside this one.
    public convenience init(_ name: String, _ arguments: [String]) throws {
        try self.init(Bundle.main.executableURL!.deletingLastPathComponent().appending(path: name), arguments)
    }

    public init(_ program: URL, _ arguments: [String]) throws {
        process.executableURL = program
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        pipe.fileHandleForReading.readabilityHandler = { [output] in
            let data = $0.availableData
            if data.isEmpty { $0.readabilityHandler = nil } else { output.append(data) }
        }
        try process.run()
    }

    /// The next line that contains `text`; those before it are passed over.
    public func line(containing text: String) async throws -> String {
        try await patiently("a line of \(name) that says \"\(text)\"") {
            let lines = output.lines
            guard let index = lines.indices.dropFirst(linesRead).first(where: { lines[$0].contains(text) }) else {
                return nil
            }
            linesRead = index + 1
            return lines[index]
        }
    }

    /// Asks the process to stop, as an operator or an orchestrator would (SIGTERM).
    public func terminate() { process.terminate() }

    /// The exit status once the process has ended; nil if a signal killed it.
    public func exitStatus() async throws -> Int32? {
        try await patiently("the end of \(name)") { process.isRunning ? nil : () }
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    public var name: String { process.executableURL?.lastPathComponent ?? "a service" }

    /// Everything it has printed, to read when the story goes wrong.
    public var transcript: String { output.lines.map { "    \(name): \($0)" }.joined(separator: "\n") }

    /// Kills it at once (SIGKILL).
    public func kill() { signal(SIGKILL) }

    public func signal(_ signal: Int32) {
        if process.isRunning { Foundation.kill(process.processIdentifier, signal) }
    }

    private func patiently<Result>(_ what: String, _ attempt: () -> Result?) async throws -> Result {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if let result = attempt() { return result }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Surprise("waited 20 seconds for \(what)")
    }
}

/// Lines as they arrive, on whichever thread reads them.
private final class Output: Sendable {
    private let text = Mutex(Data())

    func append(_ data: Data) { text.withLock { $0.append(data) } }

    var lines: [String] {
        String(decoding: text.withLock { $0 }, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
