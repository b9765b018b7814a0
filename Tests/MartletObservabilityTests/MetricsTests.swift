import Martlet
import MartletObservability
import MartletTesting
import Testing

/// What is counted and timed, as Prometheus gets to see it.
@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    private let metrics = PrometheusMetrics()

    private var observability: Observability {
        var observability = Observability()
        observability.logLevel = nil
        observability.metrics = metrics
        return observability
    }

    /// The values of all series that begin so, without those of single buckets.
    private func values(_ prefix: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in metrics.text.split(separator: "\n") where line.hasPrefix(prefix) && !line.contains("_bucket{") {
            let space = line.lastIndex(of: " ")!
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return values
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func callsAreCountedAndTimedByMethodAndCode(wire: ChannelConfiguration.Wire) async throws {
        let service = TestService { request, _ in
            if request == "fail" { throw RPCError(.notFound, "no") }
            if request == "break" { throw DiskFull() }
            return request
        }
        try await withObserved(service, by: observability, wire: wire) { channel in
            for _ in 0..<3 { try await channel.callAll() }
            #expect(await channel.code("fail") == .notFound)
            #expect(await channel.code("break") == .unknown)
        }
        for side in ["server", "client"] {
            // A server doesn't count what its client did wrong as an error.
            let notFound = side == "client" ? "error_type=\"NOT_FOUND\"," : ""
            let labels = [
                ("", "Get", "OK", 3), ("", "List", "OK", 3), ("", "Collect", "OK", 3), ("", "Chat", "OK", 3),
                (notFound, "Get", "NOT_FOUND", 1), ("error_type=\"UNKNOWN\",", "Get", "UNKNOWN", 1),
            ].map { error, method, code, count in
                (
                    "{\(error)rpc_method=\"test.Service/\(method)\",rpc_status_code=\"\(code)\",rpc_system_name=\"grpc\"}",
                    Double(count)
                )
            }
            let calls = labels.map { ("rpc_\(side)_calls_total\($0.0)", $0.1) }
            #expect(values("rpc_\(side)_calls_total") == Dictionary(uniqueKeysWithValues: calls))
            let counts = labels.map { ("rpc_\(side)_call_duration_seconds_count\($0.0)", $0.1) }
            #expect(values("rpc_\(side)_call_duration_seconds_count") == Dictionary(uniqueKeysWithValues: counts))
            let sums = values("rpc_\(side)_call_duration_seconds_sum")
            #expect(sums.count == labels.count && sums.values.allSatisfy { $0 > 0 && $0 < 60 })
        }
    }

    @Test func callsUnderWayAreCountedUntilTheyEnd() async throws {
        let active = "_active_calls{rpc_method=\"test.Service/Chat\",rpc_system_name=\"grpc\"}"
        try await withObserved(by: observability) { channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                try await requests.write("x")
                _ = try await iterator.next()
                for side in ["server", "client"] { #expect(values("rpc_\(side)_active")["rpc_\(side)\(active)"] == 1) }
                requests.finish()
                #expect(try await iterator.next() == nil)
            }
        }
        for side in ["server", "client"] { #expect(values("rpc_\(side)_active")["rpc_\(side)\(active)"] == 0) }
    }

    @Test func callsAreTimedByTheClockThatIsGiven() async throws {
        try await withTestNetwork { network in
            let clock = network.clock
            var observability = observability
            observability.clock = clock
            let service = TestService { request, _ in
                try await clock.sleep(for: .milliseconds(2500))
                return request
            }
            _ = try await network.server("slow", services: [service], configuration: .observed(by: observability))
            let channel = network.channel(to: "slow", configuration: .observed(by: observability))
            async let answer = channel.get("x")
            await network.advance(by: .seconds(10))
            _ = try await answer
            for side in ["server", "client"] {
                #expect(Array(values("rpc_\(side)_call_duration_seconds_sum").values) == [2.5])
            }
        }
    }

    /// Their names are the client's own, and may be any number.
    @Test func methodsThatAServerDoesNotHaveAreCountedAsOne() async throws {
        try await withServer([TestService()], server: .observed(by: observability)) { channel in
            for number in 0..<20 {
                #expect(await channel.code(of: TestMethods.missing("Invented\(number)")) == .unimplemented)
            }
        }
        let labels = """
            error_type="UNIMPLEMENTED",rpc_method="_OTHER",rpc_status_code="UNIMPLEMENTED",rpc_system_name="grpc"
            """
        #expect(values("rpc_server_calls_total") == ["rpc_server_calls_total{\(labels)}": 20])
    }

    @Test func clientsCountSoManyMethodsAndTheRestAsOne() async throws {
        try await withServer([TestService()], channel: .observed(by: observability)) { channel in
            for number in 0..<1010 {
                #expect(await channel.code(of: TestMethods.missing("Method\(number)")) == .unimplemented)
            }
        }
        let counted = values("rpc_client_calls_total")
        #expect(counted.count == 1001)
        #expect(counted.first { $0.key.contains("_OTHER") }?.value == 10)
    }

    @Test func manyTasksAtOnceLoseNoCall() async throws {
        try await withObserved(by: observability) { channel in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<50 { _ = try await channel.get("x") } }
                }
                try await group.waitForAll()
            }
        }
        #expect(values("rpc_server_calls_total").values.reduce(0, +) == 400)
        #expect(values("rpc_client_call_duration_seconds_count").values.reduce(0, +) == 400)
        #expect(values("rpc_server_active_calls").values.allSatisfy { $0 == 0 })
    }
}
