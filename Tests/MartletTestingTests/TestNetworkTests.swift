import Martlet
import MartletTesting
import Synchronization
import Testing

@Suite struct TestNetworkTests {
    @Test func callsTakeTheTimeOfTheirWay() async throws {
        try await withTestNetwork { network in
            network.link.latency = .milliseconds(10) ... .milliseconds(10)
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            let start = network.clock.now
            #expect(try await channel.get("first").text == "first")
            // There and back to connect, there and back for the call.
            #expect(start.duration(to: network.clock.now) == .milliseconds(40))
            #expect(try await channel.get("second").text == "second")
            #expect(start.duration(to: network.clock.now) == .milliseconds(60))
        }
    }

    @Test func bandwidthTakesTime() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            _ = try await channel.get("first")
            network.link.bytesPerSecond = 1_000_000
            let start = network.clock.now
            _ = try await channel.get(Text(String(repeating: "x", count: 100_000)))
            let seconds = start.duration(to: network.clock.now) / .seconds(1)
            #expect(seconds > 0.2 && seconds < 0.25)
        }
    }

    @Test func aDeadlineOfAnHourTakesNoTime() async throws {
        let began = ContinuousClock.now
        try await withTestNetwork { network in
            let ended = Mutex<ServerContext.CancellationReason?>(nil)
            let clock = network.clock
            try await network.server(
                "slow",
                services: [
                    TestService { _, context in
                        do { try await clock.sleep(for: .seconds(86_400)) } catch {
                            ended.withLock { $0 = context.cancellationReason }
                            throw error
                        }
                        return "late"
                    }
                ])
            let channel = network.channel(to: "slow")
            let done = Mutex(false)
            async let failure = #expect(throws: RPCError.self) {
                defer { done.withLock { $0 = true } }
                _ = try await channel.get("x", options: .timeout(.seconds(3600)))
            }
            await network.advance(by: .seconds(3599))
            #expect(!done.withLock { $0 })
            await network.advance(by: .seconds(1))
            #expect(await failure?.code == .deadlineExceeded)
            #expect(ended.withLock { $0 } == .deadline)
        }
        #expect(ContinuousClock.now - began < .seconds(30))
    }

    @Test func everyByteMayArriveByItself() async throws {
        try await withTestNetwork { network in
            network.link.pieceSizes = 1...1
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            for text in ["first", "second"] {
                let response = try await channel.get("\(text)")
                #expect(response.text == text)
            }
            let pieces = network.log.filter { $0.contains("bytes reach") }
            #expect(pieces.count > 50 && pieces.allSatisfy { $0.contains(" 1 bytes reach") })
        }
    }

    @Test func aCallSurvivesACutAnywhere() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            for cut in 1...400 {
                network.link.cut = cut
                let channel = network.channel(to: "echo")
                let response = try await channel.get("request \(cut)")
                #expect(response.text == "request \(cut)")
                await channel.shutdown()
            }
        }
    }

    @Test func aPartitionIsSilentUntilItHeals() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            let channel = network.channel(to: "echo")
            _ = try await channel.get("before")
            network.partition("echo")
            let lost = await #expect(throws: RPCError.self) {
                _ = try await channel.get("lost", options: .timeout(.seconds(1)))
            }
            #expect(lost?.code == .deadlineExceeded)
            async let late = channel.get("late", options: .timeout(.seconds(60)))
            await network.advance(by: .seconds(30))
            network.heal("echo")
            #expect(try await late.text == "late")
        }
    }

    @Test func connectingToOneCutOffTimesOut() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            network.partition("echo")
            let channel = network.channel(to: "echo")
            let error = await #expect(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error?.message.hasPrefix("cannot connect to echo (attempt 1): no answer in 20.0 seconds") == true)
        }
    }

    @Test func aResetFailsTheCallsUnderWay() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let server = try await network.server(
                "slow",
                services: [
                    TestService { request, _ in
                        try await clock.sleep(for: .seconds(60))
                        return request
                    }
                ])
            let channel = network.channel(to: "slow")
            async let failure = #expect(throws: RPCError.self) { _ = try await channel.get("x") }
            await network.advance(by: .seconds(1))
            #expect(server.statistics.calls == 1)
            network.reset("slow")
            #expect(await failure?.code == .unavailable)
            #expect(await failure?.message.contains("Connection reset by peer") == true)
            await network.advance(by: .zero)
            #expect(server.statistics == ServerStatistics())
        }
    }

    @Test func refusalsAreAnswered() async throws {
        try await withTestNetwork { network in
            try await network.server("echo", services: [TestService()])
            network.links["echo"] = LinkConditions()
            network.links["echo"]?.refusalChance = 1
            let channel = network.channel(to: "echo")
            let error = await #expect(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error?.message.hasPrefix("cannot connect to echo (attempt 1): echo refused the connection") == true)
            network.links["echo"] = nil
            #expect(try await channel.get("x", options: CallOptions(waitsForReady: true)).text == "x")
        }
    }

    /// Many clients over a bad network: each call ends with its answer or UNAVAILABLE, and one seed is one story.
    private func story(seed: UInt64) async throws -> [String] {
        try await withTestNetwork(seed: seed) { network in
            network.link.latency = .milliseconds(1) ... .milliseconds(50)
            network.link.pieceSizes = 1...20
            network.link.resetChance = 0.005
            network.link.refusalChance = 0.1
            let clock = network.clock
            try await network.server(
                "echo",
                services: [
                    TestService { request, _ in
                        try await clock.sleep(for: .milliseconds(request.bytes.count))
                        return request
                    }
                ])
            await withTaskGroup(of: Void.self) { group in
                for client in 0..<5 {
                    group.addTask {
                        let channel = network.channel(to: "echo", from: "client \(client)")
                        for call in 0..<10 {
                            let request = Text("request \(call) of \(client)")
                            do {
                                let options = CallOptions(timeout: .seconds(30), waitsForReady: true)
                                #expect(try await channel.get(request, options: options) == request)
                            } catch {
                                #expect((error as? RPCError)?.code == .unavailable, "\(error)")
                            }
                        }
                    }
                }
            }
            return network.log
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func aSeedIsAStory(seed: UInt64) async throws {
        let log = try await story(seed: seed)
        #expect(log.count > 200)
        #expect(try await story(seed: seed) == log)
        #expect(try await story(seed: seed + 100) != log)
    }

    @Test func aTestThatCannotEndIsCancelled() async throws {
        let error = await #expect(throws: StuckError.self) {
            try await withTestNetwork(limit: .seconds(3600)) { network in
                try await network.clock.sleep(for: .seconds(7200))
            }
        }
        #expect(error?.description == "the test was cancelled: it didn't end in 3600.0 seconds of the network's time")
    }

    @Test func whatAServerKeepsIsReported() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let error = await #expect(throws: LeftoverError.self) {
            try await withTestNetwork { network in
                try await network.server(
                    "deaf",
                    services: [
                        TestService { request, _ in
                            await Task.detached { for await _ in gate {} }.value
                            return request
                        }
                    ])
                let channel = network.channel(to: "deaf")
                _ = try? await channel.get("x", options: .timeout(.seconds(1)))
            }
        }
        #expect(error?.statistics.tasks == 1)
        opening.finish()
    }
}
