import Logging
import Martlet
import MartletTesting
import Synchronization
import Testing

@testable import MartletServer

@Suite struct ConcurrencyLimitTests {
    private func adaptive(initial: Int = 20) -> AdaptiveLimit {
        AdaptiveLimit(.init(least: 4, most: 100, initial: initial, tolerance: 1.5, window: 1))
    }

    /// Lets windows of 100 calls pass.
    private func pass(
        _ windows: Int, _ limit: inout AdaptiveLimit, from start: Int = 0, latency: (Int) -> Double,
        use: (Int) -> Int = { $0 }
    ) {
        for window in start..<start + windows {
            for call in 1...100 {
                let open = use(limit.limit)
                limit.callEnded(latency: latency(open), openCalls: open, now: Double(window) + Double(call) / 100)
            }
        }
    }

    @Test func itGrowsWhileLatencyStays() {
        var limit = adaptive()
        pass(250, &limit, latency: { _ in 0.01 })
        #expect(limit.limit == 100)
    }

    @Test func itShrinksWhenLatencyRises() {
        var limit = adaptive()
        pass(20, &limit, latency: { _ in 0.01 })
        pass(30, &limit, from: 20, latency: { _ in 0.1 })
        #expect(limit.limit < 12)
    }

    /// Where the calls themselves take longer than before, few of them at a time show it.
    @Test func aSlowerServiceIsBelievedInTheEnd() {
        var limit = adaptive()
        pass(20, &limit, latency: { _ in 0.01 })
        pass(500, &limit, from: 20, latency: { _ in 0.1 })
        #expect(limit.limit > 50)
    }

    /// A service that handles 20 calls at a time, and lets the others queue.
    @Test(arguments: [5, 20, 100]) func itFindsTheRoomThatThereIs(initial: Int) {
        var limit = adaptive(initial: initial)
        pass(1000, &limit, latency: { open in 0.01 * max(1, Double(open) / 20) })
        #expect(limit.limit >= 20 && limit.limit <= 50)
    }

    @Test func aLimitThatIsNotUsedStays() {
        var limit = adaptive()
        pass(99, &limit, latency: { _ in 0.01 }, use: { _ in 5 })
        #expect(limit.limit == 20)
    }

    @Test func itStaysWithinItsBounds() {
        var limit = adaptive()
        var latency = 0.01
        pass(
            99, &limit,
            latency: { _ in
                latency *= 1.001
                return latency
            })
        #expect(limit.limit >= 4 && limit.limit <= 8)
    }

    @Test func whatIsTooMuchIsShed() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let limit = ConcurrencyLimit(initial: 4, clock: clock)
            var configuration = ServerConfiguration()
            configuration.handlesSignals = false
            configuration.logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            configuration.interceptors = [limit]
            try await network.server(
                "a",
                services: [
                    Named { _, _ in
                        try await clock.sleep(for: .seconds(1))
                        return "a"
                    }
                ], configuration: configuration)
            let channel = network.channel(to: "a")
            _ = try await channel.get("warm-up")
            let results = await broadcast(to: Array(0..<10)) { _ in try await channel.get("x").text }
            let errors = results.compactMap { result -> RPCError? in
                if case .failure(let error) = result { error as? RPCError } else { nil }
            }
            #expect(errors.count == 6 && limit.shedCalls == 6 && limit.openCalls == 0)
            #expect(errors.allSatisfy { $0.code == .unavailable })
            #expect(
                errors[0].message == "the server has 4 calls open and takes no more at the moment; try another one")
            // Streams go through.
            let streams = (0..<5).map { _ in channel.start(TestMethods.chat, nil, .default) }
            for stream in streams { try await stream.requests.write("x") }
            await network.advance(by: .seconds(2))
            for stream in streams { stream.cancel() }
            #expect(limit.shedCalls == 6)
        }
    }
}
