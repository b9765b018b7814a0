import Foundation
import Martlet
import MartletEtcd
import MartletTesting
import ProcessSupport

/// Ways in which the caller finds the instances.
enum Discovery: String, CaseIterable {
    /// They register with an etcd, which is started for that.
    case etcd
    /// Whoever starts them keeps them in a registry in its memory.
    case memory
    /// A name has their addresses in DNS.
    case dns

    func finder() async throws -> any Finder {
        switch self {
        case .etcd: try await EtcdFinder()
        case .memory: MemoryFinder()
        case .dns: try await DNSFinder()
        }
    }
}

/// Tells the caller where instances are.
protocol Finder {
    /// What the caller's channel is made for.
    var target: String { get }
    var resolvers: [any Resolver] { get }
    /// Where instances register by themselves.
    var etcd: String? { get }

    /// Where the instance of that number is to listen.
    func address(of number: Int) -> (host: String, port: Int)
    func started(_ name: String, at address: String) async throws
    /// Told before an instance is asked to stop.
    func leaves(_ name: String) async throws
    /// Stops knowing anything, and comes back some seconds later; nil if it can't.
    var outage: (stop: () async throws -> Void, start: () async throws -> Void)? { get }
    func end() async
}

// MARK: - etcd

/// A real etcd, with a data folder of its own.
final class EtcdFinder: Finder {
    let target = "etcd:///UserService"
    let resolvers: [any Resolver]
    let etcd: String?
    private let registry: EtcdRegistry
    private let folder = FileManager.default.temporaryDirectory.appending(path: "fleet-etcd-\(UUID())")
    private let ports: (client: Int, peer: Int)
    private var process: ServiceProcess

    init() async throws {
        ports = (try freePort(), try freePort())
        let endpoint = "tcp://127.0.0.1:\(ports.client)"
        etcd = endpoint
        registry = try EtcdRegistry([endpoint])
        resolvers = [RegistryResolver(registry, scheme: "etcd")]
        process = try Self.start(ports, folder)
        try await awaitReady()
    }

    private static func start(_ ports: (client: Int, peer: Int), _ folder: URL) throws -> ServiceProcess {
        let paths = ["/usr/bin/etcd", "/usr/local/bin/etcd", "/opt/homebrew/bin/etcd"]
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw Surprise("etcd isn't installed: install etcd-server, or try --registry memory or dns")
        }
        let client = "http://127.0.0.1:\(ports.client)"
        let peer = "http://127.0.0.1:\(ports.peer)"
        return try ServiceProcess(
            URL(filePath: path),
            [
                "--data-dir", folder.path, "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
                "default=\(peer)",
                "--logger", "zap", "--log-level", "error",
            ])
    }

    private func awaitReady() async throws {
        for _ in 0..<200 {
            if (try? await registry.discover("UserService")) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Surprise("etcd doesn't answer:\n\(process.transcript)")
    }

    func address(of number: Int) -> (host: String, port: Int) { ("127.0.0.1", 0) }
    func started(_ name: String, at address: String) {}
    func leaves(_ name: String) {}

    var outage: (stop: () async throws -> Void, start: () async throws -> Void)? {
        (
            stop: { [self] in
                process.terminate()
                _ = try await process.exitStatus()
            },
            start: { [self] in
                process = try Self.start(ports, folder)
                try await awaitReady()
            }
        )
    }

    func end() async {
        process.kill()
        await registry.shutdown()
        try? FileManager.default.removeItem(at: folder)
    }
}

// MARK: - Memory

final class MemoryFinder: Finder {
    let target = "memory:///UserService"
    let resolvers: [any Resolver]
    let etcd: String? = nil
    private let registry = MemoryRegistry()
    private var leases: [String: ServiceLease] = [:]

    init() { resolvers = [RegistryResolver(registry, scheme: "memory")] }

    func address(of number: Int) -> (host: String, port: Int) { ("127.0.0.1", 0) }

    func started(_ name: String, at address: String) async throws {
        let instance = ServiceInstance(
            service: "UserService", id: name, addresses: [try EndpointAddress("tcp://\(address)")])
        leases[name] = try await registry.register(instance)
    }

    func leaves(_ name: String) async throws { try await leases.removeValue(forKey: name)?.deregister() }

    var outage: (stop: () async throws -> Void, start: () async throws -> Void)? { nil }
    func end() async {}
}

// MARK: - DNS

/// A name server on loopback, and an address of loopback for each instance, all with one port.
final class DNSFinder: Finder {
    let target: String
    let resolvers: [any Resolver] = []
    let etcd: String? = nil
    private let names = NameServer()
    private let port: Int
    private var addresses: [String: String] = [:]
    private static let host = "users.fleet"

    init() async throws {
        port = try freePort()
        let dnsPort = try await names.start()
        target = "dns://127.0.0.1:\(dnsPort)/\(Self.host):\(port)"
    }

    func address(of number: Int) -> (host: String, port: Int) { ("127.0.0.\(number)", port) }

    func started(_ name: String, at address: String) {
        addresses[name] = String(address.prefix { $0 != ":" })
        publish()
    }

    func leaves(_ name: String) {
        addresses[name] = nil
        publish()
    }

    private func publish() { names[Self.host] = addresses.values.sorted().map { .a($0) } }

    var outage: (stop: () async throws -> Void, start: () async throws -> Void)? { nil }
    func end() async { try? await names.stop() }
}

/// A port that nobody had a moment ago.
private func freePort() throws -> Int {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
        }
    }
    guard status else { throw Surprise("no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
}
