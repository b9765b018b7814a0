import Foundation
import Martlet
import MartletEtcd
import MartletTLS
import Testing

/// Users of etcd, and TLS.
@Suite(.serialized, .enabled(if: EtcdProcess.program != nil, EtcdProcess.missing)) struct EtcdSecurityTests {
    /// After it, calls need the token of the user root.
    private static func enableUsers(_ etcd: EtcdProcess) async throws {
        let channel = try etcd.channel()
        let client = EtcdAPI.AuthClient(channel)
        _ = try await client.userAdd(.init(name: "root", password: "secret"))
        _ = try await client.userGrantRole(.init(user: "root", role: "root"))
        _ = try await client.authEnable(.init())
        await channel.shutdown()
    }

    private static func credentials(_ password: String) -> EtcdConfiguration {
        .test { $0.credentials = .init(user: "root", password: password) }
    }

    @Test func anEtcdWithUsersWantsToKnowWhoCalls() async throws {
        try await withEtcd { etcd in
            // Credentials do no harm before.
            let registry = try EtcdRegistry([etcd.endpoint], configuration: Self.credentials("secret"))
            _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(60))
            try await Self.enableUsers(etcd)
            let grant = try await registry.put(.test("b"), under: nil, ttl: .seconds(60))
            try await registry.renew(grant)
            var events = registry.watch("users").makeAsyncIterator()
            guard case .snapshot(let snapshot)? = try await events.next() else {
                return #expect(Bool(false), "no snapshot")
            }
            #expect(snapshot.instances.map(\.id) == ["a", "b"])
            try await registry.revoke(grant)
            let removal = try await events.next()
            #expect(removal == .changes([.removed(id: "b")], revision: snapshot.revision + 1))

            let nobody = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let unknown = try await errorOf { try await nobody.discover("users") }
            #expect(unknown.message.contains("user name is empty"), "got: \(unknown.message)")
            let wrong = try EtcdRegistry([etcd.endpoint], configuration: Self.credentials("wrong"))
            let refused = try await errorOf { try await wrong.register(.test("c"), logger: .quiet) }
            #expect(refused.code == .invalidArgument)
            #expect(refused.message.contains("authentication failed"), "got: \(refused.message)")
            for registry in [registry, nobody, wrong] { await registry.shutdown() }
        }
    }

    @Test func aTokenThatIsOverIsReplaced() async throws {
        try await withEtcd(EtcdProcess(options: ["--auth-token-ttl", "1"])) { etcd in
            try await Self.enableUsers(etcd)
            let registry = try EtcdRegistry([etcd.endpoint], configuration: Self.credentials("secret"))
            let grant = try await registry.put(.test("a"), under: nil, ttl: .seconds(60))
            let before = try await registry.discover("users")
            // Tokens that aren't used end a second later, or two.
            try await Task.sleep(for: .seconds(2.5))
            var events = registry.watch("users", from: before.revision).makeAsyncIterator()
            let first = try await events.next()
            #expect(first == .changes([], revision: before.revision))
            try await Task.sleep(for: .seconds(2.5))
            _ = try await registry.put(.test("a") { $0.weight = 2 }, under: grant, ttl: .seconds(60))
            let second = try await events.next()
            #expect(second == .changes([.put(.test("a") { $0.weight = 2 })], revision: before.revision + 1))
            await registry.shutdown()
        }
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "the command openssl is missing")
    )
    func etcdIsSpokenToOverTLS() async throws {
        let certificates = try Certificates()
        var tls = ClientTLSConfiguration()
        tls.trustRoots = .file(certificates.path("authority.pem"))
        let security = try ClientSecurity.tls(tls)
        let etcd = EtcdProcess(identity: (certificates.path("server.pem"), certificates.path("server.key")))
        try etcd.start()
        try await etcd.waitUntilReady(security: security)
        let registry = try EtcdRegistry([etcd.endpoint], configuration: .test { $0.security = security })
        let lease = try await registry.register(.test("a"), logger: .quiet)
        var events = registry.watch("users").makeAsyncIterator()
        let first = try await events.next()
        let revision = try #require(first?.revision)
        #expect(first == .snapshot(ServiceSnapshot(service: "users", instances: [.test("a")], revision: revision)))
        try await lease.deregister()
        let second = try await events.next()
        #expect(second == .changes([.removed(id: "a")], revision: revision + 1))

        var strange = ClientTLSConfiguration()
        strange.trustRoots = .file(certificates.path("stranger.pem"))
        let distrustful = try EtcdRegistry(
            [etcd.endpoint], configuration: .test { $0.security = try? .tls(strange) })
        let error = try await errorOf { try await distrustful.discover("users") }
        #expect(error.connectionFailure?.cause == .untrusted, "got: \(error)")
        await registry.shutdown()
        await distrustful.shutdown()
        try await etcd.kill()
    }
}

/// What `Tests/Peers/certificates.sh` makes, in a folder that goes with the value.
private final class Certificates {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-etcd-tls-\(UUID())")

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Peers/certificates.sh")
        process.arguments = [directory.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func path(_ name: String) -> String { directory.appending(path: name).path }
}
