import Martlet
import MartletServices
import Synchronization
import Testing

/// Checks on a clock that the tests turn. A pause is 5 s and a timeout 1 s long.
@Suite(.timeLimit(.minutes(1))) struct HealthCheckTests {
    private let clock = ManualClock()

    /// What a check finds, as the test wills.
    private final class Subject: Sendable {
        private let error = Mutex<(any Error)?>(nil)
        private let _runs = Atomic(0)

        func fail(with error: (any Error)?) { self.error.withLock { $0 = error } }
        var runs: Int { _runs.load(ordering: .sequentiallyConsistent) }

        func check() throws {
            _runs.add(1, ordering: .sequentiallyConsistent)
            if let error = error.withLock({ $0 }) { throw error }
        }
    }

    private struct Foreign: Error {}

    /// Until the run under way has ended and the pause has begun.
    private func untilReported() async { await clock.untilSomebodySleeps(for: .seconds(5)) }

    private func nextRun() async {
        clock.advance(by: .seconds(5))
        await untilReported()
    }

    @Test func aCriticalCheckDecides() async {
        let health = Health(clock: clock)
        health.add(services: ["a.A"])
        let subject = Subject()
        health.check("database") { try subject.check() }
        await untilReported()
        #expect(health.statuses == ["": .serving, "a.A": .serving])
        #expect(health.checks.mapValues(\.status) == ["database": .passed])
        #expect(health.checks["database"]?.isCritical == true)

        subject.fail(with: RPCError(.unavailable, "no disk"))
        await nextRun()
        #expect(health.statuses == ["": .notServing, "a.A": .notServing])
        #expect(health.checks["database"]?.status == .failed(reason: "UNAVAILABLE: no disk"))

        subject.fail(with: Foreign())
        await nextRun()
        #expect(health.checks["database"]?.status == .failed(reason: "failed"))

        subject.fail(with: nil)
        await nextRun()
        #expect(health.status() == .serving)
        #expect(subject.runs == 4)
    }

    @Test func untilItHasPassedOnceNothingServes() async {
        let health = Health(clock: clock)
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        health.check("database") { for await _ in gate {} }
        #expect(health.status() == .notServing)
        #expect(health.checks["database"]?.status == .pending)
        opening.finish()
        await untilReported()
        #expect(health.status() == .serving)
    }

    @Test func aCheckConcernsTheServicesItNames() async {
        let health = Health(clock: clock)
        health.add(services: ["a.A", "b.B"])
        let subject = Subject()
        subject.fail(with: Foreign())
        health.check("database", services: ["a.A", "c.C"]) { try subject.check() }
        await untilReported()
        #expect(health.statuses == ["": .notServing, "a.A": .notServing, "b.B": .serving, "c.C": .notServing])
    }

    @Test func aCheckThatIsNotCriticalIsOnlyReported() async {
        let health = Health(clock: clock)
        let subject = Subject()
        subject.fail(with: Foreign())
        health.check("cache", isCritical: false) { try subject.check() }
        #expect(health.status() == .serving)
        await untilReported()
        #expect(health.status() == .serving)
        #expect(health.checks["cache"]?.status == .failed(reason: "failed"))
        #expect(health.checks["cache"]?.isCritical == false)
    }

    @Test func aCheckThatTakesTooLongFailsAndIsCancelled() async {
        let health = Health(clock: clock)
        health.check("database") { [clock] in try await clock.sleep(for: .seconds(86_400)) }
        await clock.untilSomebodySleeps(for: .seconds(1))
        await clock.untilSomebodySleeps(for: .seconds(86_400))
        clock.advance(by: .seconds(1))
        await untilReported()
        #expect(health.status() == .notServing)
        #expect(health.checks["database"]?.status == .failed(reason: "took more than 1.0 seconds"))
    }

    /// However often its time comes, there is one run.
    @Test func aCheckThatNeverReturnsRunsOnce() async {
        let health = Health(clock: clock)
        let subject = Subject()
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let wait = Task { for await _ in gate {} }
        var statuses = health.watch("").makeAsyncIterator()
        #expect(await statuses.next() == .serving)
        health.check("database") {
            try subject.check()
            // Doesn't mind that it is cancelled.
            await wait.value
        }
        #expect(await statuses.next() == .notServing)
        await clock.untilSomebodySleeps(for: .seconds(1))
        clock.advance(by: .seconds(1))
        while health.checks["database"]?.status == .pending { await Task.yield() }
        for _ in 0..<100 { clock.advance(by: .seconds(5)) }
        opening.finish()
        await untilReported()
        #expect(subject.runs == 1)
        #expect(health.checks["database"]?.status == .failed(reason: "took more than 1.0 seconds"))
        await nextRun()
        #expect(subject.runs == 2)
        #expect(health.status() == .serving)
    }

    @Test func aCheckTakesThePlaceOfItsNamesake() async {
        let health = Health(clock: clock)
        let (old, new) = (Subject(), Subject())
        old.fail(with: Foreign())
        health.check("database", every: .seconds(7)) { try old.check() }
        await clock.untilSomebodySleeps(for: .seconds(7))
        health.check("database") { try new.check() }
        await untilReported()
        #expect(health.status() == .serving)
        clock.advance(by: .seconds(10))
        await untilReported()
        #expect([old.runs, new.runs] == [1, 2])
    }

    @Test func checksEndWithTheirHealth() async {
        let subject = Subject()
        do {
            let health = Health(clock: clock)
            health.check("database") { try subject.check() }
            await untilReported()
            withExtendedLifetime(health) { #expect(subject.runs == 1) }
        }
        #expect(clock.isIdle)
    }

    @Test func checksEndWithTheDrain() async {
        let health = Health(clock: clock)
        let subject = Subject()
        health.check("database") { try subject.check() }
        await untilReported()
        health.drain()
        #expect(clock.isIdle)
        #expect(health.status() == .notServing)
        #expect(health.checks["database"]?.status == .passed)
    }
}
