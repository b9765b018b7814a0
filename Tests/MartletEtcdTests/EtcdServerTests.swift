import Martlet
import MartletEtcd
import Testing

/// Servers that meet their callers in etcd.
@Suite(.serialized, .enabled(if: EtcdProcess.program != nil, EtcdProcess.missing)) struct EtcdServerTests {
    private static func server(_ registry: EtcdRegistry) -> (RPCServer, Registration) {
        let registration = Registration(registry, service: "users", version: "1.4.0", logger: .quiet)
        var configuration = ServerConfiguration()
        configuration.registrations = [registration]
        configuration.drainDelay = .milliseconds(20)
        configuration.handlesSignals = false
        configuration.logger = .quiet
        let server = RPCServer(
            services: [HealthService()], listen: .tcp("127.0.0.1", 0), configuration: configuration)
        return (server, registration)
    }

    @Test func serversComeAndGo() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let servers = (0..<3).map { _ in Self.server(registry) }
            let running = servers.map { server, _ in Task { try await server.run() } }
            for (server, _) in servers { _ = try await server.addresses }
            let known = try await registry.discover("users")
            #expect(known.instances.map(\.id) == servers.map(\.1.id).sorted())
            var configuration = ChannelConfiguration()
            configuration.resolvers = [RegistryResolver(registry, scheme: "etcd")]
            configuration.logger = .quiet
            let channel = try ClientChannel("etcd:///users?version=1.4.0", configuration: configuration)
            let client = GRPCHealthV1.HealthClient(channel)
            for (server, _) in servers {
                let response = try await client.check(.init())
                #expect(response.status == .serving)
                await server.shutdown()
            }
            for task in running { try await task.value }
            let nobody = try await errorOf { try await client.check(.init(), options: .timeout(.seconds(5))) }
            #expect(nobody.code == .unavailable)
            await channel.shutdown()
            let after = try await registry.discover("users")
            #expect(after.instances == [])
            await registry.shutdown()
        }
    }

    @Test func aServerThatEtcdRefusesDoesNotStart() async throws {
        try await withEtcd { etcd in
            let channel = try etcd.channel()
            let client = EtcdAPI.AuthClient(channel)
            _ = try await client.userAdd(.init(name: "root", password: "secret"))
            _ = try await client.userGrantRole(.init(user: "root", role: "root"))
            _ = try await client.authEnable(.init())
            await channel.shutdown()
            let registry = try EtcdRegistry(
                [etcd.endpoint], configuration: .test { $0.credentials = .init(user: "root", password: "wrong") })
            let (server, _) = Self.server(registry)
            let error = try await errorOf { try await server.run() }
            #expect(error.message.contains("authentication failed"), "got: \(error.message)")
            await registry.shutdown()
        }
    }
}
