import Logging
import Martlet
import MartletTesting
import MartletTransport
import NIOCore
import Testing

@testable import MartletDiscovery

/// What channels are told of a service in a registry; on virtual time.
@Suite struct RegistryResolverTests {
    /// A registry that can be out of reach.
    private final class Unsteady: ServiceRegistry {
        let inner: MemoryRegistry
        let error = Shared<RPCError?>(nil)
        let revisions = Shared<[Int64?]>([])
        /// What the first watch ends with after its first event.
        let end = Shared<RPCError?>(nil)

        init(_ eventLoop: any EventLoop) { inner = MemoryRegistry(eventLoopGroup: eventLoop) }

        var eventLoop: any EventLoop { inner.eventLoop }
        func put(
            _ instance: ServiceInstance, under grant: LeaseGrant?, ttl: Duration
        ) async throws(RPCError) -> LeaseGrant { try await inner.put(instance, under: grant, ttl: ttl) }
        func renew(_ grant: LeaseGrant) async throws(RPCError) { try await inner.renew(grant) }
        func revoke(_ grant: LeaseGrant) async throws(RPCError) { try await inner.revoke(grant) }
        func discover(_ service: String) async throws(RPCError) -> ServiceSnapshot { try await inner.discover(service) }

        /// Fails where it would wait or begin.
        func watch(_ service: String, from revision: Int64?) -> ServiceWatch {
            revisions.change { $0.append(revision) }
            return ServiceWatch { [self] in
                var events = inner.watch(service, from: revision).makeAsyncIterator()
                var isFirst = true
                return { () async throws(RPCError) -> ServiceEvent? in
                    if let error = self.error.value { throw error }
                    if !isFirst, let end = self.end.value {
                        self.end.change { $0 = nil }
                        throw end
                    }
                    isFirst = false
                    let event = try await events.next()
                    if let error = self.error.value { throw error }
                    return event
                }
            }
        }
    }

    private static func resolve(
        _ registry: any ServiceRegistry, _ target: String = "memory:///users", on network: TestNetwork,
        maxInstances: Int = 10,
        _ body: (_ found: Shared<[Result<[String], RPCError>]>) async throws -> Void
    ) async throws {
        let found = Shared<[Result<[String], RPCError>]>([])
        let updates = ResolverUpdates(executor: LoopExecutor.of(network.eventLoop), logger: .quiet) { result in
            found.change { $0.append(result.map { $0.endpoints.map(\.id) }) }
        }
        let resolver = RegistryResolver(registry, scheme: "memory", maxInstances: maxInstances)
        let target = try ResolverTarget(target)
        try resolver.check(target)
        try await withThrowingTaskGroup { group in
            group.addTask { await resolver.resolve(target, updates) }
            await network.advance(by: .seconds(1))
            try await body(found)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func aChannelHearsOfEveryChange() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            try await Self.resolve(registry, on: network) { found in
                #expect(found.value == [.success([])])
                let grant = try await registry.put(.test("a"), under: nil, ttl: .seconds(100))
                _ = try await registry.put(.test("b"), under: nil, ttl: .seconds(3600))
                await network.advance(by: .seconds(1))
                #expect(found.value.last == .success(["a", "b"]))
                try await registry.revoke(grant)
                await network.advance(by: .seconds(1))
                #expect(found.value.last == .success(["b"]))
            }
        }
    }

    @Test func whileTheRegistryIsAwayTheChannelIsToldAndTheWatchGoesOnLater() async throws {
        try await withTestNetwork { network in
            let registry = Unsteady(network.eventLoop)
            _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(3600))
            let error = RPCError(.unavailable, "the registry doesn't answer")
            try await Self.resolve(registry, on: network) { found in
                #expect(found.value == [.success(["a"])])
                registry.error.change { $0 = error }
                _ = try await registry.put(.test("b"), under: nil, ttl: .seconds(3600))
                await network.advance(by: .seconds(60))
                #expect(found.value.dropFirst().allSatisfy { $0 == .failure(error) })
                // After about 0.5, 1.3, 2.6, 4.6, 7.9, 13.2, 21.5, 35 and 56 s.
                #expect((8...11).contains(found.value.count - 1))
                registry.error.change { $0 = nil }
                await network.advance(by: .seconds(60))
                #expect(found.value.last == .success(["a", "b"]))
                // Every watch has begun with the last revision known, the first without.
                #expect(registry.revisions.value.first == .some(nil))
                #expect(registry.revisions.value.dropFirst().allSatisfy { $0 == 1 })
            }
        }
    }

    /// What the channel has is fresh again then.
    @Test func aWatchThatGoesOnWithoutAChangeIsTold() async throws {
        try await withTestNetwork { network in
            let registry = Unsteady(network.eventLoop)
            _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(3600))
            let error = RPCError(.unavailable, "the registry doesn't answer")
            registry.end.change { $0 = error }
            try await Self.resolve(registry, on: network) { found in
                #expect(found.value == [.success(["a"]), .failure(error), .success(["a"])])
                #expect(registry.revisions.value == [nil, 1])
            }
        }
    }

    @Test func tooManyInstancesAreAnErrorUntilThereAreLess() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            try await Self.resolve(registry, on: network, maxInstances: 2) { found in
                _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(3600))
                _ = try await registry.put(.test("b"), under: nil, ttl: .seconds(3600))
                let grant = try await registry.put(.test("c"), under: nil, ttl: .seconds(3600))
                await network.advance(by: .seconds(10))
                guard case .failure(let error)? = found.value.last else { return #expect(Bool(false), "no failure") }
                #expect(error.code == .resourceExhausted)
                try await registry.revoke(grant)
                await network.advance(by: .seconds(60))
                #expect(found.value.last == .success(["a", "b"]))
            }
        }
    }

    private static let filters: [(query: String, ids: [String])] = [
        ("", ["a", "b", "c"]), ("?tag=canary", ["b", "c"]), ("?tag=canary&tag=fast", ["c"]),
        ("?version=1.4.0", ["a", "b"]), ("?version=1.4.0&version=2.0.0", ["a", "b", "c"]),
        ("?zone=eu-west-1a", ["a"]), ("?tag=canary&version=1.4.0", ["b"]), ("?tag=none", []),
        ("?wire=grpc", ["a", "b", "c"]),
        // One that doesn't serve is better than none.
        ("?tag=slow", ["d"]),
    ]

    @Test(arguments: filters.indices) func targetsChooseAmongInstances(_ index: Int) throws {
        let (query, ids) = Self.filters[index]
        let snapshot = ServiceSnapshot(
            service: "users",
            instances: [
                .test("a") {
                    $0.version = "1.4.0"
                    $0.zone = "eu-west-1a"
                },
                .test("b") {
                    $0.version = "1.4.0"
                    $0.tags = ["canary"]
                },
                .test("c") {
                    $0.version = "2.0.0"
                    $0.tags = ["fast", "canary"]
                },
                .test("d") {
                    $0.tags = ["slow"]
                    $0.health = .notServing
                },
            ], revision: 1)
        let filter = try InstanceFilter(ResolverTarget("memory:///users\(query)"))
        #expect(filter.resolution(of: snapshot).endpoints.map(\.id) == ids)
    }

    @Test func anEndpointHasWhatTheInstanceSays() {
        let instance = ServiceInstance(
            service: "users", id: "i-1", addresses: [.tcp("10.0.0.7", 7000), .unix("/run/users.sock")], weight: 5,
            zone: "eu", version: "1.4.0", tags: ["canary", "b"], wire: .grpc)
        #expect(
            instance.endpoint
                == Endpoint(
                    id: "i-1", addresses: [.tcp("10.0.0.7", 7000), .unix("/run/users.sock")], weight: 5, zone: "eu",
                    wire: .grpc, attributes: ["version": "1.4.0", "tags": "canary,b"]))
    }

    @Test(arguments: [
        ("memory://here/users", "write it as memory:///users"), ("memory:///users?color=red", "the option \"color\""),
        ("memory:///a/b", "the service \"a/b\""),
    ])
    func targetsThatMeanNothingAreRefused(_ target: String, _ what: String) throws {
        let resolver = RegistryResolver(MemoryRegistry(), scheme: "memory")
        let error = try #require(throws: RPCError.self) { try resolver.check(ResolverTarget(target)) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(what), "got: \(error.message)")
    }
}
