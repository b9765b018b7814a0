import Martlet
import MartletEtcd
import MartletTransport
import NIOPosix
import Testing

/// What becomes of registrations and watches when etcd does.
@Suite(.serialized, .enabled(if: EtcdProcess.program != nil, EtcdProcess.missing)) struct EtcdFailureTests {
    /// Follows a service as a channel does while `body` runs.
    private static func resolve(
        _ registry: EtcdRegistry, _ body: (_ found: Shared<[Result<[String], RPCError>]>) async throws -> Void
    ) async throws {
        let found = Shared<[Result<[String], RPCError>]>([])
        let executor = LoopExecutor.of(MultiThreadedEventLoopGroup.singleton.next())
        let updates = ResolverUpdates(executor: executor, logger: .quiet) { result in
            found.change { $0.append(result.map { $0.endpoints.map(\.id) }) }
        }
        let target = try ResolverTarget("etcd:///users")
        let resolver = RegistryResolver(
            registry, scheme: "etcd", backoff: Backoff(initial: .milliseconds(50), maximum: .milliseconds(200)))
        try await withThrowingTaskGroup { group in
            group.addTask(executorPreference: executor) { await resolver.resolve(target, updates) }
            try await body(found)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func anEtcdThatWasKilledIsFoundAgainWhenItIsBack() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let renewals = Shared(0)
            let lease = try await registry.register(.test("a"), ttl: .seconds(4), logger: .quiet) { event in
                if event == .renewed || event == .registeredAgain { renewals.change { $0 += 1 } }
            }
            try await Self.resolve(registry) { found in
                try await eventually("the first list") { found.value == [.success(["a"])] }
                try await etcd.kill()
                try await eventually("the end of the watch") {
                    if case .failure(let error)? = found.value.last { error.code == .unavailable } else { false }
                }
                try etcd.start()
                try await etcd.waitUntilReady()
                let before = renewals.value
                try await eventually("a sign of life of the lease") { renewals.value > before }
                try await eventually("a fresh list") { found.value.last == .success(["a"]) }
                let other = try await registry.register(.test("b"), logger: .quiet)
                try await eventually("the change") { found.value.last == .success(["a", "b"]) }
                try await other.deregister()
                try await eventually("the other change") { found.value.last == .success(["a"]) }
            }
            try await lease.deregister()
            await registry.shutdown()
        }
    }

    /// The others go on; one that is alone says that it can't.
    @Test func theMemberInUseMayDie() async throws {
        let members = EtcdProcess.cluster(of: 3)
        for member in members { try member.start() }
        for member in members { try await member.waitUntilReady() }
        let registry = try EtcdRegistry(
            members.map(\.endpoint), configuration: .test { $0.requestTimeout = .seconds(2) })
        let renewals = Shared(0)
        let lease = try await registry.register(.test("a"), ttl: .seconds(5), logger: .quiet) { event in
            if event == .renewed || event == .registeredAgain { renewals.change { $0 += 1 } }
        }
        try await Self.resolve(registry) { found in
            try await eventually("the first list") { found.value == [.success(["a"])] }
            try await members[0].kill()
            try await eventually("the end of the watch") { found.value.count > 1 }
            try await eventually("a fresh list") { found.value.last == .success(["a"]) }
            let before = renewals.value
            try await eventually("a sign of life of the lease") { renewals.value > before }

            try await members[1].kill()
            try await eventually("that nobody leads") {
                if case .failure(let error)? = found.value.last { error.code == .unavailable } else { false }
            }
            try members[0].start()
            try await members[0].waitUntilReady()
            try await eventually("a fresh list") { found.value.last == .success(["a"]) }
        }
        try await lease.deregister()
        await registry.shutdown()
        for member in members { try await member.kill() }
    }

    @Test func aDeadMemberIsPassedOver() async throws {
        let dead = try DeadPort(listens: false)
        try await withEtcd { etcd in
            let registry = try EtcdRegistry(["tcp://127.0.0.1:\(dead.port)", etcd.endpoint], configuration: .test())
            let lease = try await registry.register(.test("a"), logger: .quiet)
            try await Self.resolve(registry) { found in
                try await eventually("the list") { found.value == [.success(["a"])] }
            }
            try await lease.deregister()
            await registry.shutdown()
        }
    }

    /// It accepts connections, and nothing follows.
    @Test func aSilentMemberIsPassedOver() async throws {
        let silent = try DeadPort(listens: true)
        try await withEtcd { etcd in
            let registry = try EtcdRegistry(
                ["tcp://127.0.0.1:\(silent.port)", etcd.endpoint],
                configuration: .test { $0.requestTimeout = .milliseconds(300) })
            let lease = try await registry.register(.test("a"), logger: .quiet)
            try await lease.deregister()
            await registry.shutdown()
        }
    }

    @Test func withoutAnyMemberTheErrorNamesOne() async throws {
        let dead = try DeadPort(listens: false)
        let registry = try EtcdRegistry(["tcp://127.0.0.1:\(dead.port)"], configuration: .test())
        let error = try await errorOf { try await registry.register(.test("a"), logger: .quiet) }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("127.0.0.1:\(dead.port)"), "got: \(error.message)")
        await registry.shutdown()
        #expect(throws: RPCError.self) { try EtcdRegistry([]) }
        #expect(throws: RPCError.self) { try EtcdRegistry(["127.0.0.1"]) }
    }

    /// As behind a network that swallows everything. It answers again before its connections are given up.
    @Test func aWatchOfAnEtcdThatSaysNothingIsGivenUp() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry(
                [etcd.endpoint],
                configuration: .test {
                    $0.watchCheckInterval = .milliseconds(100)
                    $0.requestTimeout = .milliseconds(500)
                })
            _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(60))
            try await Self.resolve(registry) { found in
                try await eventually("the list") { found.value == [.success(["a"])] }
                // Several questions are answered.
                try await Task.sleep(for: .seconds(1))
                #expect(found.value == [.success(["a"])])
                try etcd.signal(SIGSTOP)
                try await eventually("the end of the watch") {
                    if case .failure(let error)? = found.value.last { error.code == .unavailable } else { false }
                }
                if case .failure(let error)? = found.value.dropFirst().first {
                    #expect(error.message.contains("sign of life"), "got: \(error.message)")
                }
                try etcd.signal(SIGCONT)
                try await eventually("a fresh list") { found.value.last == .success(["a"]) }
            }
            await registry.shutdown()
        }
    }
}
