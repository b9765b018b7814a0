import Martlet
import MartletTesting
import Synchronization
import Testing

/// What becomes of a channel when its endpoints come, go and fail.
@Suite struct EndpointTests {
    @Test func anEndpointThatDiesCostsNoCallThatCanBeMadeAgain() async throws {
        try await withTestNetwork { network in
            let servers = try await network.named(["a", "b", "c"])
            let channel = try network.channel(to: ["a", "b", "c"])
            _ = try await channel.answers(9)
            await servers[1].shutdown(grace: .zero)
            #expect(Set(try await channel.answers(20)) == ["a", "c"])
            // A new one in its place is found by itself.
            try await network.named(["b"])
            await network.advance(by: .seconds(5))
            #expect(try await channel.answers(30).counts == ["a": 10, "b": 10, "c": 10])
        }
    }

    @Test func aDrainingEndpointFinishesItsCalls() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let server = try await network.server(
                "slow",
                services: [
                    Named { _, _ in
                        try await clock.sleep(for: .seconds(5))
                        return "slow"
                    }
                ])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let first = channel.get("x")
            await network.advance(by: .seconds(1))
            resolver.say(["slow"])
            await network.advance(by: .seconds(1))
            try await network.named(["a"])
            async let stopped: Void = server.shutdown(grace: .seconds(30))
            resolver.say(["slow", "a"])
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(4) == ["a", "a", "a", "a"])
            #expect(try await first.text == "slow")
            await stopped
        }
    }

    @Test func callsWaitForTheResolver() async throws {
        try await withTestNetwork { network in
            try await network.named(["a"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            #expect(!resolver.isStarted)
            async let answer = channel.get("x", options: .timeout(.seconds(10)))
            await network.advance(by: .seconds(5))
            #expect(resolver.isStarted)
            resolver.say(["a"])
            #expect(try await answer.text == "a")
            let late = try await #require(throws: RPCError.self) {
                let other = try network.channel(to: "scripted:///users", by: ScriptedResolver())
                _ = try await other.get("x", options: .timeout(.seconds(1)))
            }
            #expect(late.code == .deadlineExceeded)
        }
    }

    @Test func aTargetThatCannotBeResolvedSaysWhy() async throws {
        try await withTestNetwork { network in
            try await network.named(["a"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let patient = channel.get("x", options: CallOptions(waitsForReady: true))
            async let failed = #expect(throws: RPCError.self) { _ = try await channel.get("x") }
            await network.advance(by: .seconds(1))
            resolver.fail("the registry is down")
            let error = try #require(await failed)
            #expect(error.code == .unavailable && error.connectionFailure?.stage == .resolving)
            #expect(error.message.hasPrefix("scripted:///users can't be resolved: the registry is down; "))
            #expect(error.isSafeToRetry)
            resolver.say([String]())
            await network.advance(by: .seconds(1))
            let empty = try await #require(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(empty.message == "scripted:///users has no endpoints")
            resolver.say(["a"])
            #expect(try await patient.text == "a")
        }
    }

    @Test func theLastGoodListStays() async throws {
        try await withTestNetwork { network in
            try await network.named(["a", "b"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let first = channel.get("x")
            await network.advance(by: .seconds(1))
            resolver.say(["a", "b"])
            _ = try await first
            resolver.fail("the registry is down")
            await network.advance(by: .seconds(3600))
            #expect(channel.statistics.isStale)
            #expect(try await channel.answers(10).counts == ["a": 5, "b": 5])
            resolver.say(["a", "b"])
            await network.advance(by: .seconds(1))
            #expect(!channel.statistics.isStale)
        }
    }

    @Test func anEmptyAnswerDoesNotWipeOutAWorkingList() async throws {
        try await withTestNetwork { network in
            let servers = try await network.named(["a", "b"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let first = channel.get("x")
            await network.advance(by: .seconds(1))
            resolver.say(["a", "b"])
            _ = try await first
            await network.advance(by: .seconds(1))
            resolver.say([String]())
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(10).counts == ["a": 5, "b": 5])
            // One that can't be reached any more goes.
            await servers[0].shutdown(grace: .zero)
            await network.advance(by: .seconds(1))
            #expect(channel.statistics.endpoints.map(\.id) == ["b"])
            await network.advance(by: .seconds(30))
            let error = try await #require(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error.message == "scripted:///users has no endpoints")
        }
    }

    @Test func endpointsFollowTheList() async throws {
        try await withTestNetwork { network in
            try await network.named(["a", "b", "c", "d"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let first = channel.get("x")
            await network.advance(by: .seconds(1))
            resolver.say(["a", "b", "c"])
            _ = try await first
            await network.advance(by: .seconds(1))
            resolver.say(["b", "c", "d"])
            await network.advance(by: .seconds(1))
            #expect(try await channel.answers(30).counts == ["b": 10, "c": 10, "d": 10])
            #expect(channel.statistics.connections == 3)
            // What stayed kept its connection.
            #expect(network.log.count { $0.hasSuffix("-b: connects") } == 1)
        }
    }

    @Test func allThatFailSaySo() async throws {
        try await withTestNetwork { network in
            let channel = try network.channel(to: ["a", "b"])
            let error = try await #require(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error.code == .unavailable && error.isSafeToRetry)
            #expect(
                error.message.hasPrefix(
                    "servers: none of the 2 endpoints takes calls; the last error: cannot connect to "))
            #expect(channel.statistics.state == .backingOff)
            // Patience is rewarded.
            async let patient = channel.get("x", options: CallOptions(waitsForReady: true))
            await network.advance(by: .seconds(10))
            try await network.named(["b"])
            #expect(try await patient.text == "b")
        }
    }

    @Test func theResolverIsAskedWhenAnEndpointIsLost() async throws {
        try await withTestNetwork { network in
            let servers = try await network.named(["a", "b"])
            let resolver = ScriptedResolver()
            let channel = try network.channel(to: "scripted:///users", by: resolver)
            async let first = channel.get("x")
            await network.advance(by: .seconds(2))
            resolver.say(["a", "b"])
            _ = try await first
            await network.advance(by: .seconds(2))
            #expect(resolver.requests == 0)
            await servers[0].shutdown(grace: .zero)
            await network.advance(by: .seconds(2))
            #expect(resolver.requests >= 1)
            // However often it fails, the resolver isn't asked more than once a second.
            await network.advance(by: .seconds(60))
            #expect(resolver.requests < 60)
        }
    }

    @Test func oneAddressAfterTheOtherIsTried() async throws {
        try await withTestNetwork { network in
            try await network.named(["second"])
            let endpoint = Endpoint(
                id: "users-1", addresses: [TestNetwork.address(of: "first"), TestNetwork.address(of: "second")])
            let channel = try network.channel(to: [endpoint])
            #expect(try await channel.get("x").text == "second")
            network.partition("first")
            let other = try network.channel(to: [endpoint])
            let start = network.clock.now
            #expect(try await other.get("x").text == "second")
            #expect(start.duration(to: network.clock.now) == .milliseconds(250))
        }
    }

    @Test(arguments: [LoadBalancing.Policy.roundRobin, .pickFirst()])
    func anUnusedChannelLetsGoOfItsConnections(policy: LoadBalancing.Policy) async throws {
        try await withTestNetwork { network in
            try await network.named(["a", "b"])
            let channel = try network.channel(to: ["a", "b"], configuration: .balancing(policy))
            let before = Set(try await channel.answers(4))
            await network.advance(by: .seconds(3 * 3600))
            #expect(channel.statistics.connections == 0)
            #expect(channel.statistics.state == .idle)
            #expect(Set(try await channel.answers(4)) == before)
        }
    }

    @Test func shutdownEndsEverything() async throws {
        try await withTestNetwork { network in
            try await network.named(["a", "b"])
            let channel = try network.channel(to: ["a", "b"])
            _ = try await channel.answers(4)
            await channel.shutdown()
            let statistics = channel.statistics
            #expect(statistics.state == .shutDown && statistics.connections == 0 && statistics.endpoints.isEmpty)
            let error = try await #require(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error.message.contains("the channel to servers is shut down"))
        }
    }
}
