import Martlet
import MartletTesting
import Testing

@Suite struct WithServerTests {
    @Test(arguments: TestTransport.allCases)
    func callsReachTheServer(over transport: TestTransport) async throws {
        let text = try await withServer([TestService()], over: transport) { channel in
            try await channel.get("x").text
        }
        #expect(text == "x")
    }

    @Test func whatTheBodyThrowsComesOut() async throws {
        let error = await #expect(throws: RPCError.self) {
            try await withServer([TestService { _, _ in throw RPCError(.notFound, "nothing") }]) { channel in
                try await channel.get("x").text
            }
        }
        #expect(error?.code == .notFound)
    }

    @Test func aHandlerThatStaysIsReported() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let (entries, entry) = AsyncStream.makeStream(of: Void.self)
        let service = TestService { request, _ in
            entry.finish()
            await Task.detached { for await _ in gate {} }.value
            return request
        }
        let error = await #expect(throws: LeftoverError.self) {
            try await withServer([service], over: .inProcess) { channel in
                let caller = Task { try await channel.get("x") }
                for await _ in entries {}
                caller.cancel()
                _ = try? await caller.value
            }
        }
        #expect(error?.statistics.tasks == 1)
        #expect(error?.description.contains("in-process:test was shut down and still holds") == true)
        opening.finish()
    }
}
