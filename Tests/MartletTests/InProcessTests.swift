import Martlet
import NIOCore
import NIOPosix
import Testing

/// Calls without a network.
@Suite struct InProcessTests {
    private func withServerAndChannel(
        _ service: TestService, server configuration: ServerConfiguration = .test(),
        channel channelConfiguration: ChannelConfiguration = .init(),
        _ body: (_ server: RPCServer, _ channel: ClientChannel) async throws -> Void
    ) async throws {
        let transport = InProcessTransport("test")
        let server = RPCServer(services: [service], listen: .inProcess(transport), configuration: configuration)
        let running = Task { try await server.run() }
        #expect(try await server.addresses == [.inProcess(transport)])
        let channel = ClientChannel(inProcess: transport, configuration: channelConfiguration)
        try await body(server, channel)
        await channel.shutdown()
        await server.shutdown()
        try await running.value
        try await eventually { server.statistics.isEmpty }
    }

    @Test(arguments: [0, 1, 65_536, 1_000_000, 4_000_000])
    func messagesOfEverySizeComeBack(size: Int) async throws {
        try await withServerAndChannel(TestService.echo) { server, channel in
            let request = Text(count: size)
            let response = try await channel.call(request)
            #expect(response == request)
            #expect(server.statistics.connections == 1)
        }
    }

    /// With a loop for each side, and with one for both.
    @Test(arguments: [1, 2])
    func manyTasksShareAConnection(loops: Int) async throws {
        let groups = (0..<loops).map { _ in MultiThreadedEventLoopGroup(numberOfThreads: 1) }
        try await withServerAndChannel(
            TestService.echo, server: .test { $0.eventLoopGroup = groups[0] },
            channel: .test { $0.eventLoopGroup = groups[loops - 1] }
        ) { _, channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<32 {
                    group.addTask {
                        for call in 0..<50 {
                            let request = Text("worker \(worker) call \(call)")
                            let response = try await channel.call(request)
                            #expect(response == request)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        for group in groups { try await group.shutdownGracefully() }
    }

    @Test func theHandlerKnowsWhoCalls() async throws {
        let service = TestService { _, context in Text(context.peer.address) }
        try await withServerAndChannel(service) { _, channel in
            let response = try await channel.call("x")
            #expect(response.text == "in-process:test")
        }
    }

    @Test func cancellationReachesTheHandler() async throws {
        let service = TestService { _, _ in
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        try await withServerAndChannel(service) { server, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually { server.statistics.calls == 1 }
            caller.cancel()
            let error = try await errorOf { try await caller.value }
            #expect(error.code == .cancelled)
            try await eventually { service.noted == ["cancelled"] }
        }
    }

    @Test func aServerThatShutsDownLetsCallsFinish() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let service = TestService { request, _ in
            for await _ in gate {}
            return request
        }
        try await withServerAndChannel(service) { server, channel in
            async let underWay = channel.call("under way")
            try await eventually { server.statistics.calls == 1 }
            async let stopped: Void = server.shutdown(grace: .seconds(60))
            opening.finish()
            await stopped
            #expect(try await underWay.text == "under way")
            let error = try await errorOf { try await channel.call("x") }
            #expect(
                error.message.hasPrefix(
                    "cannot connect to in-process:test (attempt 1): no server listens on in-process:test"))
            #expect(error.code == .unavailable && error.isSafeToRetry)
        }
    }

    @Test func aChannelWaitsForAServerToCome() async throws {
        let transport = InProcessTransport()
        let channel = ClientChannel(
            inProcess: transport, configuration: .test { $0.backoff.initial = .milliseconds(5) })
        async let patient = channel.call("patient", options: CallOptions(waitsForReady: true))
        try await Task.sleep(for: .milliseconds(20))
        let server = RPCServer(services: [TestService.echo], listen: .inProcess(transport), configuration: .test())
        let running = Task { try await server.run() }
        #expect(try await patient.text == "patient")
        await channel.shutdown()
        await server.shutdown()
        try await running.value
    }

    @Test func aTransportHasOneServer() async throws {
        let transport = InProcessTransport("taken")
        let first = RPCServer(services: [TestService.echo], listen: .inProcess(transport), configuration: .test())
        let running = Task { try await first.run() }
        _ = try await first.addresses
        let second = RPCServer(services: [TestService.echo], listen: .inProcess(transport), configuration: .test())
        let error = try await #require(throws: RPCError.self) { try await second.run() }
        #expect(error.message == "cannot listen on in-process:taken: another server listens there")
        await first.shutdown()
        try await running.value
    }

    @Test func aServerListensOnSeveralKindsOfAddress() async throws {
        let transport = InProcessTransport()
        let server = RPCServer(
            services: [TestService.echo], listen: .tcp("127.0.0.1", 0), .inProcess(transport), configuration: .test())
        let running = Task { try await server.run() }
        let port = try await server.addresses[0].port
        for channel in [try ClientChannel("tcp://127.0.0.1:\(port)"), ClientChannel(inProcess: transport)] {
            let response = try await channel.call("x")
            #expect(response.text == "x")
            await channel.shutdown()
        }
        await server.shutdown()
        try await running.value
    }
}
