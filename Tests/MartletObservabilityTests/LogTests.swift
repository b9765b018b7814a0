import Logging
import Martlet
import MartletObservability
import MartletTesting
import Testing

/// One line for each call, at both ends.
@Suite(.timeLimit(.minutes(1))) struct LogTests {
    private let lines = LogLines()

    private func observability(level: Logger.Level = .debug) -> Observability {
        var observability = Observability()
        observability.logger = lines.logger(level: level)
        return observability
    }

    private func onlyLine(_ message: String) throws -> LogLines.Line {
        let found = lines.all(message)
        try #require(found.count == 1)
        return found[0]
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aCallThatWentWellHasALineAtEachEnd(wire: ChannelConfiguration.Wire) async throws {
        try await withObserved(by: observability(), wire: wire) { channel in
            _ = try await channel.get("x", options: .timeout(.seconds(50)))
        }
        let answered = try onlyLine("answered a call")
        #expect(answered.level == .debug)
        #expect(answered.metadata["rpc.system.name"] == "grpc")
        #expect(answered.metadata["rpc.method"] == "test.Service/Get")
        #expect(answered.metadata["rpc.status_code"] == "OK")
        #expect(answered.metadata["network.peer.address"]?.hasPrefix("127.0.0.1:") == true)
        #expect(seconds(answered, "rpc.server.call.duration", in: 0...40))
        #expect(seconds(answered, "rpc.deadline.remaining", in: 0.1...50))
        #expect(answered.metadata["error.type"] == nil && answered.metadata["rpc.status_message"] == nil)

        let made = try onlyLine("made a call")
        #expect(made.level == .debug)
        #expect(made.metadata["rpc.method"] == "test.Service/Get")
        #expect(made.metadata["rpc.status_code"] == "OK")
        #expect(answered.metadata["rpc.previous_attempts"] == nil)
        #expect(made.metadata["network.peer.address"]?.hasPrefix("tcp://127.0.0.1:") == true)
        #expect(seconds(made, "rpc.client.call.duration", in: 0...40))
        #expect(seconds(made, "rpc.deadline.remaining", in: 0.1...50))
    }

    @Test func eachConnectionThatComesOrGoesHasALine() async throws {
        var configuration = ChannelConfiguration()
        configuration.logger = lines.logger(level: .info)
        configuration.observe(observability())
        try await withServer([TestService()], channel: configuration) { channel in
            _ = try await channel.get("x")
            _ = try await channel.get("x")
            await channel.shutdown()
        }
        #expect(try onlyLine("connected").metadata["server"]?.hasPrefix("tcp://127.0.0.1:") == true)
        #expect(try onlyLine("a connection has closed").metadata["reason"] != nil)
        let failing = try ClientChannel("tcp://127.0.0.1:1", configuration: configuration)
        for _ in 0..<3 { _ = try? await failing.get("x") }
        #expect(try onlyLine("cannot connect").metadata["error"]?.contains("Connection refused") == true)
        await failing.shutdown()
    }

    private func seconds(_ line: LogLines.Line, _ key: String, in range: ClosedRange<Double>) -> Bool {
        line.metadata[key].flatMap(Double.init).map(range.contains) == true
    }

    @Test(arguments: [("2", "2"), ("two", nil), ("-1", nil), ("99999999999", nil)])
    func anAttemptTellsHowManyCameBefore(sent: String, logged: String?) async throws {
        try await withObserved(by: observability()) { channel in
            _ = try await channel.get("x", options: CallOptions(metadata: ["grpc-previous-rpc-attempts": sent]))
        }
        #expect(try onlyLine("answered a call").metadata["rpc.previous_attempts"] == logged)
    }

    @Test func aFailureTellsItsCodeAndMessage() async throws {
        let service = TestService { _, _ in throw RPCError(.notFound, "no user has the id u-1") }
        try await withObserved(service, by: observability()) { channel in
            #expect(await channel.code() == .notFound)
        }
        for message in ["answered a call", "made a call"] {
            let line = try onlyLine(message)
            #expect(line.metadata["rpc.status_code"] == "NOT_FOUND")
            #expect(line.metadata["rpc.status_message"] == "no user has the id u-1")
        }
        // It is the client's own doing, so the server doesn't count it as an error.
        #expect(try onlyLine("answered a call").metadata["error.type"] == nil)
        #expect(try onlyLine("made a call").metadata["error.type"] == "NOT_FOUND")
    }

    @Test func theTextOfAForeignErrorStaysAtTheServer() async throws {
        try await withObserved(TestService { _, _ in throw DiskFull() }, by: observability()) { channel in
            #expect(await channel.code() == .unknown)
        }
        let answered = try onlyLine("answered a call")
        #expect(answered.metadata["rpc.status_code"] == "UNKNOWN")
        #expect(answered.metadata["error.type"] == "UNKNOWN")
        #expect(answered.metadata["exception.type"] == "MartletObservabilityTests.DiskFull")
        #expect(answered.metadata["exception.message"] == "no space left on /var")
        let made = try onlyLine("made a call")
        #expect(made.metadata["rpc.status_code"] == "UNKNOWN")
        #expect(!made.metadata.values.contains { $0.contains("/var") })
    }

    @Test func aMethodThatTheServerDoesNotHaveIsNamedOnlyAsTheClientsOwn() async throws {
        try await withObserved(by: observability()) { channel in
            #expect(await channel.code(of: TestMethods.missing("Invented")) == .unimplemented)
        }
        let answered = try onlyLine("answered a call")
        #expect(answered.metadata["rpc.method"] == "_OTHER")
        #expect(answered.metadata["rpc.method_original"] == "test.Service/Invented")
        #expect(answered.metadata["rpc.status_code"] == "UNIMPLEMENTED")
    }

    /// The handler ends with what cancellation makes it throw, after the client was answered.
    @Test func aDeadlineThatPassedIsOneAtBothEnds() async throws {
        let service = TestService { request, _ in
            try await Task.sleep(for: .seconds(3600))
            return request
        }
        try await withObserved(service, by: observability()) { channel in
            try await channel.connect()
            #expect(await channel.code(options: .timeout(.milliseconds(300))) == .deadlineExceeded)
        }
        for message in ["answered a call", "made a call"] {
            let line = try onlyLine(message)
            #expect(line.metadata["rpc.status_code"] == "DEADLINE_EXCEEDED")
            // The server's clock for the call begins when the request arrives.
            #expect(seconds(line, "rpc.deadline.remaining", in: 0...0.299))
        }
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aCallThatWasGivenUpIsCancelledAtBothEnds(wire: ChannelConfiguration.Wire) async throws {
        let begun = AsyncStream<Void>.makeStream()
        let service = TestService { request, _ in
            begun.continuation.finish()
            try await Task.sleep(for: .seconds(3600))
            return request
        }
        try await withObserved(service, by: observability(), wire: wire) { channel in
            let caller = Task { await channel.code() }
            for await _ in begun.stream {}
            caller.cancel()
            #expect(await caller.value == .cancelled)
        }
        for message in ["answered a call", "made a call"] {
            #expect(try onlyLine(message).metadata["rpc.status_code"] == "CANCELLED")
        }
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aStreamThatWasLeftEarlyIsCancelledAtBothEnds(wire: ChannelConfiguration.Wire) async throws {
        try await withObserved(by: observability(), wire: wire) { channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                try await requests.write("x")
                _ = try await iterator.next()
            }
        }
        // Nobody waits for the end of a stream that was left.
        for _ in 0..<10_000 where lines.all("made a call").isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        for message in ["answered a call", "made a call"] {
            #expect(try onlyLine(message).metadata["rpc.status_code"] == "CANCELLED")
        }
    }

    @Test func callsOfEveryShapeHaveLines() async throws {
        try await withObserved(by: observability()) { channel in try await channel.callAll() }
        let methods = ["Get", "List", "Collect", "Chat"].map { "test.Service/\($0)" }
        for message in ["answered a call", "made a call"] {
            let found = lines.all(message)
            #expect(found.map { $0.metadata["rpc.method"] } == methods)
            #expect(found.allSatisfy { $0.metadata["rpc.status_code"] == "OK" })
        }
    }

    @Test func nothingIsLoggedWhereNobodyListens() async throws {
        try await withObserved(by: observability(level: .info)) { channel in try await channel.callAll() }
        var silent = observability()
        silent.logLevel = nil
        try await withObserved(by: silent) { channel in try await channel.callAll() }
        #expect(lines.all("answered a call").isEmpty && lines.all("made a call").isEmpty)
    }

    /// Whatever the interceptors that were there before do is part of the outcome.
    @Test func theObserverIsTheOutermostInterceptor() async throws {
        struct Refusing: ServerInterceptor {
            nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
                throw RPCError(.permissionDenied, "no")
            }
        }
        var server = ServerConfiguration()
        server.logger = lines.logger()
        server.interceptors = [Refusing()]
        server.observe()
        try await withServer([TestService()], server: server) { channel in
            #expect(await channel.code() == .permissionDenied)
        }
        #expect(try onlyLine("answered a call").metadata["rpc.status_code"] == "PERMISSION_DENIED")
    }
}
