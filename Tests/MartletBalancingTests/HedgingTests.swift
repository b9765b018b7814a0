import Martlet
import MartletTesting
import Synchronization
import Testing

@Suite struct HedgingTests {
    /// A server that answers with its name after a while, or fails.
    private static func server(
        _ name: String, _ network: TestNetwork, after delay: Duration, _ code: StatusCode = .ok,
        trailers: Metadata = [:],
        noting notes: Notes
    ) async throws {
        let clock = network.clock
        try await network.server(
            name,
            services: [
                Named { _, context in
                    notes.add("\(name)\(context.metadata["grpc-previous-rpc-attempts"] ?? "")")
                    do { try await clock.sleep(for: delay) } catch {
                        notes.add("\(name) cancelled")
                        throw error
                    }
                    if code != .ok { throw RPCError(code, name, metadata: trailers) }
                    return Text(name)
                }
            ])
    }

    private final class Notes: Sendable {
        private let notes = Mutex<[String]>([])
        func add(_ note: String) { notes.withLock { $0.append(note) } }
        var all: [String] { notes.withLock { $0 } }
    }

    private func configuration(_ policy: HedgingPolicy) -> ChannelConfiguration {
        var configuration = ChannelConfiguration.balancing(.pickFirst())
        var method = MethodConfig()
        method.repetition = .hedge(policy)
        configuration.serviceConfig = ServiceConfig()
        configuration.serviceConfig?.methods[.everything] = method
        return configuration
    }

    @Test func theFirstAnswerCountsAndTheOthersAreCancelled() async throws {
        try await withTestNetwork { network in
            let notes = Notes()
            try await Self.server("slow", network, after: .seconds(10), noting: notes)
            try await Self.server("fast", network, after: .milliseconds(10), noting: notes)
            var configuration = configuration(HedgingPolicy(maxAttempts: 3, delay: .seconds(1)))
            configuration.loadBalancing.policy = .roundRobin
            let channel = try network.channel(to: ["slow", "fast"], configuration: configuration)
            _ = try await channel.get("warm-up")
            await network.advance(by: .seconds(60))
            let before = notes.all
            // The second attempt takes a turn too, so that the next call begins with the same endpoint.
            let start = network.clock.now
            #expect(try await channel.get("x").text == "fast")
            #expect(try await channel.get("x").text == "fast")
            #expect(start.duration(to: network.clock.now) == .milliseconds(2020))
            await network.advance(by: .seconds(1))
            #expect(notes.all.dropFirst(before.count).counts == ["slow": 2, "fast1": 2, "slow cancelled": 2])
        }
    }

    @Test(
        arguments: [
            (StatusCode.unavailable, [:], ["a", "a1", "a2"], 30),
            (.unavailable, ["grpc-retry-pushback-ms": "500"], ["a", "a1", "a2"], 1030),
            (.unavailable, ["grpc-retry-pushback-ms": "-1"], ["a"], 10),
            (.notFound, [:], ["a"], 10),
        ] as [(StatusCode, Metadata, [String], Int)])
    func afterAFailureTheNextAttemptComesAtOnce(
        code: StatusCode, trailers: Metadata, seen: [String], milliseconds: Int
    ) async throws {
        try await withTestNetwork { network in
            let notes = Notes()
            try await Self.server("a", network, after: .milliseconds(10), code, trailers: trailers, noting: notes)
            let channel = network.channel(
                to: "a", configuration: configuration(HedgingPolicy(maxAttempts: 3, delay: .seconds(60))))
            let start = network.clock.now
            let error = await #expect(throws: RPCError.self) { _ = try await channel.get("x") }
            #expect(error?.code == code && error?.attempts == seen.count)
            #expect(start.duration(to: network.clock.now) == .milliseconds(milliseconds))
            #expect(notes.all == seen)
        }
    }

    @Test func withoutADelayAllAttemptsAreMadeAtOnce() async throws {
        try await withTestNetwork { network in
            let notes = Notes()
            try await Self.server("a", network, after: .seconds(1), noting: notes)
            let channel = network.channel(
                to: "a", configuration: configuration(HedgingPolicy(maxAttempts: 3, delay: .zero)))
            #expect(try await channel.get("x").text == "a")
            await network.advance(by: .seconds(1))
            #expect(notes.all.prefix(3).sorted() == ["a", "a1", "a2"])
        }
    }

    /// The deadline is the call's, however late an attempt begins.
    @Test func aLateAttemptHasNoTimeOfItsOwn() async throws {
        try await withTestNetwork { network in
            let notes = Notes()
            let clock = network.clock
            try await network.server(
                "a",
                services: [
                    Named { _, context in
                        notes.add("\(Int((context.timeRemaining! / .seconds(1)).rounded()))")
                        try await clock.sleep(for: .seconds(4))
                        throw RPCError(.unavailable, "a")
                    }
                ])
            let channel = network.channel(
                to: "a", configuration: configuration(HedgingPolicy(maxAttempts: 2, delay: .seconds(60))))
            let start = clock.now
            let error = await #expect(throws: RPCError.self) {
                _ = try await channel.get("x", options: .timeout(.seconds(6)))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(start.duration(to: clock.now) == .seconds(6))
            #expect(notes.all == ["6", "2"])
        }
    }

    @Test func deadlinesAndCancellationEndAllAttempts() async throws {
        try await withTestNetwork { network in
            let notes = Notes()
            try await Self.server("a", network, after: .seconds(100), noting: notes)
            let channel = network.channel(
                to: "a", configuration: configuration(HedgingPolicy(maxAttempts: 2, delay: .seconds(1))))
            let start = network.clock.now
            let late = await #expect(throws: RPCError.self) {
                _ = try await channel.get("x", options: .timeout(.seconds(5)))
            }
            #expect(late?.code == .deadlineExceeded)
            #expect(start.duration(to: network.clock.now) == .seconds(5))
            #expect(
                await network.codeWhenCancelled(after: .seconds(3)) { _ = try await channel.get("x") } == .cancelled)
            #expect(await network.codeWhenCancelled(after: .zero) { _ = try await channel.get("x") } == .cancelled)
            await network.advance(by: .seconds(1))
            #expect(notes.all.counts["a cancelled"]! >= 4)
            #expect(notes.all.counts["a cancelled"] == notes.all.count { !$0.hasSuffix("cancelled") })
        }
    }
}
