import Martlet
import MartletEtcd
import MartletTransport
import Testing

/// A registry in an etcd.
@Suite(.serialized, .enabled(if: EtcdProcess.program != nil, EtcdProcess.missing)) struct EtcdRegistryTests {
    @Test func anInstanceIsJSONUnderALease() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let instance = ServiceInstance.test("i-1") { $0.tags = ["canary"] }
            let lease = try await registry.register(instance, logger: .quiet)

            let channel = try etcd.channel()
            let response = try await EtcdAPI.KVClient(channel).range(
                .init(key: Array("/martlet/services/users/i-1".utf8)))
            let pair = try #require(response.kvs.first)
            #expect(String(decoding: pair.value, as: UTF8.self) == (try instance.json()))
            let time = try await EtcdAPI.LeaseClient(channel).leaseTimeToLive(.init(id: pair.lease, keys: true))
            #expect(time.grantedTTL == 10)
            #expect(time.keys == [pair.key])
            let snapshot = try await registry.discover("users")
            #expect(snapshot.instances == [instance])
            #expect(snapshot.revision == pair.modRevision)

            try await lease.deregister()
            let after = try await registry.discover("users")
            #expect(after.instances == [])
            let gone = try await EtcdAPI.LeaseClient(channel).leaseTimeToLive(.init(id: pair.lease))
            #expect(gone.ttl == -1)
            await channel.shutdown()
            await registry.shutdown()
        }
    }

    @Test func aLeaseThatAHandlerBeginsOutlivesTheCallItAnswers() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let clock = LoopExecutor.of(registry.eventLoop)
            let deadline = Deadline(uptimeNanoseconds: clock.uptimeNanoseconds + 1_000_000_000, clock: clock)
            let context = ServerContext(
                method: MethodDescriptor(service: "test.Service", name: "Join", shape: .unary), metadata: [:],
                deadline: deadline, peer: Peer(address: "test"))
            let lease = try await ServerContext.$current.withValue(context) {
                try await registry.register(.test("a"), logger: .quiet)
            }
            try await eventually("the deadline") { deadline.remaining == .zero }
            lease.update { $0.weight = 2 }
            try await eventually("the change") { try await registry.discover("users").instances.first?.weight == 2 }
            try await lease.deregister()
            await registry.shutdown()
        }
    }

    @Test func aWatchTellsWhatHappens() async throws {
        try await withEtcd { etcd in
            let (ours, theirs) = (
                try EtcdRegistry([etcd.endpoint], configuration: .test()),
                try EtcdRegistry([etcd.endpoint], configuration: .test())
            )
            let lease = try await theirs.register(.test("a"), logger: .quiet)
            var events = ours.watch("users").makeAsyncIterator()
            let first = try await events.next()
            let revision = try #require(first?.revision)
            #expect(first == .snapshot(ServiceSnapshot(service: "users", instances: [.test("a")], revision: revision)))
            lease.update { $0.health = .notServing }
            let second = try await events.next()
            let changed = ServiceInstance.test("a") { $0.health = .notServing }
            #expect(second == .changes([.put(changed)], revision: revision + 1))
            // Others are of no concern, be their names longer.
            _ = try await theirs.put(.test("x", service: "users2"), under: nil, ttl: .seconds(10))
            try await lease.deregister()
            let third = try await events.next()
            #expect(third == .changes([.removed(id: "a")], revision: revision + 3))

            var later = ours.watch("users", from: revision).makeAsyncIterator()
            let nothing = try await later.next()
            #expect(nothing == .changes([], revision: revision))
            let both = try await later.next()
            #expect(both == .changes([.put(changed), .removed(id: "a")], revision: revision + 3))
            await ours.shutdown()
            await theirs.shutdown()
        }
    }

    @Test func aLeaseIsRenewedAndEndsWithItsHolder() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let renewals = Shared(0)
            var lease: ServiceLease? = try await registry.register(.test("a"), ttl: .seconds(1), logger: .quiet) {
                event in
                if event == .renewed { renewals.change { $0 += 1 } }
            }
            // More than its whole time.
            try await eventually("five renewals") { renewals.value >= 5 }
            let snapshot = try await registry.discover("users")
            #expect(snapshot.instances.map(\.id) == ["a"])

            // As if its process had died.
            withExtendedLifetime(lease) {}
            lease = nil
            try await eventually("the end of the lease") { try await registry.discover("users").instances.isEmpty }
            await registry.shutdown()
        }
    }

    @Test func aLostLeaseIsRegisteredAgain() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let events = Shared<[LeaseEvent]>([])
            let lease = try await registry.register(.test("a"), ttl: .seconds(2), logger: .quiet) { event in
                if event != .renewed { events.change { $0.append(event) } }
            }
            let channel = try etcd.channel()
            let response = try await EtcdAPI.KVClient(channel).range(
                .init(key: Array("/martlet/services/users/a".utf8)))
            let id = try #require(response.kvs.first).lease
            _ = try await EtcdAPI.LeaseClient(channel).leaseRevoke(.init(id: id))
            try await eventually("another registration") { events.value.last == .registeredAgain }
            #expect(events.value.count == 3)
            let snapshot = try await registry.discover("users")
            #expect(snapshot.instances == [.test("a")])
            try await lease.deregister()
            await channel.shutdown()
            await registry.shutdown()
        }
    }

    @Test func historyThatIsGoneBecomesASnapshot() async throws {
        try await withEtcd { etcd in
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            _ = try await registry.put(.test("a"), under: nil, ttl: .seconds(60))
            let before = try await registry.discover("users")
            let grant = try await registry.put(.test("b"), under: nil, ttl: .seconds(60))
            _ = try await registry.put(.test("c"), under: nil, ttl: .seconds(60))
            try await registry.revoke(grant)
            let now = try await registry.discover("users")
            let channel = try etcd.channel()
            _ = try await EtcdAPI.KVClient(channel).compact(.init(revision: now.revision))

            var snapshot = before
            for try await event in registry.watch("users", from: before.revision) {
                snapshot.apply(event)
                if case .snapshot = event { break }
            }
            #expect(snapshot == now)
            #expect(snapshot.instances.map(\.id) == ["a", "c"])
            await channel.shutdown()
            await registry.shutdown()
        }
    }

    /// More than one answer of etcd's holds, and more than the registry takes.
    @Test func manyInstancesComeInPages() async throws {
        try await withEtcd { etcd in
            let channel = try etcd.channel()
            let ids = (0..<1100).map { "i-\($0)" }
            for page in stride(from: 0, to: ids.count, by: 100) {
                var transaction = EtcdAPI.TxnRequest()
                for id in ids[page..<page + 100] {
                    let put = EtcdAPI.PutRequest(
                        key: Array("/martlet/services/users/\(id)".utf8),
                        value: Array(try ServiceInstance.test(id).json().utf8))
                    transaction.success.append(.init(request: .requestPut(put)))
                }
                let response = try await EtcdAPI.KVClient(channel).txn(transaction)
                #expect(response.succeeded)
            }
            let registry = try EtcdRegistry([etcd.endpoint], configuration: .test())
            let snapshot = try await registry.discover("users")
            #expect(Set(snapshot.instances.map(\.id)) == Set(ids))
            let small = try EtcdRegistry([etcd.endpoint], configuration: .test { $0.maxInstances = 1000 })
            let error = try await errorOf { try await small.discover("users") }
            #expect(error.code == .resourceExhausted)
            await channel.shutdown()
            await registry.shutdown()
            await small.shutdown()
        }
    }
}
