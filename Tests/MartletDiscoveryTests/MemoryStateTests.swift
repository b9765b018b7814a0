import Martlet
import Testing

@testable import MartletDiscovery

/// What a registry in memory knows, without threads and clocks.
@Suite struct MemoryStateTests {
    private static func filled(_ ids: [String], history: Int = 100) throws -> MemoryState {
        var state = MemoryState(maxInstances: 100, historyLength: history)
        for id in ids { _ = try state.put(.test(id), under: nil, ttl: 10, at: 0) }
        return state
    }

    @Test func changesCountRevisions() throws {
        var state = MemoryState(maxInstances: 10, historyLength: 10)
        #expect(state.snapshot(of: "users") == ServiceSnapshot(service: "users", instances: [], revision: 0))
        let lease = try state.put(.test("b"), under: nil, ttl: 10, at: 0)
        _ = try state.put(.test("a"), under: nil, ttl: 10, at: 0)
        _ = try state.put(.test("x", service: "orders"), under: nil, ttl: 10, at: 0)
        #expect(state.snapshot(of: "users").revision == 3)
        #expect(state.snapshot(of: "users").instances.map(\.id) == ["a", "b"])
        // The same again is no change.
        _ = try state.put(.test("b"), under: lease, ttl: 10, at: 0)
        #expect(state.snapshot(of: "users").revision == 3)
        #expect(state.takeChanged() == ["users", "orders"])
        #expect(state.takeChanged() == [])
    }

    @Test func aWatchIsToldWhatCameAfterItsRevision() throws {
        var state = try Self.filled(["a", "b"])
        _ = try state.put(.test("x", service: "orders"), under: nil, ttl: 10, at: 0)
        let changed = ServiceInstance.test("a", port: 7001)
        let lease = try state.put(changed, under: nil, ttl: 10, at: 0)
        try state.revoke(lease)
        let all: [ServiceChange] = [.put(.test("a")), .put(.test("b")), .put(changed), .removed(id: "a")]
        let expected = [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 4)]
        for (known, first) in expected {
            let event = state.event(of: "users", after: Int64(known))
            #expect(event == .changes(Array(all[first...]), revision: 5), "after \(known)")
        }
        #expect(state.event(of: "users", after: nil) == .snapshot(state.snapshot(of: "users")))
    }

    @Test func aWatchThatIsTooFarBehindGetsASnapshot() throws {
        var state = try Self.filled([], history: 3)
        for number in 0..<7 { _ = try state.put(.test("i-\(number)"), under: nil, ttl: 10, at: 0) }
        let snapshot = ServiceEvent.snapshot(state.snapshot(of: "users"))
        #expect((0...3).allSatisfy { state.event(of: "users", after: $0) == snapshot })
        #expect(
            state.event(of: "users", after: 4)
                == .changes([.put(.test("i-4")), .put(.test("i-5")), .put(.test("i-6"))], revision: 7))
        // Of another registry, which had come further.
        #expect(state.event(of: "users", after: 8) == snapshot)
    }

    @Test func leasesEndWithWhatIsUnderThem() throws {
        var state = try Self.filled(["a", "b"])
        try state.renew(1, at: 5)
        #expect(state.nextExpiry == 10)
        state.expire(at: 9)
        #expect(state.snapshot(of: "users").instances.map(\.id) == ["a", "b"])
        state.expire(at: 10)
        #expect(state.snapshot(of: "users").instances.map(\.id) == ["a"])
        #expect(state.event(of: "users", after: 2) == .changes([.removed(id: "b")], revision: 3))
        #expect(state.nextExpiry == 15)
        let error = try #require(throws: RPCError.self) { try state.renew(2, at: 10) }
        #expect(error.code == .notFound)
        #expect(throws: RPCError.self) { try state.put(.test("b"), under: 2, ttl: 10, at: 10) }
        #expect(throws: RPCError.self) { try state.revoke(2) }
        state.expire(at: 15)
        #expect(state.nextExpiry == nil)
        #expect(state.snapshot(of: "users").instances == [])
    }

    /// As when a server starts anew with its old id before the registry noticed its death.
    @Test func theOldLeaseOfATakenPlaceTakesNothingWithIt() throws {
        var state = try Self.filled(["a"])
        _ = try state.put(.test("a", port: 7001), under: nil, ttl: 100, at: 0)
        state.expire(at: 50)
        #expect(state.snapshot(of: "users").instances == [.test("a", port: 7001)])
    }

    @Test func aFullRegistryTakesChangesOnly() throws {
        var state = MemoryState(maxInstances: 2, historyLength: 10)
        let lease = try state.put(.test("a"), under: nil, ttl: 10, at: 0)
        _ = try state.put(.test("x", service: "orders"), under: nil, ttl: 10, at: 0)
        let error = try #require(throws: RPCError.self) { try state.put(.test("b"), under: nil, ttl: 10, at: 0) }
        #expect(error.code == .resourceExhausted)
        _ = try state.put(.test("a", port: 7001), under: lease, ttl: 10, at: 0)
        try state.revoke(lease)
        _ = try state.put(.test("b"), under: nil, ttl: 10, at: 0)
        #expect(state.snapshot(of: "users").instances.map(\.id) == ["b"])
    }
}
