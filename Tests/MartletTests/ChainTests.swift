import Martlet
import Testing

/// Three services, each of which calls the next over sockets: what ends a call at one end ends it at all of them.
@Suite struct ChainTests {
    private func withChain(
        _ last: TestService,
        _ body: (_ services: [TestService], _ lastServer: RPCServer, _ channel: ClientChannel) async throws -> Void
    ) async throws {
        try await withServerAndChannel(last) { lastServer, toLast in
            let middle = Self.passing(to: toLast)
            try await withServerAndChannel(middle) { _, toMiddle in
                let first = Self.passing(to: toMiddle)
                try await withServerAndChannel(first) { _, channel in
                    // So that everything is connected.
                    _ = try await channel.call("first")
                    try await body([first, middle, last], lastServer, channel)
                }
            }
        }
    }

    /// Answers by calling on.
    private static func passing(to next: ClientChannel) -> TestService {
        TestService(
            { request, _ in try await next.call(request) },
            list: { request, responses, _ in
                for try await message in next.serverStreaming(TestMethods.list, request, .default) {
                    try await responses.write(message)
                }
            })
    }

    private static var sleeping: TestService {
        TestService(
            { request, _ in
                if request == "first" { return request }
                try await Task.sleep(for: .seconds(60))
                return "late"
            },
            list: { _, responses, _ in
                try await responses.write("first")
                try await Task.sleep(for: .seconds(60))
            })
    }

    /// How the handlers of the three services end.
    private func expectNoted(_ notes: [String], _ services: [TestService]) async throws {
        try await eventually { services.allSatisfy { !$0.noted.isEmpty } }
        #expect(services.map(\.noted) == notes.map { [$0] })
    }

    @Test func aCancellationReachesTheLastService() async throws {
        try await withChain(Self.sleeping) { services, last, channel in
            let caller = Task { try await channel.call("x") }
            try await eventually { last.statistics.calls == 1 }
            caller.cancel()
            let error = try await errorOf { try await caller.value }
            #expect(error.code == .cancelled)
            try await expectNoted(["CANCELLED", "CANCELLED", "cancelled"], services)
        }
    }

    @Test func aDeadlineReachesTheLastService() async throws {
        try await withChain(Self.sleeping) { services, _, channel in
            let error = try await errorOf { try await channel.call("x", options: .timeout(.seconds(2))) }
            #expect(error.code == .deadlineExceeded)
            try await expectNoted(["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "cancelled"], services)
        }
    }

    @Test func leavingAStreamReachesTheLastService() async throws {
        try await withChain(Self.sleeping) { services, _, channel in
            for try await message in channel.serverStreaming(TestMethods.list, "", .default) {
                #expect(message == "first")
                break
            }
            try await expectNoted(["CANCELLED", "CANCELLED", "cancelled"], services)
        }
    }

    @Test func aDeadlineReachesTheLastStream() async throws {
        try await withChain(Self.sleeping) { services, _, channel in
            let error = try await errorOf {
                for try await _ in channel.serverStreaming(TestMethods.list, "", .timeout(.seconds(2))) {}
                return "the end"
            }
            #expect(error.code == .deadlineExceeded)
            try await expectNoted(["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "cancelled"], services)
        }
    }
}
