import Martlet
import MartletTesting
import Synchronization
import Testing

@Suite struct FanOutTests {
    private struct Failed: Error, Equatable { let who: Int }

    /// Succeeds or fails after its number of seconds; a negative one fails.
    private func ask(_ seconds: Int, _ clock: TestClock, _ ended: @escaping @Sendable (Int) -> Void) async throws -> Int
    {
        defer { ended(seconds) }
        try await clock.sleep(for: .seconds(abs(seconds)))
        if seconds < 0 { throw Failed(who: seconds) }
        return seconds
    }

    private func run<R: Sendable>(
        _ body: @escaping @Sendable (@escaping @Sendable (Int) async throws -> Int) async throws -> R
    ) async throws -> (result: Result<R, any Error>, seconds: Double, ended: Int) {
        try await withTestNetwork { network in
            let clock = network.clock
            let ended = Mutex(0)
            let start = clock.now
            let result: Result<R, any Error>
            do {
                result = .success(try await body { try await self.ask($0, clock) { _ in ended.withLock { $0 += 1 } } })
            } catch {
                result = .failure(error)
            }
            return (result, start.duration(to: clock.now) / .seconds(1), ended.withLock { $0 })
        }
    }

    @Test func theFirstThatSucceedsCounts() async throws {
        let (result, seconds, ended) = try await run { ask in try await firstOf([-1, 5, 2, 60], ask) }
        #expect(try result.get() == 2)
        // The others are cancelled, and have ended too.
        #expect(seconds == 2 && ended == 4)
    }

    @Test func noneSucceeds() async throws {
        let (result, seconds, _) = try await run { ask in try await firstOf([-1, -3, -2], ask) }
        let error = try #require(throws: FanOutError.self) { try result.get() }
        #expect(error.errors as? [Failed] == [Failed(who: -1), Failed(who: -2), Failed(who: -3)])
        #expect("\(error)".hasPrefix("0 of 3 succeeded, and 1 were needed; 3 failed; the last error: Failed"))
        #expect(seconds == 3)
    }

    @Test(
        arguments: [
            ([1, 2, 3, 60, 60], nil, [1, 2, 3], 3), ([1, 2, 60], 2, [1, 2], 2), ([-1, 3, 2], nil, [2, 3], 3),
            ([-1, -2, 60], nil, nil, 2), ([1], 2, nil, 0), ([], nil, nil, 0),
        ] as [([Int], Int?, [Int]?, Double)])
    func aQuorumIsMoreThanHalf(candidates: [Int], needed: Int?, expected: [Int]?, seconds: Double) async throws {
        let (result, took, _) = try await run { ask in try await quorum(needed, of: candidates, ask) }
        if let expected {
            #expect(try result.get() == expected)
        } else {
            #expect(throws: FanOutError.self) { try result.get() }
        }
        #expect(took == seconds)
    }

    @Test func aBroadcastWaitsForAll() async throws {
        let (result, seconds, _) = try await run { ask in await broadcast(to: [3, -1, 2], ask) }
        let answers = try result.get()
        #expect(try answers[0].get() == 3 && answers[2].get() == 2)
        #expect(throws: Failed(who: -1)) { try answers[1].get() }
        #expect(seconds == 3)
    }

    @Test func eachEndpointCanBeAsked() async throws {
        try await withTestNetwork { network in
            let names = ["a", "b", "c"]
            try await network.named(names)
            let channel = try network.channel(to: names, configuration: .balancing(.pickFirst()))
            try await channel.connect()
            let invokers = channel.endpointInvokers
            #expect(invokers.map(\.id) == names)
            let answers = await broadcast(to: invokers) { try await $0.get("x").text }
            #expect(try answers.map { try $0.get() } == names)
            let first = try await firstOf(invokers) { try await $0.get("x").text }
            #expect(names.contains(first))
        }
    }

    @Test func connectingTellsWhatIsInTheWay() async throws {
        try await withTestNetwork { network in
            let channel = try network.channel(to: ["a", "b"])
            let error = await #expect(throws: RPCError.self) { try await channel.connect() }
            #expect(error?.code == .unavailable)
            let late = await #expect(throws: RPCError.self) {
                try await channel.connect(timeout: .seconds(3), waitsForReady: true)
            }
            #expect(late?.code == .deadlineExceeded)
            #expect(
                await network.codeWhenCancelled(after: .seconds(1)) { try await channel.connect(waitsForReady: true) }
                    == .cancelled)
            try await network.named(["b"])
            try await channel.connect(waitsForReady: true)
            #expect(channel.statistics.state == .ready)
        }
    }
}
