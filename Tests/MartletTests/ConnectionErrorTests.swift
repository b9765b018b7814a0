import Martlet
import MartletTransport
import NIOCore
import NIOPosix
import Testing

@testable import MartletClient

/// Every way in which a connection fails a call: the error says the stage, the cause, the peer and whether a retry is
/// safe, in words and as values.
@Suite struct ConnectionErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let stage: ConnectionFailure.Stage
        let cause: ConnectionFailure.Cause
        var isSafeToRetry = false
        /// What the message says.
        let says: String
        var server: @Sendable () async throws -> ScriptedServer? = { nil }
        var target = "tcp://127.0.0.1:1"
        var configuration: @Sendable (inout ChannelConfiguration) -> Void = { _ in }
        var request = Text("x")
        /// What happens to the channel while the call waits.
        var meanwhile: @Sendable (ClientChannel) async throws -> Void = { _ in }

        var testDescription: String { name }
    }

    private static let hello = ScriptedServer.hello()

    static let cases: [Case] = [
        Case(
            name: "nobody listens", stage: .connecting, cause: .refused, isSafeToRetry: true,
            says: "Connection refused"),
        Case(
            name: "a name without address", stage: .resolving, cause: .unreachable, isSafeToRetry: true,
            says: "the name no-such-host.invalid can't be resolved", target: "tcp://no-such-host.invalid:7000"),
        Case(
            name: "a socket without file", stage: .connecting, cause: .unreachable, isSafeToRetry: true,
            says: "No such file or directory", target: "unix:/tmp/martlet-no-such-socket"),
        Case(
            name: "no Hello", stage: .greeting, cause: .handshakeTimeout, says: "no Hello within 0.05 seconds",
            server: { try await ScriptedServer() }, configuration: { $0.handshakeTimeout = .milliseconds(50) }),
        Case(
            name: "hanging up", stage: .greeting, cause: .closed, says: "it closed the connection",
            server: { try await ScriptedServer(then: .close) }),
        Case(
            name: "another protocol", stage: .greeting, cause: .protocolViolation, says: "an HTTP/1.1 response",
            server: { try await ScriptedServer(says: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) }),
        Case(
            name: "the end in mid-call", stage: .awaitingResponse, cause: .closed,
            says: "before it answered test.Service/Call",
            server: { try await ScriptedServer(says: hello, then: .close) }),
        Case(
            name: "a reset in mid-call", stage: .awaitingResponse, cause: .reset, says: "Connection reset by peer",
            server: { try await ScriptedServer(says: hello, then: .reset) }),
        Case(
            name: "nonsense in mid-call", stage: .awaitingResponse, cause: .protocolViolation,
            says: "a second Hello", server: { try await ScriptedServer(says: hello, then: .say(hello)) }),
        Case(
            name: "going away with an error", stage: .sending, cause: .goAway, isSafeToRetry: true,
            says: "out of paper",
            server: {
                try await ScriptedServer(
                    says: hello, then: .sayAndClose(ScriptedServer.goAway(.internalError, "out of paper")))
            }),
        Case(
            name: "going away twice", stage: .sending, cause: .goAway, isSafeToRetry: true, says: "closing time",
            server: {
                try await ScriptedServer(says: hello, then: .say(ScriptedServer.goAway(.ok, "closing time")))
            }),
        Case(
            name: "silence", stage: .awaitingResponse, cause: .keepaliveTimeout, says: "no ping within 0.05 seconds",
            server: { try await ScriptedServer(says: hello) },
            configuration: { $0.keepalive = .init(interval: .milliseconds(50), timeout: .milliseconds(50)) }),
        Case(
            name: "shutting down in mid-call", stage: .awaitingResponse, cause: .shutDown,
            says: "the channel shut down",
            server: { try await ScriptedServer(says: hello) },
            meanwhile: { channel in
                try await eventually { channel.statistics.calls == 1 }
                // For the Hello.
                try await Task.sleep(for: .milliseconds(500))
                await channel.shutdown(grace: .milliseconds(50))
            }),
    ]

    @Test(arguments: cases)
    func theErrorSaysWhatHappened(to case: Case) async throws {
        let server = try await `case`.server()
        let target = server?.target ?? `case`.target
        let channel = try ClientChannel(target, configuration: .test(`case`.configuration))
        async let result = errorOf { try await channel.call(`case`.request) }
        try await `case`.meanwhile(channel)
        let error = try await result
        #expect(error.code == .unavailable)
        #expect(error.message.contains(`case`.says), "got: \(error.message)")
        #expect(error.message.contains(target))
        #expect(error.isSafeToRetry == `case`.isSafeToRetry, "got: \(error.message)")
        #expect(error.message.contains(error.isSafeToRetry ? "a retry is safe" : "may have run"))
        let failure = try #require(error.connectionFailure)
        #expect(failure.stage == `case`.stage)
        #expect(failure.cause == `case`.cause)
        #expect(failure.peer == target)
        #expect(failure.attempt == 1)
        await channel.shutdown()
        try await server?.close()
        #expect(channel.statistics == ChannelStatistics(state: .shutDown))
    }

    @Test func anAttemptThatTakesTooLongSaysSo() async throws {
        struct Slow: Connector {
            func connect(
                on loop: any EventLoop, timeout: Duration, prepare: @escaping @Sendable (any Channel) throws -> Void
            ) -> EventLoopFuture<Void> {
                loop.makeFailedFuture(ChannelError.connectTimeout(.nanoseconds(timeout.nanoseconds)))
            }
        }
        let channel = ClientChannel(peer: "tcp://slow:1", connector: Slow(), configuration: .init())
        let error = try await errorOf { try await channel.call("x") }
        #expect(error.connectionFailure?.cause == .connectTimeout)
        #expect(error.connectionFailure?.stage == .connecting)
        await channel.shutdown()
    }

    /// What compression there is would be in the Hello.
    @Test func aCompressedCallEndsWithAConnectionWithoutHello() async throws {
        let server = try await ScriptedServer(then: .close)
        let channel = try ClientChannel(server.target)
        let error = try await errorOf {
            try await channel.call(Text(count: 10_000), options: CallOptions(compression: .gzip))
        }
        #expect(error.connectionFailure?.cause == .closed)
        await channel.shutdown()
        try await server.close()
    }

    @Test func attemptsAreCounted() async throws {
        let channel = try ClientChannel(
            "tcp://127.0.0.1:1",
            configuration: .test {
                $0.backoff.initial = .milliseconds(10)
                $0.backoff.maximum = .milliseconds(10)
            })
        var attempts: [Int] = []
        for _ in 0..<3 {
            let error = try await errorOf { try await channel.call("x") }
            attempts.append(try #require(error.connectionFailure?.attempt))
            try await eventually { channel.statistics.state == .idle }
        }
        #expect(attempts == [1, 2, 3])
        await channel.shutdown()
    }

    @Test func aCallOnAChannelThatIsShutDownSaysSo() async throws {
        let channel = try ClientChannel("tcp://127.0.0.1:1")
        await channel.shutdown()
        let error = try await errorOf { try await channel.call("x") }
        #expect(error.connectionFailure?.cause == .shutDown)
        #expect(error.connectionFailure?.stage == .opening)
        #expect(error.isSafeToRetry)
    }
}
