import Martlet
import MartletServices
import Testing

/// What health says, without a server.
@Suite struct HealthTests {
    @Test func aServerServesUntilItIsSaidNotTo() {
        let health = Health()
        #expect(health.statuses == ["": .serving])
        health.set(.notServing)
        #expect(health.status() == .notServing)
        health.set(.serving)
        #expect(health.status() == .serving)
    }

    @Test func servicesAreEachForThemselves() {
        let health = Health()
        #expect(health.status(of: "a.A") == nil)
        health.add(services: ["a.A", "b.B"])
        health.set(.notServing, for: "a.A")
        // Told again, as by a second server: what was set stays.
        health.add(services: ["a.A"])
        #expect(health.statuses == ["": .serving, "a.A": .notServing, "b.B": .serving])
        health.set(.notServing)
        #expect(health.status(of: "b.B") == .serving)
    }

    @Test func afterTheDrainNothingServes() {
        let health = Health()
        health.set(.serving, for: "a.A")
        health.drain()
        health.set(.serving)
        health.set(.serving, for: "a.A")
        health.set(.serving, for: "new.New")
        #expect(health.statuses == ["": .notServing, "a.A": .notServing])
    }

    @Test func aWatcherThatIsBehindGetsTheLatestOnly() async {
        let health = Health()
        let statuses = health.watch("a.A")
        for _ in 0..<1000 {
            health.set(.serving, for: "a.A")
            health.set(.notServing, for: "a.A")
        }
        health.endWatches()
        var seen: [Health.Status?] = []
        for await status in statuses { seen.append(status) }
        #expect(seen == [.notServing])
        #expect(health.watcherCount == 0)
    }

    @Test func aWatcherHearsOfChangesOnly() async {
        let health = Health()
        var statuses = health.watch("a.A").makeAsyncIterator()
        #expect(await statuses.next() == .some(nil))
        health.set(.serving)
        health.set(.serving, for: "a.A")
        #expect(await statuses.next() == .serving)
        health.set(.serving, for: "a.A")
        health.set(.notServing, for: "b.B")
        health.set(.notServing, for: "a.A")
        #expect(await statuses.next() == .notServing)
    }

    @Test func aWatchAfterTheEndHasAStatusAndEnds() async {
        let health = Health()
        health.drain()
        health.endWatches()
        var statuses = health.watch("").makeAsyncIterator()
        #expect(await statuses.next() == .notServing)
        #expect(await statuses.next() == nil)
    }

    @Test func aWatcherThatGoesIsForgotten() {
        let health = Health()
        do {
            let statuses = health.watch("a.A")
            #expect(health.watcherCount == 1)
            _ = statuses
        }
        #expect(health.watcherCount == 0)
    }
}
