internal import Martlet

extension InteropCase {
    static let loads: [InteropCase] = [
        InteropCase("rpc_soak") { client in
            try await client.soak { try await $0.oneCall(over: $0.channel) }
        },
        InteropCase("channel_soak") { client in
            try await client.soak { client in
                let channel = try client.server.channel()
                do {
                    try await client.oneCall(over: channel)
                    await channel.shutdown(grace: .seconds(1))
                } catch {
                    await channel.shutdown(grace: .zero)
                    throw error
                }
            }
        },
        InteropCase("concurrent_large_unary") { client in
            try await withThrowingTaskGroup { group in
                for _ in 0..<1000 { group.addTask { try await client.largeUnary() } }
                try await group.waitForAll()
            }
        },
    ]
}

/// How long the soak cases go on, and what they forgive. The defaults are those of the official clients.
package struct SoakOptions: Sendable {
    /// How many calls, one after another.
    package var iterations = 10
    /// How many of them may fail or be too slow.
    package var maxFailures = 0
    /// How long one may take, with `channel_soak` from before its connection.
    package var maxLatency: Duration = .seconds(1)
    /// How long all may take. One that is under way then is still waited for.
    package var timeout: Duration = .seconds(10)
    /// The least time from the start of one call to that of the next.
    package var interval: Duration = .zero
    /// In bytes.
    package var requestSize = largeRequest
    /// In bytes.
    package var responseSize = largeResponse

    package init() {}
}

extension InteropClient {
    fileprivate func oneCall(over channel: ClientChannel) async throws {
        let request = SimpleRequest.sized(request: soak.requestSize, response: soak.responseSize)
        let response = try await TestServiceClient(channel).unaryCall(request)
        try expect(response.payload, zeros: soak.responseSize)
    }

    fileprivate func soak(_ call: (InteropClient) async throws -> Void) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        var failures: [String] = []
        for done in 0..<soak.iterations {
            let begin = clock.now
            guard begin - start < soak.timeout else {
                throw Unexpected("only \(done) of \(soak.iterations) calls were made in \(soak.timeout)")
            }
            do {
                try await call(self)
                let latency = clock.now - begin
                if latency > soak.maxLatency { failures.append("call \(done) took \(latency)") }
            } catch {
                failures.append("call \(done): \(error)")
            }
            guard failures.count <= soak.maxFailures else {
                throw Unexpected(
                    "\(failures.count) of \(done + 1) calls failed; \(soak.maxFailures) may: "
                        + failures.joined(separator: "; "))
            }
            try await clock.sleep(until: begin + soak.interval)
        }
    }
}
