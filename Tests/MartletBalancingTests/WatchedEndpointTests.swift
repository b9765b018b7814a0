import Martlet
import MartletTesting
import Synchronization
import Testing

/// Endpoints that can be reached and are kept out all the same, and those with too much to do.
@Suite struct WatchedEndpointTests {
    @Test func anEndpointThatFailsIsEjectedForAWhile() async throws {
        try await withTestNetwork { network in
            let isBroken = Mutex(true)
            let names = ["a", "b", "c", "d"]
            try await network.named(names)
            try await network.server(
                "broken",
                services: [
                    Named { _, _ in
                        if isBroken.withLock({ $0 }) { throw RPCError(.internalError, "broken") }
                        return "broken"
                    }
                ])
            var detection = OutlierDetection()
            detection.failurePercentage?.requestVolume = 10
            let channel = try network.channel(
                to: names + ["broken"], configuration: .balancing { $0.outlierDetection = detection })
            func call(_ count: Int) async -> Int {
                var failures = 0
                for _ in 0..<count where (try? await channel.get("x")) == nil { failures += 1 }
                return failures
            }
            _ = await call(1)
            await network.advance(by: .seconds(1))
            #expect(await call(100) == 20)
            await network.advance(by: .seconds(10))
            #expect(await call(100) == 0)
            #expect(channel.statistics.endpoints.filter(\.isEjected).map(\.id) == ["broken"])
            // It comes back after its time, and is ejected again as long as it fails.
            await network.advance(by: .seconds(30))
            #expect(await call(100) == 20)
            await network.advance(by: .seconds(10))
            #expect(await call(100) == 0)
            isBroken.withLock { $0 = false }
            await network.advance(by: .seconds(60))
            #expect(try await channel.answers(50).counts["broken"] == 10)
        }
    }

    @Test func healthIsWatched() async throws {
        try await withTestNetwork { network in
            try await network.named(["unaware"])
            let health = Health()
            try await network.server("aware", services: [Named("aware"), HealthService(health)])
            let channel = try network.channel(
                to: ["unaware", "aware"], configuration: .balancing { $0.healthCheckService = "" })
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(10).counts == ["unaware": 5, "aware": 5])
            health.set(.notServing)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(10).counts == ["unaware": 10])
            #expect(channel.statistics.endpoints.map(\.isReady) == [true, false])
            health.set(.serving)
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(10).counts == ["unaware": 5, "aware": 5])
        }
    }

    @Test func nobodyServes() async throws {
        try await withTestNetwork { network in
            let health = Health()
            health.set(.notServing)
            try await network.server("a", services: [Named("a"), HealthService(health)])
            for policy in [LoadBalancing.Policy.roundRobin, .pickFirst()] {
                let channel = try network.channel(
                    to: ["a"], configuration: .balancing(policy) { $0.healthCheckService = "" })
                let error = try await #require(throws: RPCError.self) { _ = try await channel.get("x") }
                #expect(error.code == .unavailable && error.message == "servers: none of the 1 endpoints is serving")
                async let patient = channel.get("x", options: CallOptions(waitsForReady: true))
                await network.advance(by: .seconds(5))
                health.set(.serving)
                #expect(try await patient.text == "a")
                health.set(.notServing)
            }
        }
    }

    /// A server that allows two calls on a connection gets more connections, up to the channel's limit.
    @Test(arguments: [1, 2]) func moreConnectionsAreMadeWhenStreamsAreFull(servers: Int) async throws {
        try await withTestNetwork { network in
            var configuration = ServerConfiguration()
            configuration.handlesSignals = false
            configuration.maxConcurrentCallsPerConnection = 2
            let names = (0..<servers).map { "server-\($0)" }
            for name in names {
                try await network.server(name, services: [Named(name)], configuration: configuration)
            }
            var channelConfiguration = ChannelConfiguration.balancing()
            channelConfiguration.maxConnectionsPerEndpoint = 3
            let channel =
                servers == 1
                ? network.channel(to: names[0], configuration: channelConfiguration)
                : try network.channel(to: names, configuration: channelConfiguration)
            _ = try await channel.answers(3)
            await network.advance(by: .seconds(1))
            var calls: [Call<Text, Text>] = []
            for _ in 0..<6 * servers {
                let call = channel.start(TestMethods.chat, nil, .default)
                try await call.requests.write("x")
                calls.append(call)
            }
            #expect(channel.statistics.connections == 3 * servers)
            #expect(channel.statistics.calls == 6 * servers)
            // The next waits until one of them ends.
            async let late = channel.get("x", options: .timeout(.seconds(60)))
            await network.advance(by: .seconds(1))
            #expect(channel.statistics.calls == 6 * servers)
            for call in calls { call.cancel() }
            #expect(names.contains(try await late.text))
        }
    }

    @Test func tooManyCallsAreRefusedWithoutBeingSent() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            for name in ["a", "b"] {
                try await network.server(
                    name,
                    services: [
                        Named { _, _ in
                            try await clock.sleep(for: .seconds(10))
                            return Text(name)
                        }
                    ])
            }
            let channel = try network.channel(
                to: ["a", "b"], configuration: .balancing { $0.maxConcurrentCallsPerEndpoint = 2 })
            let results = await withTaskGroup(of: String.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do { return try await channel.get("x").text } catch { return "\((error as! RPCError).code)" }
                    }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(results.counts == ["a": 2, "b": 2, "\(StatusCode.resourceExhausted)": 2])
        }
    }

    @Test func loadBalancingThatCannotBeIsRefused() throws {
        for (policy, what) in [
            (LoadBalancing.Policy.leastRequest(choices: 1), "leastRequest takes from 2 to 10 choices, not 1"),
            (.ringHash(key: ""), "ringHash needs the name of a metadata key"),
            (.ringHash(key: "k", ringSizes: 0...5), "ringHash takes ring sizes from 1 to 8,388,608, not 0...5"),
        ] {
            let error = try #require(throws: RPCError.self) {
                try ClientChannel("tcp://h:1,i:2", configuration: .balancing(policy))
            }
            #expect(error.code == .invalidArgument && error.message == "load balancing: \(what)")
        }
    }
}
