import Martlet
import MartletTesting
import Testing

@Suite struct PolicyTests {
    private static let names = ["a", "b", "c"]

    @Test func roundRobinTakesTurns() async throws {
        try await withTestNetwork { network in
            try await network.named(Self.names)
            let channel = try network.channel(to: Self.names)
            // Those that connect first are used at once.
            _ = try await channel.answers(3)
            let answers = try await channel.answers(30)
            #expect(answers.counts == ["a": 10, "b": 10, "c": 10])
            for start in stride(from: 0, to: 30, by: 3) { #expect(Set(answers[start..<start + 3]).count == 3) }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func clientsDontAllBeginWithTheSameEndpoint(seed: UInt64) async throws {
        try await withTestNetwork(seed: seed) { network in
            try await network.named(Self.names)
            var first: [String] = []
            for _ in 0..<30 {
                let channel = try network.channel(to: Self.names)
                _ = try await channel.get("warm-up")
                await network.advance(by: .seconds(1))
                first.append(try await channel.get("x").text)
                await channel.shutdown()
            }
            #expect(first.counts.values.allSatisfy { $0 >= 3 } && first.counts.count == 3)
        }
    }

    @Test func weightsCount() async throws {
        try await withTestNetwork { network in
            try await network.named(Self.names)
            let channel = try network.channel(
                to: [
                    TestNetwork.endpoint("a", weight: 1), TestNetwork.endpoint("b", weight: 2),
                    TestNetwork.endpoint("c", weight: 5),
                ], configuration: .balancing(.weightedRoundRobin))
            _ = try await channel.answers(1)
            await network.advance(by: .seconds(1))
            let counts = try await channel.answers(800).counts
            #expect(abs(counts["a"]! - 100) <= 3 && abs(counts["b"]! - 200) <= 3 && abs(counts["c"]! - 500) <= 3)
        }
    }

    @Test func pickFirstUsesOneAndFailsOver() async throws {
        try await withTestNetwork { network in
            let servers = try await network.named(Self.names)
            let channel = try network.channel(to: Self.names, configuration: .balancing(.pickFirst()))
            #expect(try await channel.answers(5).counts == ["a": 5])
            #expect(channel.statistics.connections == 1)
            await servers[0].shutdown(grace: .zero)
            #expect(try await channel.answers(5).counts == ["b": 5])
            await servers[1].shutdown(grace: .zero)
            #expect(try await channel.answers(5).counts == ["c": 5])
        }
    }

    @Test func pickFirstDoesNotWaitLongForOneThatIsSilent() async throws {
        try await withTestNetwork { network in
            try await network.named(Self.names)
            network.partition("a")
            let channel = try network.channel(to: Self.names, configuration: .balancing(.pickFirst()))
            let start = network.clock.now
            #expect(try await channel.get("x").text == "b")
            #expect(start.duration(to: network.clock.now) == .milliseconds(250))
        }
    }

    @Test func pickFirstTakesTheFirstThatIsThere() async throws {
        try await withTestNetwork { network in
            try await network.named(["c"])
            let channel = try network.channel(to: Self.names, configuration: .balancing(.pickFirst()))
            #expect(try await channel.answers(2) == ["c", "c"])
            try await network.named(["a"])
            // It stays where it is.
            await network.advance(by: .seconds(60))
            #expect(try await channel.answers(2) == ["c", "c"])
        }
    }

    /// Each policy's shares, whatever chance decides: 2,000 calls of 8 callers at once, to endpoints of weights 1, 1 and 2.
    @Test(
        arguments: [
            (LoadBalancing.Policy.roundRobin, [1, 1, 1], 0.0), (.weightedRoundRobin, [1, 1, 2], 0.01),
            (.leastRequest(), [1, 1, 2], 0.2), (.leastRequest(choices: 4), [1, 1, 2], 0.2),
            (.ringHash(key: "user"), [1, 1, 2], 0.35),
        ] as [(LoadBalancing.Policy, [Double], Double)], [1, 2, 3, 4, 5] as [UInt64])
    func sharesAreWhatThePolicySays(
        expected: (policy: LoadBalancing.Policy, shares: [Double], tolerance: Double), seed: UInt64
    ) async throws {
        try await withTestNetwork(seed: seed) { network in
            network.link.latency = .milliseconds(1) ... .milliseconds(3)
            try await network.named(Self.names)
            let endpoints = zip(Self.names, [1, 1, 2]).map { TestNetwork.endpoint($0, weight: $1) }
            let channel = try network.channel(to: endpoints, configuration: .balancing(expected.policy))
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(1))
            let answers = await broadcast(to: Array(0..<8)) { caller in
                var answers: [String] = []
                for call in 0..<250 {
                    let options = CallOptions(metadata: ["user": "\(caller)-\(call)"])
                    answers.append(try await channel.get("x", options: options).text)
                }
                return answers
            }
            let counts = try answers.flatMap { try $0.get() }.counts
            let total = expected.shares.reduce(0, +)
            for (name, share) in zip(Self.names, expected.shares) {
                let fair = 2000 * share / total
                #expect(abs(Double(counts[name, default: 0]) - fair) <= expected.tolerance * fair + 1, "\(counts)")
            }
        }
    }

    @Test func shuffledClientsSpread() async throws {
        try await withTestNetwork { network in
            try await network.named(Self.names)
            var chosen: [String] = []
            for _ in 0..<30 {
                let channel = try network.channel(to: Self.names, configuration: .balancing(.pickFirst(shuffled: true)))
                let answers = try await channel.answers(3)
                #expect(Set(answers).count == 1)
                chosen.append(answers[0])
                await channel.shutdown()
            }
            #expect(chosen.counts.count == 3 && chosen.counts.values.allSatisfy { $0 >= 3 })
        }
    }

    @Test(arguments: [LoadBalancing.Policy.pickFirst(shuffled: true), .roundRobin, .leastRequest()])
    func aLowerPriorityIsForWhenNoHigherOneIsReady(policy: LoadBalancing.Policy) async throws {
        try await withTestNetwork { network in
            let servers = try await network.named(Self.names)
            var endpoints = Self.names.map { TestNetwork.endpoint($0) }
            endpoints[0].priority = 2
            endpoints[2].priority = 1
            let channel = try network.channel(to: endpoints, configuration: .balancing(policy))
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(5).counts == ["b": 5])
            await servers[1].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(5).counts == ["c": 5])
            await servers[2].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(5).counts == ["a": 5])
        }
    }

    @Test func leastRequestAvoidsTheBusy() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            try await network.named(["a", "b"])
            try await network.server(
                "slow",
                services: [
                    Named { _, _ in
                        try await clock.sleep(for: .seconds(1))
                        return "slow"
                    }
                ])
            network.link.latency = .milliseconds(1) ... .milliseconds(1)
            let channel = try network.channel(to: ["a", "b", "slow"], configuration: .balancing(.leastRequest()))
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(2))
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        var answers: [String] = []
                        for _ in 0..<100 { answers.append(try await channel.get("x").text) }
                        return answers.joined(separator: " ")
                    }
                }
                return try await group.reduce(into: [String]()) { $0 += $1.split(separator: " ").map(String.init) }
            }
            let counts = answers.counts
            // Of two that are alike each gets about half, and the slow one next to nothing.
            #expect(counts["slow", default: 0] < 30)
            #expect(abs(counts["a"]! - counts["b"]!) < 150)
        }
    }

    @Test func ringHashKeepsAKeyWhereItIs() async throws {
        try await withTestNetwork { network in
            let names = (0..<5).map { "host-\($0)" }
            let servers = try await network.named(names)
            let channel = try network.channel(to: names, configuration: .balancing(.ringHash(key: "user")))
            func owners() async throws -> [String] {
                var owners: [String] = []
                for user in 0..<100 {
                    owners.append(try await channel.get("x", options: CallOptions(metadata: ["user": "\(user)"])).text)
                }
                return owners
            }
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(1))
            let before = try await owners()
            #expect(try await owners() == before)
            #expect(before.counts.count == 5 && before.counts.values.allSatisfy { $0 >= 5 && $0 <= 45 })
            await servers[2].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            for (old, new) in zip(before, try await owners()) where old != "host-2" { #expect(old == new) }
            // Calls without the key go anywhere.
            #expect(try await channel.answers(100).counts.count == 4)
        }
    }

    @Test func callsStayInTheZone() async throws {
        try await withTestNetwork { network in
            let names = ["near-1", "near-2", "near-3", "far-1", "far-2"]
            let servers = try await network.named(names)
            let channel = try network.channel(
                to: names.map { TestNetwork.endpoint($0, zone: String($0.prefix(while: { $0 != "-" }))) },
                configuration: .balancing { $0.zone = "near" })
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(30).counts == ["near-1": 10, "near-2": 10, "near-3": 10])
            await servers[0].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(30).counts == ["near-2": 15, "near-3": 15])
            // One of three isn't enough.
            await servers[1].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(30).counts == ["near-3": 10, "far-1": 10, "far-2": 10])
        }
    }

    @Test func aNewEndpointStartsSlowly() async throws {
        try await withTestNetwork { network in
            try await network.named(["a", "b"])
            let channel = try network.channel(
                to: ["a", "b", "new"], configuration: .balancing { $0.slowStart = .seconds(100) })
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(200))
            try await network.named(["new"])
            _ = try await channel.get("x")
            while channel.statistics.endpoints[2].state != .ready { await network.advance(by: .seconds(1)) }
            var shares: [Int] = []
            for _ in 0..<4 {
                shares.append(try await channel.answers(210).counts["new"]!)
                await network.advance(by: .seconds(40))
            }
            // A tenth of a full share, then four and eight tenths, then all of it.
            #expect(abs(shares[0] - 10) <= 3 && abs(shares[1] - 35) <= 4 && abs(shares[2] - 60) <= 4)
            #expect(shares[3] == 70)
        }
    }
}
