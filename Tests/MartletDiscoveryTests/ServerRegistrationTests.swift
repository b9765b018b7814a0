import Martlet
import MartletTesting
import Testing

@testable import MartletDiscovery

/// How a server makes itself known and takes leave.
@Suite struct ServerRegistrationTests {
    private struct Nothing: RPCService {
        func register(in router: inout Router) {}
    }

    /// Notes what it is told, and takes its time.
    private struct Witness: ServerRegistration {
        let notes: Shared<[String]>
        var listens: @Sendable () async throws -> Void = {}
        var leaves: @Sendable () async -> Void = {}

        func serverListens(on addresses: [ListenAddress]) async throws {
            notes.change { $0.append("listens") }
            try await listens()
            notes.change { $0.append("registered") }
        }

        func serverLeaves() async {
            notes.change { $0.append("leaves") }
            await leaves()
            notes.change { $0.append("left") }
        }
    }

    /// Notes what services are told.
    private struct Told: RPCService {
        let notes: Shared<[String]>

        func register(in router: inout Router) {}
        func serverWillDrain() { notes.change { $0.append("will drain") } }
        func serverDrains() { notes.change { $0.append("drains") } }
    }

    private static func configuration(_ registrations: any ServerRegistration...) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.registrations = registrations
        configuration.logger = .quiet
        configuration.handlesSignals = false
        return configuration
    }

    @Test func aServerIsKnownWhenItIsReadyAndGoneBeforeItRefusesCalls() async throws {
        let registry = MemoryRegistry()
        let health = Health(logger: .quiet)
        let registration = Registration(
            registry, service: "users", zone: "eu", version: "1.4.0", tags: ["canary"], health: health, logger: .quiet)
        var configuration = Self.configuration(registration)
        configuration.drainDelay = .seconds(2)
        let server = RPCServer(
            services: [HealthService(health)], listen: .tcp("127.0.0.1", 0), configuration: configuration)
        let running = Task { try await server.run() }
        let address = try await server.addresses[0]
        let expected = ServiceInstance(
            service: "users", id: registration.id, addresses: [.tcp("127.0.0.1", address.port)], zone: "eu",
            version: "1.4.0", tags: ["canary"])
        let known = try await registry.discover("users")
        #expect(known.instances == [expected])

        let channel = try ClientChannel("tcp://\(address)")
        try await channel.connect()
        let client = GRPCHealthV1.HealthClient(channel)
        var events = registry.watch("users", from: known.revision).makeAsyncIterator()
        _ = try await events.next()
        health.set(.notServing)
        let notServing = try await events.next()
        var changed = expected
        changed.health = .notServing
        #expect(notServing == .changes([.put(changed)], revision: 2))

        async let stopped: Void = server.shutdown()
        let gone = try await events.next()
        #expect(gone == .changes([.removed(id: registration.id)], revision: 3))
        // It answers for the delay after that.
        let response = try await client.check(.init())
        #expect(response.status == .notServing)
        await stopped
        try await running.value
        await channel.shutdown()
    }

    @Test func theEndGoesStepByStep() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let notes = Shared<[String]>([])
            let witness = Witness(notes: notes, leaves: { try? await clock.sleep(for: .seconds(2)) })
            let server = try await network.server(
                "a", services: [Told(notes: notes)], configuration: Self.configuration(witness))
            #expect(notes.value == ["listens", "registered"])
            let start = clock.now
            async let stopped: Void = server.shutdown(drain: .seconds(3), grace: .seconds(10))
            await network.advance(by: .seconds(1))
            #expect(notes.value.dropFirst(2) == ["will drain", "leaves"])
            await network.advance(by: .seconds(3))
            #expect(notes.value.dropFirst(2) == ["will drain", "leaves", "left"])
            await stopped
            #expect(notes.value.dropFirst(5) == ["drains"])
            #expect(start.duration(to: clock.now) == .seconds(5))
        }
    }

    /// 1 s for those who watch the registry.
    @Test func theDelayOfARegisteredServerIsASecond() async throws {
        try await withTestNetwork { network in
            let notes = Shared<[String]>([])
            let server = try await network.server(
                "a", services: [Nothing()], configuration: Self.configuration(Witness(notes: notes)))
            let start = network.clock.now
            await server.shutdown()
            #expect(start.duration(to: network.clock.now) == .seconds(1))
        }
    }

    @Test func aRegistrationHoldsUpTheServerForItsTimeoutOnly() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let notes = Shared<[String]>([])
            let witness = Witness(
                notes: notes, listens: { try await clock.sleep(for: .seconds(3600)) },
                leaves: { try? await clock.sleep(for: .seconds(3600)) })
            let server = try await network.server(
                "a", services: [Nothing()], configuration: Self.configuration(witness))
            #expect(clock.now.offset == .seconds(10))
            await network.advance(by: .seconds(1))
            #expect(notes.value == ["listens"])
            let start = clock.now
            await server.shutdown()
            #expect(start.duration(to: clock.now) == .seconds(11))
        }
    }

    /// As with a second SIGTERM: a registry that doesn't answer gets a second.
    @Test func withoutGraceNothingIsWaitedForLong() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let notes = Shared<[String]>([])
            let witness = Witness(notes: notes, leaves: { try? await clock.sleep(for: .seconds(3600)) })
            let server = try await network.server(
                "a", services: [Told(notes: notes)], configuration: Self.configuration(witness))
            let start = clock.now
            async let slow: Void = server.shutdown()
            await network.advance(by: .seconds(3))
            await server.shutdown(grace: .zero)
            await slow
            #expect(start.duration(to: clock.now) == .seconds(4))
            await network.advance(by: .seconds(60))
            #expect(notes.value == ["listens", "registered", "will drain", "leaves", "drains", "left"])
        }
    }

    @Test func aServerThatIsRefusedDoesNotStart() async throws {
        let notes = Shared<[String]>([])
        let witness = Witness(notes: notes, listens: { throw RPCError(.permissionDenied, "not you") })
        let server = RPCServer(
            services: [Nothing()], listen: .tcp("127.0.0.1", 0), configuration: Self.configuration(witness))
        let error = try await errorOf { try await server.run() }
        #expect(error.message == "not you")
        let same = try await errorOf { try await server.addresses }
        #expect(same == error)
        #expect(notes.value == ["listens", "leaves", "left"])
    }

    @Test func aServerThatShutsDownWhileItRegistersTakesItBack() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let notes = Shared<[String]>([])
            let witness = Witness(notes: notes, listens: { try await clock.sleep(for: .seconds(5)) })
            var configuration = Self.configuration(witness)
            configuration.eventLoopGroup = network.eventLoop
            let server = RPCServer(
                services: [Nothing()], listen: .inProcess(InProcessTransport("a")), configuration: configuration)
            async let running: Void = server.run()
            await network.advance(by: .seconds(1))
            #expect(notes.value == ["listens"])
            await server.shutdown(grace: .seconds(1))
            try await running
            #expect(notes.value == ["listens", "leaves", "left"])
            _ = try await server.addresses
        }
    }

    /// The server starts, and is registered when that is possible.
    @Test func aRegistryThatIsAwayAtTheStartIsTriedAgain() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(maxInstances: 1, eventLoopGroup: network.eventLoop)
            // Full, for half a minute.
            _ = try await registry.put(.test("x", service: "orders"), under: nil, ttl: .seconds(30))
            let registration = Registration(
                registry, service: "users", advertised: .exactly([.tcp("10.0.0.7", 7000)]), logger: .quiet)
            let server = try await network.server(
                "a", services: [Nothing()], configuration: Self.configuration(registration))
            #expect(network.clock.now.offset == .seconds(10))
            await network.advance(by: .seconds(60))
            let known = try await registry.discover("users")
            #expect(known.instances.map(\.id) == [registration.id])
            await server.shutdown()
            let after = try await registry.discover("users")
            #expect(after.instances == [])
        }
    }

    @Test func aServerWithoutAnAddressForOthersIsRefused() async throws {
        try await withTestNetwork { network in
            let registration = Registration(
                MemoryRegistry(eventLoopGroup: network.eventLoop), service: "users", logger: .quiet)
            let error = try await errorOf {
                try await network.server("a", services: [Nothing()], configuration: Self.configuration(registration))
            }
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("it has 0 addresses"), "got: \(error.message)")
        }
    }

    @Test func anAddressThatStandsForAllBecomesOneOfTheMachines() throws {
        let listening: [ListenAddress] = [
            .tcp("0.0.0.0", 7000), .tcp("::", 7001), .tcp("10.1.2.3", 7002), .unix("/run/a.sock"),
        ]
        let own = AdvertisedAddresses.own.resolved(for: listening).map(\.description)
        #expect(own.count == 4)
        #expect(own[0].hasPrefix("tcp://") && own[0].hasSuffix(":7000") && own[0] != "tcp://0.0.0.0:7000")
        #expect(own[1].hasPrefix("tcp://") && own[1].hasSuffix(":7001") && own[1] != "tcp://[::]:7001")
        #expect(own.suffix(2) == ["tcp://10.1.2.3:7002", "unix:/run/a.sock"])
        let named = AdvertisedAddresses.host("a.internal").resolved(for: listening).map(\.description)
        #expect(
            named == ["tcp://a.internal:7000", "tcp://a.internal:7001", "tcp://a.internal:7002", "unix:/run/a.sock"])
        let exactly = AdvertisedAddresses.exactly([.tcp("proxy", 80)]).resolved(for: listening)
        #expect(exactly == [.tcp("proxy", 80)])
    }
}
