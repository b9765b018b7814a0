import Foundation
import Testing

/// Another implementation of gRPC; `Tests/Peers/grpc/README.md` says what its server and its client do.
enum Peer: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case python
    case go

    /// Those that this machine has.
    static let available = allCases.filter(\.isAvailable)

    static let missing = """
        there is neither Python's grpcio (make .venv from Tests/Peers/requirements.txt) nor Go's (install golang-go and \
        golang-google-grpc-dev)
        """

    var testDescription: String { rawValue }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let folder = root.appending(path: "Tests/Peers/grpc")

    private static let interpreter: String? = {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["MARTLET_PYTHON"], root.appending(path: ".venv/bin/python").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private var isAvailable: Bool {
        switch self {
        case .python: Self.interpreter != nil
        case .go:
            PeerProcess.path(of: "go") != nil
                && FileManager.default.fileExists(atPath: "/usr/share/gocode/src/google.golang.org/grpc")
        }
    }

    /// The first build takes about twenty seconds, the others a fraction of one.
    private static let goProgram = Task {
        _ = try await PeerProcess.run([folder.appending(path: "go/build.sh").path])
        return folder.appending(path: "go/.build/peer").path
    }

    /// Whether it knows the compression deflate.
    var hasDeflate: Bool { self != .go }

    /// Lets the peer's client call a server.
    ///
    /// - Returns: A line of JSON for each fact.
    func call(_ target: String, _ facts: [String], authority: String? = nil) async throws -> [String] {
        let security = authority.map { ["--ca", $0] } ?? []
        return try await PeerProcess.run(command(client: true) + security + [target] + facts)
    }

    /// Runs the peer's server while `body` runs.
    func serve<R>(
        tls: (certificate: String, key: String)? = nil, _ body: (_ port: Int) async throws -> R
    ) async throws -> R {
        let security = tls.map { ["--tls", $0.certificate, $0.key] } ?? []
        return try await PeerProcess.serve(command(client: false) + security) { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Int]
            guard let port = object?["port"] else {
                throw PeerProcess.Failure(status: 0, complaint: "no port in \(line)")
            }
            return try await body(port)
        }
    }

    private func command(client: Bool) async throws -> [String] {
        switch self {
        case .python:
            [Self.interpreter!, Self.folder.appending(path: "python/\(client ? "client" : "server").py").path]
        case .go: [try await Self.goProgram.value, client ? "call" : "serve"]
        }
    }
}
