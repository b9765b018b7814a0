import Foundation
import Glibc
import Martlet
import MartletEtcd
import Testing

/// An etcd of its own for one test, on free ports, with a folder of its own.
final class EtcdProcess {
    static let program: String? = ["/usr/bin/etcd", "/usr/local/bin/etcd", "/opt/homebrew/bin/etcd"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    static let missing: Comment = "the command etcd is missing"

    let port: Int
    private let peerPort: Int
    private let arguments: [String]
    private let name: String
    /// The members of its cluster, as `NAME=URL`, separated by commas.
    private var cluster: String
    private let scheme: String
    private let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-etcd-\(UUID())")
    private var process: Process?
    private var input = Pipe()

    /// Its target for Martlet's own clients.
    var endpoint: String { "tcp://127.0.0.1:\(port)" }

    private var peerURL: String { "http://127.0.0.1:\(peerPort)" }

    /// - Parameters:
    ///   - identity: A certificate and its key, for TLS.
    ///   - options: Of its command line.
    init(name: String = "test", identity: (chain: String, key: String)? = nil, options: [String] = []) {
        (port, peerPort) = (freePort(), freePort())
        self.name = name
        cluster = "\(name)=http://127.0.0.1:\(peerPort)"
        scheme = identity == nil ? "http" : "https"
        arguments = (identity.map { ["--cert-file", $0.chain, "--key-file", $0.key] } ?? []) + options
    }

    /// Several that know the same.
    static func cluster(of count: Int) -> [EtcdProcess] {
        let members = (0..<count).map { EtcdProcess(name: "test-\($0)") }
        let cluster = members.map(\.cluster).joined(separator: ",")
        for member in members { member.cluster = cluster }
        return members
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Starts it, with what its folder has from before.
    func start() throws {
        let client = "\(scheme)://127.0.0.1:\(port)"
        // The shell reads to the end of its input, which comes when this process ends, however it does.
        let script = #""$@" </dev/null >/dev/null 2>&1 & echo $! >"$0"; cat >/dev/null; kill -9 $!; wait"#
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let process = Process()
        input = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            [
                "-c", script, pidFile.path, try #require(Self.program), "--name", name,
                "--data-dir", directory.appending(path: "data").path,
                "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peerURL,
                "--initial-advertise-peer-urls", peerURL, "--initial-cluster", cluster,
                // So that leases can be short, too.
                "--heartbeat-interval", "20", "--election-timeout", "200",
            ] + arguments
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    private var pidFile: URL { directory.appending(path: "pid") }

    func signal(_ number: Int32) throws {
        let text = try String(contentsOf: pidFile, encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(Glibc.kill(pid, number) == 0)
    }

    /// As a power cut does.
    func kill() async throws {
        guard let process else { return }
        try input.fileHandleForWriting.close()
        try await eventually("etcd's end") { !process.isRunning }
        self.process = nil
    }

    /// A channel to it.
    func channel(security: ClientSecurity? = nil) throws -> ClientChannel {
        var configuration = ChannelConfiguration()
        configuration.wire = .grpc
        configuration.security = security
        configuration.logger = .quiet
        configuration.backoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(20))
        return try ClientChannel(endpoint, configuration: configuration)
    }

    func waitUntilReady(security: ClientSecurity? = nil) async throws {
        let channel = try channel(security: security)
        let status = EtcdAPI.MaintenanceClient(channel)
        try await eventually("etcd's beginning") {
            let response = try? await status.status(.init(), options: .timeout(.seconds(1)))
            return response.map { $0.leader != 0 } ?? false
        }
        await channel.shutdown()
    }
}

/// Runs an etcd while `body` runs.
func withEtcd<R>(_ etcd: EtcdProcess = EtcdProcess(), _ body: (_ etcd: EtcdProcess) async throws -> R) async throws -> R
{
    try etcd.start()
    let result: Result<R, any Error>
    do {
        try await etcd.waitUntilReady()
        result = .success(try await body(etcd))
    } catch { result = .failure(error) }
    try await etcd.kill()
    return try result.get()
}

extension EtcdConfiguration {
    static func test(_ change: (inout EtcdConfiguration) -> Void = { _ in }) -> EtcdConfiguration {
        var configuration = EtcdConfiguration()
        configuration.logger = .quiet
        change(&configuration)
        return configuration
    }
}

/// A port that nobody has now. Below those that the system gives to outgoing connections, so that it stays free while
/// an etcd is started again.
private func freePort() -> Int {
    while true {
        let port = Int.random(in: 20_000..<32_000)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return port }
    }
}
