import Martlet
import MartletTesting
import Testing

/// Servers and channels that meet in a registry; on virtual time.
@Suite struct RollingRestartTests {
    private struct Noting: ServerInterceptor {
        let name: String
        let calls: Shared<[String: Int]>

        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            calls.change { $0[name, default: 0] += 1 }
            try await next()
        }
    }

    private static func start(
        _ name: String, in registry: MemoryRegistry, on network: TestNetwork, _ calls: Shared<[String: Int]>
    ) async throws -> RPCServer {
        var configuration = ServerConfiguration()
        configuration.logger = .quiet
        configuration.interceptors = [Noting(name: name, calls: calls)]
        configuration.registrations = [
            Registration(
                registry, service: "users", id: name, advertised: .exactly([TestNetwork.address(of: name)]),
                logger: .quiet)
        ]
        return try await network.server(name, services: [HealthService()], configuration: configuration)
    }

    @Test func noCallFailsWhileEveryServerIsReplaced() async throws {
        try await withTestNetwork { network in
            network.link.latency = .milliseconds(1) ... .milliseconds(5)
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            let calls = Shared<[String: Int]>([:])
            var servers: [RPCServer] = []
            for name in ["a", "b", "c"] {
                servers.append(try await Self.start(name, in: registry, on: network, calls))
            }
            var configuration = ChannelConfiguration()
            configuration.logger = .quiet
            configuration.loadBalancing.policy = .roundRobin
            let channel = try network.channel(
                to: "memory:///users", by: RegistryResolver(registry, scheme: "memory"), configuration: configuration)
            let client = GRPCHealthV1.HealthClient(channel)
            let clock = network.clock
            let (isOver, failures) = (Shared(false), Shared<[RPCError]>([]))
            async let load: Void = {
                while !isOver.value {
                    do throws(RPCError) { _ = try await client.check(.init()) } catch {
                        failures.change { $0.append(error) }
                    }
                    try await clock.sleep(for: .milliseconds(10))
                }
            }()
            await network.advance(by: .seconds(5))
            #expect(calls.value.keys.sorted() == ["a", "b", "c"])
            for (index, name) in ["d", "e", "f"].enumerated() {
                servers.append(try await Self.start(name, in: registry, on: network, calls))
                await servers[index].shutdown()
                await network.advance(by: .seconds(5))
            }
            isOver.change { $0 = true }
            try await load
            #expect(failures.value == [])
            #expect(calls.value.keys.sorted() == ["a", "b", "c", "d", "e", "f"])
            #expect(try await registry.discover("users").instances.map(\.id) == ["d", "e", "f"])
        }
    }
}
