import Martlet
import MartletTesting
import Testing

@Suite struct ShutdownTests {
    @Test func callsUnderWayFinishAndNewOnesAreRefused() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService { request, _ in
            for await _ in gate { break }
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            async let underWay = channel.call("under way")
            try await eventually { server.statistics.calls == 1 }
            async let stopped: Void = server.shutdown(grace: .seconds(10))
            try await eventually("the server's goodbye") { channel.statistics.state != .ready }
            // The port may be open for another moment.
            try await Task.sleep(for: .milliseconds(50))
            let refused = try await errorOf { try await channel.call("new") }
            #expect(refused.code == .unavailable)
            #expect(refused.isSafeToRetry)
            opening.finish()
            #expect(try await underWay.text == "under way")
            await stopped
        }
    }

    @Test func theGraceBoundsTheDrain() async throws {
        let service = TestService { request, _ in
            try await Task.sleep(for: .seconds(60))
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually { server.statistics.calls == 1 }
            await server.shutdown(grace: .milliseconds(50))
            let error = try await errorOf { try await caller.value }
            #expect(error.code == .unavailable)
            #expect(error.message == "the server shut down before the call had ended")
            try await eventually { service.noted == ["cancelled"] }
        }
    }

    @Test func aConnectionWithoutHelloDoesNotHoldUpTheDrain() async throws {
        try await withServer(TestService.echo) { server, port in
            let silent = try await ScriptedPeer.connect(port: port)
            try await eventually { server.statistics.connections == 1 }
            await server.shutdown(grace: .seconds(60))
            try await silent.expectClosing()
            #expect(silent.text.contains("the server is shutting down"))
        }
    }

    /// On whichever loop it was accepting: no call meets a server that has ended.
    @Test func theAddressIsFreeWhenRunReturns() async throws {
        for _ in 0..<30 {
            let server = RPCServer(services: [TestService.echo], listen: .tcp("127.0.0.1", 0), configuration: .test())
            let running = Task { try await server.run() }
            let addresses = try await server.addresses
            await server.shutdown()
            try await running.value
            let channel = try ClientChannel("tcp://\(addresses[0])")
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.connectionFailure?.cause == .refused, "\(error)")
            await channel.shutdown()
        }
    }

    @Test func cancellingRunStopsAtOnce() async throws {
        let server = RPCServer(services: [TestService.echo], listen: .tcp("127.0.0.1", 0), configuration: .test())
        let running = Task { try await server.run() }
        let channel = try ClientChannel("tcp://127.0.0.1:\(try await server.addresses[0].port)")
        _ = try await channel.call("x")
        running.cancel()
        try await running.value
        #expect(server.statistics.isEmpty)
        await channel.shutdown()
    }

    @Test func aPortInUseIsAnErrorThatNamesIt() async throws {
        try await withServer(TestService.echo) { _, port in
            let second = RPCServer(services: [TestService.echo], listen: .tcp("127.0.0.1", port))
            let error = try await #require(throws: RPCError.self) { try await second.run() }
            #expect(error.code == .unavailable)
            #expect(error.message == "cannot listen on 127.0.0.1:\(port): Address already in use (errno 98)")
            await #expect(throws: RPCError.self) { try await second.addresses }
        }
    }

    @Test func aPortThatIsNoneIsRefused() async throws {
        let server = RPCServer(services: [TestService.echo], listen: .tcp("127.0.0.1", 99_999))
        let error = try await #require(throws: RPCError.self) { try await server.run() }
        #expect(error.message == "cannot listen on 127.0.0.1:99999: a port is a number from 0 to 65535")
    }

    @Test func twoServicesMayNotClaimAMethod() async throws {
        let server = RPCServer(services: [TestService.echo, TestService.echo], listen: .tcp("127.0.0.1", 0))
        let error = try await #require(throws: RPCError.self) { try await server.run() }
        #expect(error.code == .failedPrecondition)
        #expect(error.message == "two services of the server claim the method test.Service/Call")
    }

    @Test func aChannelThatIsShutDownTakesNoCalls() async throws {
        try await withServerAndChannel(TestService.echo) { _, channel in
            await channel.shutdown()
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("is shut down"))
        }
    }

    @Test func aChannelWaitsForItsCallsBeforeItCloses() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService { request, _ in
            for await _ in gate { break }
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            async let underWay = channel.call("under way")
            try await eventually { server.statistics.calls == 1 }
            async let stopped: Void = channel.shutdown()
            try await eventually { channel.statistics.state == .shutDown }
            opening.finish()
            #expect(try await underWay.text == "under way")
            await stopped
        }
    }
}
