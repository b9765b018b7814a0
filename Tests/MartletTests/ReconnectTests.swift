import Martlet
import MartletTesting
import Testing

@Suite struct ReconnectTests {
    private let quick = ChannelConfiguration.test {
        $0.backoff.initial = .milliseconds(10)
        $0.backoff.maximum = .milliseconds(50)
    }

    @Test func aRefusedConnectionNamesPeerAttemptAndCause() async throws {
        let refusing = try RefusingPort()
        let channel = try ClientChannel("tcp://127.0.0.1:\(refusing.port)")
        let error = try await errorOf { try await channel.call("x") }
        #expect(error.code == .unavailable)
        #expect(error.isSafeToRetry)
        #expect(
            error.message.hasPrefix(
                "cannot connect to tcp://127.0.0.1:\(refusing.port) (attempt 1): 127.0.0.1:\(refusing.port): "))
        #expect(error.message.contains("Connection refused"))
        await channel.shutdown()
        withExtendedLifetime(refusing) {}
    }

    @Test func aNameThatCannotBeResolvedIsNamed() async throws {
        let channel = try ClientChannel("tcp://no-such-host.invalid:7000")
        let error = try await errorOf { try await channel.call("x") }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("the name no-such-host.invalid can't be resolved"), "got: \(error.message)")
        await channel.shutdown()
    }

    @Test func aChannelComesBackWithItsServer() async throws {
        let (channel, port) = try await withServer(TestService.echo) { _, port in
            let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: quick)
            _ = try await channel.call("first")
            return (channel, port)
        }
        let gone = try await errorOf { try await channel.call("x") }
        #expect(gone.code == .unavailable)

        async let patient = channel.call("patient", options: CallOptions(waitsForReady: true))
        let again = RPCServer(
            services: [TestService.echo], listen: .tcp("127.0.0.1", port), configuration: .test())
        let running = Task { try await again.run() }
        _ = try await again.addresses
        #expect(try await patient.text == "patient")
        let response = try await channel.call("again")
        #expect(response.text == "again")
        await channel.shutdown()
        await again.shutdown()
        try await running.value
    }

    @Test func waitingForReadinessEndsWithTheDeadline() async throws {
        let refusing = try RefusingPort()
        let channel = try ClientChannel("tcp://127.0.0.1:\(refusing.port)")
        let error = try await errorOf {
            try await channel.call("x", options: CallOptions(timeout: .milliseconds(50), waitsForReady: true))
        }
        #expect(error.code == .deadlineExceeded)
        await channel.shutdown()
        withExtendedLifetime(refusing) {}
    }

    @Test func waitingForReadinessEndsWithCancellation() async throws {
        let refusing = try RefusingPort()
        let channel = try ClientChannel("tcp://127.0.0.1:\(refusing.port)")
        let caller = Task { try await channel.call("x", options: CallOptions(waitsForReady: true)) }
        try await Task.sleep(for: .milliseconds(20))
        caller.cancel()
        let error = try await errorOf { try await caller.value }
        #expect(error.code == .cancelled)
        await channel.shutdown()
        withExtendedLifetime(refusing) {}
    }

    @Test func aServerThatHangsUpIsNoMartletServer() async throws {
        let listener = try await MartletTesting.ScriptedServer.listen()
        let channel = try ClientChannel("tcp://127.0.0.1:\(listener.port)")
        async let failure = errorOf { try await channel.call("x") }
        try await listener.accept().close()
        #expect(try await failure.code == .unavailable)
        let next = try await errorOf { try await channel.call("x") }
        #expect(next.message.contains("is it a Martlet server?"), "got: \(next.message)")
        await channel.shutdown()
        try await listener.close()
    }
}
