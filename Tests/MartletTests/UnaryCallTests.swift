import Martlet
import Testing

@Suite struct UnaryCallTests {
    @Test(arguments: [0, 1, 15, 16, 100, 65_535, 65_536, 1_000_000, 4_000_000])
    func messagesOfEverySizeComeBack(size: Int) async throws {
        try await withServerAndChannel(TestService.echo) { _, channel in
            let request = Text(count: size)
            let response = try await channel.call(request)
            #expect(response == request)
        }
    }

    @Test func manyCallsShareOneConnection() async throws {
        try await withServerAndChannel(TestService.echo) { server, channel in
            _ = try await channel.call("first")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<64 {
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
            #expect(server.statistics.connections == 1)
            #expect(server.statistics.calls == 0)
        }
    }

    @Test func moreCallsThanTheServerAllowsWaitTheirTurn() async throws {
        let service = TestService { request, _ in
            try await Task.sleep(for: .milliseconds(1))
            return request
        }
        try await withServerAndChannel(service, server: .test { $0.maxConcurrentCallsPerConnection = 3 }) {
            server, channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let response = try await channel.call("call \(index)")
                        #expect(response.text == "call \(index)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func metadataGoesBothWays() async throws {
        let service = TestService { request, context in
            context.trailingMetadata["seen"] = context.metadata["token"]
            throw RPCError(.aborted, "no", metadata: ["own": "1"])
        }
        try await withServerAndChannel(service) { _, channel in
            let error = try await errorOf {
                try await channel.call("x", options: CallOptions(metadata: ["token": "t-1"]))
            }
            #expect(error.metadata["seen"] == "t-1")
            #expect(error.metadata["own"] == "1")
        }
    }

    @Test func invalidMetadataIsRefusedBeforeAnythingIsSent() async throws {
        let channel = try ClientChannel("tcp://127.0.0.1:1")
        let error = try await errorOf {
            try await channel.call("x", options: CallOptions(metadata: ["bad key": "v"]))
        }
        #expect(error.code == .invalidArgument)
    }

    @Test func theHandlerKnowsItsCall() async throws {
        let service = TestService { _, context in
            #expect(ServerContext.current === context)
            #expect(context.method == TestMethods.call.descriptor)
            #expect(context.peer.address.hasPrefix("127.0.0.1:"))
            let remaining = try #require(context.deadline?.remaining)
            #expect(remaining > .seconds(50) && remaining <= .seconds(60))
            return "ok"
        }
        try await withServerAndChannel(service) { _, channel in
            let response = try await channel.call("x", options: .timeout(.seconds(60)))
            #expect(response.text == "ok")
        }
    }

    @Test func callsFromManyTasksOverSeveralConnections() async throws {
        try await withServer(TestService.echo) { server, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let channel = try ClientChannel("tcp://127.0.0.1:\(port)")
                        for _ in 0..<100 {
                            let response = try await channel.call("c\(index)")
                            #expect(response.text == "c\(index)")
                        }
                        await channel.shutdown()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aChannelClosesWithItsLastReference() async throws {
        try await withServer(TestService.echo) { server, port in
            var channel: ClientChannel? = try ClientChannel("tcp://127.0.0.1:\(port)")
            _ = try await channel!.call("x")
            #expect(server.statistics.connections == 1)
            channel = nil
            try await eventually { server.statistics.connections == 0 }
        }
    }
}
