import Foundation
import ProcessSupport

/// The processes of UserService, by name. They share one SQLite file.
final class Instances {
    private let database: String
    private var processes: [String: ServiceProcess] = [:]

    init(database: String) { self.database = database }

    /// Starts one.
    ///
    /// - Returns: Where it listens, as `HOST:PORT`.
    func start(_ name: String, host: String = "127.0.0.1", port: Int = 0, etcd: String?) async throws -> String {
        var arguments = [
            "--host", host, "--port", "\(port)", "--database", database, "--id", name, "--log-level", "warning",
            "--slows-on-signal",
        ]
        if let etcd { arguments += ["--etcd", etcd] }
        let process = try ServiceProcess("UserServer", arguments)
        processes[name] = process
        let line = try await process.line(containing: "is listening on ")
        guard let address = line.split(separator: " ").last else { throw Surprise("no address in \"\(line)\"") }
        return String(address)
    }

    func signal(_ name: String, _ signal: Int32) { processes[name]?.signal(signal) }

    func exitStatus(of name: String) async throws -> Int32? { try await processes[name]?.exitStatus() ?? nil }

    func end() async {
        for process in processes.values { process.terminate() }
        for process in processes.values { _ = try? await process.exitStatus() }
        for process in processes.values { process.kill() }
    }

    /// Everything that they have printed.
    var transcripts: String {
        processes.sorted { $0.key < $1.key }.map { "  \($0.key)\n\($0.value.transcript)" }.joined(separator: "\n")
    }
}
