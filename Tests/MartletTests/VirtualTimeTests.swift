import Martlet
import MartletTesting
import Synchronization
import Testing

/// Backoff, deadlines and timeouts run on the event loop's clock: on a virtual one no time passes.
@Suite struct VirtualTimeTests {
    @Test func backoffWaitsAsItsNumbersSay() async throws {
        try await withTestNetwork { network in
            let channel = network.channel(to: "nobody")
            let error = try await errorOf {
                try await channel.call("x", options: CallOptions(timeout: .seconds(10), waitsForReady: true))
            }
            #expect(error.code == .deadlineExceeded)
            #expect(
                network.log.filter { $0.hasSuffix("connects") } == [
                    "0.000 ms: client#1-nobody: connects", "1000.000 ms: client#2-nobody: connects",
                    "2600.000 ms: client#3-nobody: connects", "5160.000 ms: client#4-nobody: connects",
                    "9256.000 ms: client#5-nobody: connects",
                ])
        }
    }

    @Test func aDeadlinePassesAtBothEndsAtOnce() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let reason = Mutex<ServerContext.CancellationReason?>(nil)
            let service = TestService { _, context in
                do { try await clock.sleep(for: .seconds(86_400)) } catch {
                    reason.withLock { $0 = context.cancellationReason }
                    throw error
                }
                return "late"
            }
            let server = try await network.server("slow", services: [service])
            let channel = network.channel(to: "slow")
            let hasEnded = Mutex(false)
            async let failure = errorOf {
                defer { hasEnded.withLock { $0 = true } }
                return try await channel.call("x", options: .timeout(.seconds(3600)))
            }
            await network.advance(by: .seconds(3599))
            #expect(!hasEnded.withLock { $0 })
            #expect(server.statistics.calls == 1)
            await network.advance(by: .seconds(1))
            #expect(server.statistics.calls == 0)
            #expect(reason.withLock { $0 } == .deadline)
            let error = try await failure
            #expect(error.code == .deadlineExceeded)
            #expect(error.message.contains("3600.0 seconds"))
        }
    }

    @Test func aServerWaitsTenSecondsForTheHello() async throws {
        try await withTestNetwork { network in
            let server = try await network.server("echo", services: [TestService.echo])
            let silent = try await network.connect(to: "echo")
            await network.advance(by: .seconds(9))
            #expect(server.statistics.connections == 1)
            await network.advance(by: .seconds(1))
            try await silent.expectClosing()
            #expect(silent.text.contains("no HELLO within 10.0 seconds"))
            await network.advance(by: .seconds(1))
            #expect(server.statistics.isEmpty)
        }
    }

    @Test func aClientWaitsTenSecondsForTheHello() async throws {
        try await withTestNetwork { network in
            let mute = try network.scriptedServer("mute")
            let channel = network.channel(to: "mute")
            let start = network.clock.now
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("it said no Hello within 10.0 seconds"), "got: \(error.message)")
            #expect(start.duration(to: network.clock.now) == .seconds(10))
            try await mute.close()
        }
    }

    @Test func bothEndsNoticeASilentNetwork() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let service = TestService { request, _ in
                try await clock.sleep(for: .seconds(86_400))
                return request
            }
            let server = try await network.server("slow", services: [service])
            let channel = network.channel(to: "slow")
            async let failure = errorOf { try await channel.call("x") }
            // Pings keep the connection for as long as somebody answers them.
            await network.advance(by: .seconds(3600))
            #expect(server.statistics.calls == 1)
            network.partition("slow")
            let error = try await failure
            #expect(error.code == .unavailable)
            #expect(error.message.contains("it answered no ping within 20.0 seconds"), "got: \(error.message)")
            await network.advance(by: .seconds(90))
            #expect(server.statistics.isEmpty)
            #expect(service.noted == ["cancelled"])
        }
    }
}
