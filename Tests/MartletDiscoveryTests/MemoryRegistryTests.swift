import Martlet
import MartletTesting
import Testing

@testable import MartletDiscovery

/// Leases and watches of a registry in memory, on virtual time.
@Suite struct MemoryRegistryTests {
    @Test func anInstanceStaysForAsLongAsSomebodyHoldsItsLease() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            let events = Shared<[LeaseEvent]>([])
            var lease: ServiceLease? = try await registry.register(.test("a"), logger: .quiet) { event in
                events.change { $0.append(event) }
            }
            await network.advance(by: .seconds(60))
            let before = try await registry.discover("users")
            #expect(before.instances == [.test("a")])
            #expect(before.revision == 1)
            // Every 3 to 3.7 s.
            #expect((16...20).contains(events.value.count { $0 == .renewed }))
            #expect(events.value.first == .registered)

            // As if its process had died: after ten seconds at the latest.
            withExtendedLifetime(lease) {}
            lease = nil
            await network.advance(by: .seconds(5))
            let shortlyAfter = try await registry.discover("users")
            #expect(shortlyAfter.instances == [.test("a")])
            await network.advance(by: .seconds(5))
            let after = try await registry.discover("users")
            #expect(after == ServiceSnapshot(service: "users", instances: [], revision: 2))
        }
    }

    @Test func aDeregisteredInstanceIsGoneAtOnce() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            let lease = try await registry.register(.test("a"), logger: .quiet)
            try await lease.deregister()
            let after = try await registry.discover("users")
            #expect(after.instances == [])
            // Twice is once.
            try await lease.deregister()
        }
    }

    @Test func aLostLeaseIsRegisteredAgain() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            let events = Shared<[LeaseEvent]>([])
            let lease = try await registry.register(.test("a"), logger: .quiet) { event in
                if event != .renewed { events.change { $0.append(event) } }
            }
            // The first of its leases.
            try await registry.revoke(LeaseGrant(id: 1, ttl: .seconds(10)))
            await network.advance(by: .seconds(4))
            let after = try await registry.discover("users")
            #expect(after == ServiceSnapshot(service: "users", instances: [.test("a")], revision: 3))
            #expect(events.value.count == 3)
            if case .lost(let error) = events.value[1] {
                #expect(error.code == .notFound)
            } else {
                Issue.record("not lost")
            }
            #expect(events.value.last == .registeredAgain)
            try await lease.deregister()
        }
    }

    @Test func aChangeOfAnInstanceIsTold() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            let lease = try await registry.register(.test("a"), logger: .quiet)
            var events = registry.watch("users").makeAsyncIterator()
            let first = try await events.next()
            #expect(first == .snapshot(ServiceSnapshot(service: "users", instances: [.test("a")], revision: 1)))
            lease.update { $0.health = .notServing }
            let second = try await events.next()
            #expect(second == .changes([.put(.test("a") { $0.health = .notServing })], revision: 2))
            try await lease.deregister()
            let third = try await events.next()
            #expect(third == .changes([.removed(id: "a")], revision: 3))
        }
    }

    @Test func aWatchGoesOnWhereAnotherHasEnded() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(historyLength: 2, eventLoopGroup: network.eventLoop)
            let put = { (id: String) async throws in
                _ = try await registry.put(.test(id), under: nil, ttl: .seconds(3600))
            }
            try await put("a")
            try await put("b")
            var fromStart = registry.watch("users", from: 1).makeAsyncIterator()
            let first = try await fromStart.next()
            #expect(first == .changes([.put(.test("b"))], revision: 2))
            // Nothing new: it says so at once.
            var upToDate = registry.watch("users", from: 2).makeAsyncIterator()
            let nothing = try await upToDate.next()
            #expect(nothing == .changes([], revision: 2))
            // A loop that rests misses nothing, be it by a snapshot.
            for id in ["c", "d", "e", "f", "g"] { try await put(id) }
            let second = try await fromStart.next()
            #expect(second == .snapshot(try await registry.discover("users")))
            #expect(second?.revision == 7)
        }
    }

    @Test func aWatchEndsWithItsTask() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(eventLoopGroup: network.eventLoop)
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    var count = 0
                    for try await _ in registry.watch("users") { count += 1 }
                    return count
                }
                await network.advance(by: .seconds(1))
                #expect(registry.watcherCount == 1)
                // Another service's changes don't wake it.
                _ = try await registry.put(.test("x", service: "orders"), under: nil, ttl: .seconds(3600))
                #expect(registry.watcherCount == 1)
                group.cancelAll()
                let count = try await group.next()
                #expect(count == 1)
            }
            #expect(registry.watcherCount == 0)
        }
    }

    @Test func aRegistrationThatIsRefusedIsAnError() async throws {
        try await withTestNetwork { network in
            let registry = MemoryRegistry(maxInstances: 1, eventLoopGroup: network.eventLoop)
            let lease = try await registry.register(.test("a"), logger: .quiet)
            let full = try await errorOf { try await registry.register(.test("b"), logger: .quiet) }
            #expect(full.code == .resourceExhausted)
            let invalid = try await errorOf { try await registry.register(.test("b/c"), logger: .quiet) }
            #expect(invalid.code == .invalidArgument)
            await network.advance(by: .seconds(60))
            try await lease.deregister()
        }
    }
}
