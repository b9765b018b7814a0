import Martlet
import MartletTesting
import Synchronization
import Testing

/// A server that fails calls as the test has it, and notes what it sees.
private final class Flaky: Sendable {
    private let state: Mutex<(outcomes: [StatusCode], seen: [String])>
    private let trailers: Metadata

    init(_ outcomes: [StatusCode], trailers: Metadata = [:]) {
        state = Mutex((outcomes, []))
        self.trailers = trailers
    }

    /// The attempts' numbers, as their metadata has them.
    var seen: [String] { state.withLock { $0.seen } }

    var service: Named {
        Named { [self] request, context in
            let outcome = state.withLock { state in
                state.seen.append(context.metadata["grpc-previous-rpc-attempts"] ?? "-")
                return state.outcomes.isEmpty ? .ok : state.outcomes.removeFirst()
            }
            if outcome != .ok { throw RPCError(outcome, "flaky", metadata: trailers) }
            return request
        }
    }
}

extension ChannelConfiguration {
    fileprivate static func repeating(
        _ repetition: MethodConfig.Repetition?, throttling: RetryThrottling? = nil,
        _ change: (inout MethodConfig) -> Void = { _ in }
    ) -> ChannelConfiguration {
        var configuration = balancing()
        var method = MethodConfig()
        method.repetition = repetition
        change(&method)
        configuration.serviceConfig = ServiceConfig()
        configuration.serviceConfig?.methods[.everything] = method
        configuration.serviceConfig?.retryThrottling = throttling
        return configuration
    }
}

@Suite struct RetryTests {
    private static let policy = RetryPolicy(
        maxAttempts: 4, initialBackoff: .seconds(1), maxBackoff: .seconds(3), backoffMultiplier: 2)

    /// Makes one call against a flaky server, and tells how long it took.
    private func call(
        _ flaky: Flaky, _ configuration: ChannelConfiguration, options: CallOptions = .default, streams: Bool = false,
        single: Bool = true
    ) async throws -> (result: Result<String, RPCError>, seconds: Double) {
        try await withTestNetwork { network in
            try await network.server("flaky", services: [flaky.service])
            let channel =
                single
                ? network.channel(to: "flaky", configuration: configuration)
                : try network.channel(to: ["flaky"], configuration: configuration)
            let start = network.clock.now
            let result: Result<String, RPCError>
            do {
                if streams {
                    var texts: [String] = []
                    for try await text in channel.serverStreaming(TestMethods.list, "x", options) {
                        texts.append(text.text)
                    }
                    result = .success(texts.joined())
                } else {
                    result = .success(try await channel.get("x", options: options).text)
                }
            } catch {
                result = .failure(try #require(error as? RPCError))
            }
            return (result, start.duration(to: network.clock.now) / .seconds(1))
        }
    }

    @Test(arguments: [false, true], [false, true])
    func aFailedCallIsMadeAgainAfterAWait(streams: Bool, single: Bool) async throws {
        let flaky = Flaky([.unavailable, .unavailable, .unavailable])
        let (result, seconds) = try await call(flaky, .repeating(.retry(Self.policy)), streams: streams, single: single)
        #expect(try result.get() == "x")
        #expect(flaky.seen == ["-", "1", "2", "3"])
        // 1 s, 2 s and 3 s, each a fifth more or less.
        #expect(seconds > 4.8 && seconds < 7.2)
    }

    @Test(
        arguments: [
            ([.unavailable, .unavailable, .unavailable, .unavailable], 4, .unavailable, "attempts are used up"),
            ([.internalError], 1, .internalError, "the code isn't retryable"),
            ([.unavailable, .notFound], 2, .notFound, "nor is the second's"),
        ] as [([StatusCode], Int, StatusCode, String)], [false, true])
    func theLastOutcomeCounts(
        failure: (outcomes: [StatusCode], attempts: Int, code: StatusCode, why: String), streams: Bool
    ) async throws {
        let flaky = Flaky(failure.outcomes)
        let (result, _) = try await call(flaky, .repeating(.retry(Self.policy)), streams: streams)
        let error = try #require(throws: RPCError.self) { try result.get() }
        #expect(error.code == failure.code && error.attempts == failure.attempts, "\(failure.why)")
        #expect(flaky.seen.count == failure.attempts)
        #expect("\(error)".hasSuffix("(attempt \(failure.attempts))") == (failure.attempts > 1))
    }

    @Test func noMoreThanFiveAttemptsAreMade() async throws {
        var policy = Self.policy
        policy.maxAttempts = 100
        let flaky = Flaky(Array(repeating: .unavailable, count: 100))
        let (result, _) = try await call(flaky, .repeating(.retry(policy)))
        #expect(throws: RPCError.self) { try result.get() }
        #expect(flaky.seen.count == 5)
    }

    @Test(arguments: [("2500", 2, 2.5), ("0", 2, 0), ("-1", 1, 0), ("soon", 1, 0)])
    func theServerMayPushBack(value: String, attempts: Int, seconds: Double) async throws {
        let flaky = Flaky([.unavailable], trailers: ["grpc-retry-pushback-ms": value])
        let (result, took) = try await call(flaky, .repeating(.retry(Self.policy)))
        #expect(flaky.seen.count == attempts)
        #expect(abs(took - seconds) < 0.01)
        if attempts > 1 {
            #expect(try result.get() == "x")
        } else {
            #expect(throws: RPCError.self) { try result.get() }
        }
    }

    @Test func noAttemptIsPlannedBehindTheDeadline() async throws {
        let flaky = Flaky(Array(repeating: .unavailable, count: 100))
        let (result, seconds) = try await call(
            flaky, .repeating(.retry(Self.policy)), options: .timeout(.seconds(2)))
        let error = try #require(throws: RPCError.self) { try result.get() }
        // The reason is of more use than a timeout would be.
        #expect(error.code == .unavailable && error.attempts == 2)
        #expect(seconds < 2)
    }

    @Test func aCallIsCancelledWhileItWaits() async throws {
        try await withTestNetwork { network in
            let flaky = Flaky(Array(repeating: .unavailable, count: 100))
            try await network.server("flaky", services: [flaky.service])
            let channel = network.channel(to: "flaky", configuration: .repeating(.retry(Self.policy)))
            let code = await network.codeWhenCancelled(after: .milliseconds(500)) { _ = try await channel.get("x") }
            #expect(code == .cancelled)
            await network.advance(by: .seconds(60))
            #expect(flaky.seen.count == 1)
        }
    }

    @Test func tokensStopRetriesWhenTooMuchFails() async throws {
        try await withTestNetwork { network in
            let flaky = Flaky(Array(repeating: .unavailable, count: 1000))
            try await network.server("flaky", services: [flaky.service])
            let channel = network.channel(
                to: "flaky",
                configuration: .repeating(
                    .retry(Self.policy), throttling: RetryThrottling(maxTokens: 10, tokenRatio: 0.1)))
            for _ in 0..<10 { _ = try? await channel.get("x") }
            // Four tokens are taken by the first call, one by the last attempt that was made again; then each call takes one.
            #expect(flaky.seen.count == 4 + 1 + 8)
        }
    }

    @Test func anotherAttemptGoesToAnotherEndpoint() async throws {
        try await withTestNetwork { network in
            let broken = Flaky(Array(repeating: .unavailable, count: 1000))
            try await network.server("broken", services: [broken.service])
            try await network.named(["a", "b"])
            for policy in [LoadBalancing.Policy.roundRobin, .leastRequest(), .ringHash(key: "k")] {
                var configuration = ChannelConfiguration.repeating(.retry(RetryPolicy(maxAttempts: 2)))
                configuration.loadBalancing.policy = policy
                let channel = try network.channel(to: ["broken", "a", "b"], configuration: configuration)
                _ = try? await channel.get("warm-up")
                await network.advance(by: .seconds(1))
                for number in 0..<60 {
                    let options = CallOptions(metadata: ["k": "\(number)"])
                    let answer = try? await channel.get("x", options: options).text
                    // A key belongs to one endpoint only, whatever becomes of it there.
                    if case .ringHash = policy { continue }
                    #expect(answer == "a" || answer == "b")
                }
            }
            #expect(broken.seen.count > 60)
        }
    }

    @Test func aStreamThatHasAnsweredIsNotMadeAgain() async throws {
        try await withTestNetwork { network in
            let calls = Mutex(0)
            struct Half: RPCService {
                let called: @Sendable () -> Void
                func register(in router: inout Router) {
                    router.register(
                        TestMethods.service,
                        [
                            .serverStreaming(TestMethods.list) { request, responses, _ in
                                called()
                                try await responses.write("one")
                                throw RPCError(.unavailable, "half way")
                            }
                        ])
                }
            }
            try await network.server("half", services: [Half { calls.withLock { $0 += 1 } }])
            let channel = network.channel(to: "half", configuration: .repeating(.retry(Self.policy)))
            var texts: [String] = []
            let error = await #expect(throws: RPCError.self) {
                for try await text in channel.serverStreaming(TestMethods.list, "x", .default) {
                    texts.append(text.text)
                }
            }
            #expect(error?.code == .unavailable && texts == ["one"] && calls.withLock { $0 } == 1)
        }
    }

    @Test(arguments: [false, true]) func theRecordTellsOfTheServerAndTheAttempts(streams: Bool) async throws {
        let record = CallRecord()
        var options = CallOptions.default
        options.record = record
        let flaky = Flaky([.unavailable, .unavailable])
        _ = try await call(flaky, .repeating(.retry(Self.policy)), options: options, streams: streams, single: false)
        #expect(record.server == "tcp://flaky:1" && record.attempts == 3)
    }

    // MARK: - What else a service config says

    @Test func theMethodsTimeoutCounts() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            try await network.server(
                "slow",
                services: [
                    Named { request, _ in
                        try await clock.sleep(for: .seconds(60))
                        return request
                    }
                ])
            let channel = network.channel(
                to: "slow", configuration: .repeating(nil) { $0.timeout = .seconds(2) })
            for (timeout, seconds) in [(nil, 2.0), (Duration.seconds(1), 1), (.seconds(10), 2)] {
                let start = network.clock.now
                let error = await #expect(throws: RPCError.self) {
                    _ = try await channel.get("x", options: CallOptions(timeout: timeout))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(start.duration(to: network.clock.now) == .seconds(seconds))
            }
        }
    }

    @Test func theMethodsSizesCount() async throws {
        try await withTestNetwork { network in
            try await network.server(
                "echo", services: [Named { request, _ in Text(request.text + request.text) }])
            let channel = network.channel(
                to: "echo",
                configuration: .repeating(nil) {
                    $0.maxRequestBytes = 10
                    $0.maxResponseBytes = 12
                })
            #expect(try await channel.get("123456").text == "123456123456")
            for (request, what) in [
                ("1234567", "the message has 14 bytes, and the limit is 12"),
                ("12345678901", "a request of test.Service/Get has 11 bytes, and its service config allows 10"),
            ] {
                let error = await #expect(throws: RPCError.self) { _ = try await channel.get("\(request)") }
                #expect(error?.code == .resourceExhausted && error?.message == what)
            }
            let call = channel.start(TestMethods.chat, nil, .default)
            try await call.requests.write("1234567890")
            let error = await #expect(throws: RPCError.self) { try await call.requests.write("12345678901") }
            #expect(error?.code == .resourceExhausted)
            call.cancel()
        }
    }

    @Test func theMethodsPatienceCounts() async throws {
        try await withTestNetwork { network in
            let channel = network.channel(to: "late", configuration: .repeating(nil) { $0.waitsForReady = true })
            async let answer = channel.get("x")
            await network.advance(by: .seconds(10))
            try await network.named(["late"])
            #expect(try await answer.text == "late")
        }
    }

    @Test func theResolversConfigIsUsed() async throws {
        try await withTestNetwork { network in
            struct Configured: Resolver {
                let scheme = "configured"
                func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
                    updates.send(
                        Resolution(
                            endpoints: ["a", "b"].map { TestNetwork.endpoint($0) },
                            serviceConfig: """
                                {"loadBalancingConfig": [{"pick_first": {}}], "methodConfig": [{"name": [{}], "retryPolicy":
                                {"maxAttempts": 2, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
                                "retryableStatusCodes": ["ABORTED"]}}]}
                                """))
                }
            }
            let flaky = Flaky([.ok, .aborted])
            try await network.server("a", services: [flaky.service])
            try await network.named(["b"])
            let channel = try network.channel(to: "configured:///x", by: Configured())
            #expect(try await channel.answers(6).count == 6)
            #expect(flaky.seen == ["-", "-", "1", "-", "-", "-", "-"])
        }
    }
}
