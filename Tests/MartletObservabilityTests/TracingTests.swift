import InMemoryTracing
import Martlet
import MartletTesting
import Testing
import Tracing

@testable import MartletObservability

/// Spans at both ends of calls, and traces that go on from service to service.
@Suite(.timeLimit(.minutes(1))) struct TracingTests {
    private let tracer = InMemoryTracer()

    private var observability: Observability {
        var observability = Observability()
        observability.logLevel = nil
        observability.instrument = tracer
        return observability
    }

    private func span(_ kind: SpanKind, _ name: String = "test.Service/Get") throws -> FinishedInMemorySpan {
        try #require(tracer.finishedSpans.first { $0.kind == kind && $0.operationName == name })
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aCallHasASpanAtItsClientAndOneBelowItAtItsServer(wire: ChannelConfiguration.Wire) async throws {
        try await withObserved(by: observability, wire: wire) { channel in
            _ = try await channel.get("x")
        }
        #expect(tracer.finishedSpans.count == 2 && tracer.activeSpans.isEmpty)
        let client = try span(.client)
        #expect(client.parentSpanID == nil)
        #expect(client.attributes.get("rpc.system.name") == "grpc")
        #expect(client.attributes.get("rpc.method") == "test.Service/Get")
        #expect(client.attributes.get("rpc.status_code") == "OK")
        #expect(client.attributes.get("error.type") == nil)
        #expect(client.status == nil && client.errors.isEmpty)

        let server = try span(.server)
        #expect(server.traceID == client.traceID && server.parentSpanID == client.spanID)
        #expect(server.attributes.get("rpc.system.name") == "grpc")
        #expect(server.attributes.get("rpc.method") == "test.Service/Get")
        #expect(server.attributes.get("rpc.status_code") == "OK")
        #expect(server.attributes.get("network.peer.address") == "127.0.0.1")
        #expect(server.attributes.get("network.peer.port") != nil)
        #expect(server.attributes.get("rpc.previous_attempts") == nil)
        #expect(server.status == nil)
    }

    @Test func anAttemptTellsHowManyCameBefore() async throws {
        try await withObserved(by: observability) { channel in
            _ = try await channel.get("x", options: CallOptions(metadata: ["grpc-previous-rpc-attempts": "1"]))
        }
        #expect(try span(.server).attributes.get("rpc.previous_attempts") == 1)
    }

    /// A, B and C: each handler calls on, and what the last one does belongs to the trace too.
    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aTraceGoesOnThroughServices(wire: ChannelConfiguration.Wire) async throws {
        let observability = observability
        let tracer = tracer
        let last = TestService { request, _ in
            await tracer.withSpan("query") { _ in
                await Task.yield()
                return Text(ServiceContext.current?.inMemorySpanContext?.traceID ?? "none")
            }
        }
        try await withObserved(last, by: observability, wire: wire) { toC in
            let middle = TestService { request, _ in try await toC.get(request) }
            try await withObserved(middle, by: observability, wire: wire) { toB in
                let first = TestService { request, _ in
                    async let one = toB.get(request)
                    async let other = toB.get(request)
                    let answers = [try await one, try await other]
                    #expect(answers[0] == answers[1] && !answers[0].bytes.isEmpty)
                    return answers[0]
                }
                try await withObserved(first, by: observability, wire: wire) { toA in
                    try await tracer.withSpan("sign up") { _ in
                        let traceID = ServiceContext.current?.inMemorySpanContext?.traceID
                        let answer = try await toA.get("x")
                        #expect(answer.text == traceID)
                    }
                }
            }
        }
        let spans = tracer.finishedSpans
        // One root, A's call, B's two calls with C's one each: a span at both ends, and a query below each of C's.
        #expect(spans.count == 13)
        #expect(Set(spans.map(\.traceID)).count == 1)
        let byID = Dictionary(uniqueKeysWithValues: spans.map { ($0.spanID, $0) })
        func path(_ span: FinishedInMemorySpan) -> [String] {
            guard let parent = span.parentSpanID else { return ["\(span.kind)"] }
            return (byID[parent].map(path) ?? ["lost"]) + ["\(span.kind)"]
        }
        let queries = spans.filter { $0.operationName == "query" }
        let whole = ["internal", "client", "server", "client", "server", "client", "server", "internal"]
        #expect(queries.map(path) == [whole, whole])
    }

    @Test func streamsHaveSpansThatLastUntilTheirEnd() async throws {
        try await withObserved(by: observability) { channel in
            try await channel.bidirectional(TestMethods.chat, .default) { requests, responses in
                var iterator = responses.makeAsyncIterator()
                try await requests.write("x")
                _ = try await iterator.next()
                #expect(tracer.activeSpans.count == 2 && tracer.finishedSpans.isEmpty)
                requests.finish()
                #expect(try await iterator.next() == nil)
            }
            try await channel.callAll()
        }
        #expect(tracer.activeSpans.isEmpty)
        let clients = tracer.finishedSpans.filter { $0.kind == .client }
        let servers = tracer.finishedSpans.filter { $0.kind == .server }
        let names = ["Chat", "Get", "List", "Collect", "Chat"].map { "test.Service/\($0)" }
        #expect(clients.map(\.operationName) == names && servers.map(\.operationName) == names)
        #expect(zip(clients, servers).allSatisfy { $1.parentSpanID == $0.spanID })
    }

    struct Failure: Sendable {
        let error: any Error & Sendable
        let code: String
        /// What the status of the span says; nil if the server doesn't take it for an error.
        let atServer: String?
        let atClient: String
    }

    @Test(arguments: [
        Failure(error: RPCError(.notFound, "no user"), code: "NOT_FOUND", atServer: nil, atClient: "no user"),
        Failure(error: RPCError(.dataLoss, "torn"), code: "DATA_LOSS", atServer: "torn", atClient: "torn"),
        Failure(
            error: DiskFull(), code: "UNKNOWN", atServer: "no space left on /var",
            atClient: "the handler of test.Service/Get failed"),
    ])
    func failuresMarkTheirSpans(failure: Failure) async throws {
        try await withObserved(TestService { _, _ in throw failure.error }, by: observability) { channel in
            #expect(await channel.code().name == failure.code)
        }
        let server = try span(.server)
        #expect(server.attributes.get("rpc.status_code") == .string(failure.code))
        #expect(server.attributes.get("error.type") == failure.atServer.map { _ in .string(failure.code) })
        #expect(server.status == failure.atServer.map { SpanStatus(code: .error, message: $0) })
        #expect(server.errors.map { "\($0.error)" } == (failure.error is DiskFull ? ["no space left on /var"] : []))
        let client = try span(.client)
        #expect(client.attributes.get("error.type") == .string(failure.code))
        #expect(client.status == SpanStatus(code: .error, message: failure.atClient))
    }

    @Test func aMethodThatTheServerDoesNotHaveGivesNoSpanItsName() async throws {
        try await withServer([TestService()], server: .observed(by: observability)) { channel in
            #expect(await channel.code(of: TestMethods.missing("Invented")) == .unimplemented)
        }
        let server = try span(.server, "grpc")
        #expect(server.attributes.get("rpc.method") == "_OTHER")
        #expect(server.attributes.get("rpc.method_original") == "test.Service/Invented")
        #expect(server.status?.code == .error)
    }

    /// The table of methods has an end; names of spans don't.
    @Test func methodsBeyondTheTablesLimitHaveTheirNamesToo() async throws {
        let limit = Convention.maxMethods
        try await withServer([TestService()], channel: .observed(by: observability)) { channel in
            for number in 0...limit { _ = await channel.code(of: TestMethods.missing("M\(number)")) }
        }
        let last = try span(.client, "test.Service/M\(limit)")
        #expect(last.attributes.get("rpc.method") == "test.Service/M\(limit)")
        #expect(Set(tracer.finishedSpans.map(\.operationName)).count == limit + 1)
    }

    /// The first instrument of several that is a tracer makes the spans, and all carry what is theirs.
    @Test func withoutATracerMetadataIsPassedOnAllTheSame() async throws {
        struct Tenant: Instrument {
            func extract<Carrier, Extract: Extractor>(
                _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
            ) where Extract.Carrier == Carrier {
                context.tenant = extractor.extract(key: "tenant", from: carrier)
            }

            func inject<Carrier, Inject: Injector>(
                _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
            ) where Inject.Carrier == Carrier {
                if let tenant = context.tenant { injector.inject(tenant, forKey: "tenant", into: &carrier) }
            }
        }
        var observability = observability
        observability.instrument = Tenant()
        let last = TestService { _, context in Text(context.metadata["tenant"] ?? "none") }
        try await withObserved(last, by: observability) { toB in
            let first = TestService { request, _ in try await toB.get(request) }
            try await withObserved(first, by: observability) { toA in
                var context = ServiceContext.topLevel
                context.tenant = "blue"
                let answer = try await ServiceContext.withValue(context) { try await toA.get("x") }
                #expect(answer == "blue")
                let other = try await toA.get("x")
                #expect(other == "none")
            }
        }
    }
}

extension ServiceContext {
    private enum TenantKey: ServiceContextKey {
        typealias Value = String
    }

    fileprivate var tenant: String? {
        get { self[TenantKey.self] }
        set { self[TenantKey.self] = newValue }
    }
}
