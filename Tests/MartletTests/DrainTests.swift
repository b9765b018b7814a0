import Martlet
import MartletTesting
import Synchronization
import Testing

/// What services are told of their server's beginning and end, and how long it goes on in between; on virtual time.
@Suite struct DrainTests {
    /// Echoes, and notes what it is told.
    private final class Witness: RPCService {
        private let events = Mutex<[String]>([])

        var noted: [String] { events.withLock { $0 } }
        private func note(_ event: String) { events.withLock { $0.append(event) } }

        func register(in router: inout Router) { TestService.echo.register(in: &router) }
        func serverStarts(_ services: [ServiceDescriptor]) {
            note("starts: \(services.map(\.name).joined(separator: ", "))")
        }
        func serverWillDrain() { note("will drain") }
        func serverDrains() { note("drains") }
    }

    private struct Other: RPCService {
        func register(in router: inout Router) {
            router.register(ServiceDescriptor("test.Other", in: FileDescriptor("test.proto", base64: "")), [])
        }
    }

    private struct Nothing: ServerInterceptor {
        nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
            try await next()
        }
    }

    @Test func theServerTakesCallsUntilTheDelayIsOver() async throws {
        try await withTestNetwork { network in
            let witness = Witness()
            let server = try await network.server(
                "a", services: [witness, Other()], configuration: .test { $0.drainDelay = .seconds(10) })
            #expect(witness.noted == ["starts: test.Service, test.Other"])
            let channel = network.channel(to: "a")
            _ = try await channel.call("x")

            async let stopped: Void = server.shutdown()
            await network.advance(by: .seconds(9))
            #expect(witness.noted.suffix(1) == ["will drain"])
            let late = try await network.channel(to: "a").call("new connections are taken, too")
            #expect(late == "new connections are taken, too")

            await network.advance(by: .seconds(1))
            #expect(witness.noted.suffix(2) == ["will drain", "drains"])
            await stopped
            let error = try await errorOf { try await channel.call("x") }
            #expect(error.code == .unavailable)
        }
    }

    /// As the second SIGTERM does.
    @Test func noGraceEndsTheDelay() async throws {
        try await withTestNetwork { network in
            let witness = Witness()
            let server = try await network.server(
                "a", services: [witness], configuration: .test { $0.drainDelay = .seconds(3600) })
            let start = network.clock.now
            async let slow: Void = server.shutdown()
            await network.advance(by: .seconds(1))
            await server.shutdown(grace: .zero)
            await slow
            #expect(start.duration(to: network.clock.now) < .seconds(2))
            #expect(witness.noted == ["starts: test.Service", "will drain", "drains"])
            await network.advance(by: .seconds(7200))
            #expect(witness.noted.count == 3)
        }
    }

    /// The grace begins after the delay.
    @Test func callsUnderWayHaveTheirGraceAfterTheDelay() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            let service = TestService { _, _ in
                try await clock.sleep(for: .seconds(13))
                return "done"
            }
            let server = try await network.server(
                "a", services: [service],
                configuration: .test {
                    $0.drainDelay = .seconds(10)
                    $0.shutdownGrace = .seconds(5)
                })
            let channel = network.channel(to: "a")
            async let response = channel.call("x")
            await network.advance(by: .seconds(1))
            await server.shutdown()
            let text = try await response
            #expect(text == "done")
            #expect(clock.now.offset < .seconds(14))
        }
    }

    @Test func aServerThatCannotListenTakesItsWordBack() async throws {
        let witness = Witness()
        let service = witness.intercepted(by: Nothing()).running(on: .globalPool)
        let server = RPCServer(services: [service], listen: .tcp("127.0.0.1", 99_999), configuration: .test())
        await #expect(throws: RPCError.self) { try await server.run() }
        #expect(witness.noted == ["starts: test.Service", "will drain", "drains"])
    }

    @Test func aServerThatNeverRanTellsNothing() async throws {
        let witness = Witness()
        let server = RPCServer(services: [witness], listen: .tcp("127.0.0.1", 0), configuration: .test())
        await server.shutdown()
        await #expect(throws: RPCError.self) { try await server.run() }
        #expect(witness.noted.isEmpty)
    }
}
