import Logging
import Martlet
import MartletTesting
import Testing
import Tracing

@testable import MartletObservability

/// What W3C's Trace Context has to say of `traceparent` and `tracestate`.
@Suite(.timeLimit(.minutes(1))) struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test(arguments: [
        ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false),
        // Other flags mean nothing here.
        ("00-\(trace)-\(span)-02", false), ("00-\(trace)-\(span)-ff", true),
        // Later versions may have more to say.
        ("01-\(trace)-\(span)-01", true), ("fe-\(trace)-\(span)-01-and-more", true), ("cc-\(trace)-\(span)-01-", true),
    ])
    func reads(traceparent: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: traceparent, tracestate: nil))
        #expect(context.traceID == Self.trace && context.spanID == Self.span)
        #expect(context.isSampled == isSampled && context.state == "")
        #expect(context.traceparent == "00-\(Self.trace)-\(Self.span)-0\(isSampled ? 1 : 0)")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-011",
        // Version 00 has nothing more, and no version is ff.
        "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-x", "ff-\(trace)-\(span)-01", "01-\(trace)-\(span)-01x",
        "01-\(trace)-\(span)-01.", "01-\(trace)-\(span)-0",
        // Ids of zeros only.
        "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
        // Lower case, and no other letters.
        "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01", "0A-\(trace)-\(span)-01",
        "00-\(trace)-\(span)-0A", "0g-\(trace)-\(span)-01", "00-\(trace.dropLast())g-\(span)-01",
        "00-\(trace.dropLast(2))é-\(span)-01", "00-\(trace)-\(span.dropLast())x-01", "00-\(trace)-\(span)-0x",
        // Fields elsewhere than they ought to be.
        "00_\(trace)-\(span)-01", "00-\(trace)_\(span)-01", "00-\(trace)-\(span)_01", "0-\(trace)-\(span)-001",
        " 00-\(trace)-\(span)-01", "00-\(trace)-\(span)-01 ", "00-\(trace)-\(span)-01,00-\(trace)-\(span)-01",
    ])
    func refuses(traceparent: String) {
        #expect(TraceContext(traceparent: traceparent, tracestate: nil) == nil)
    }

    @Test func refusesWhatIsLongerThanAnyFieldNeedsToBe() {
        let fits = "01-\(Self.trace)-\(Self.span)-01-" + String(repeating: "x", count: 512 - 56)
        #expect(TraceContext(traceparent: fits, tracestate: nil) != nil)
        #expect(TraceContext(traceparent: fits + "x", tracestate: nil) == nil)
    }

    private static func members(_ count: Int) -> String {
        (0..<count).map { "k\($0)=v" }.joined(separator: ",")
    }

    @Test(arguments: [
        ("", ""), ("a=1", "a=1"), ("a=1,b=2", "a=1,b=2"), ("a=1, b=2\t,\tc=3 ", "a=1,b=2,c=3"),
        (",,a=1, ,b=2,", "a=1,b=2"),
        ("a=1,a=2", "a=1"), ("a_-*/9=x", "a_-*/9=x"), ("0tenant@system=x", "0tenant@system=x"),
        ("a= ~!x", "a= ~!x"), (members(32), members(32)),
        (String(repeating: "k", count: 256) + "=v", String(repeating: "k", count: 256) + "=v"),
        ("k=" + String(repeating: "v", count: 256), "k=" + String(repeating: "v", count: 256)),
        // Too much: long members go first, then the last ones.
        (
            "a=1,b=" + String(repeating: "v", count: 200) + ",c=" + String(repeating: "v", count: 250) + ",d="
                + String(repeating: "v", count: 100),
            "a=1,b=" + String(repeating: "v", count: 200) + ",d=" + String(repeating: "v", count: 100)
        ),
        (
            (0..<6).map { "k\($0)=" + String(repeating: "v", count: 97) }.joined(separator: ","),
            (0..<5).map { "k\($0)=" + String(repeating: "v", count: 97) }.joined(separator: ",")
        ),
    ])
    func passesOn(tracestate: String, expected: String) {
        #expect(TraceState.checked(tracestate) == expected)
    }

    @Test(arguments: [
        "a", "=1", "a=", "a=1=2", "a=1,b", "A=1", "9a=1", "a b=1", "a =1", "_a=1", "a=é", "a=\u{1}", "a=\u{7F}", "@b=1",
        "a@=1",
        "a@b@c=1", "a@9=1", "a@" + String(repeating: "s", count: 15) + "=1",
        String(repeating: "t", count: 242) + "@s=1", String(repeating: "k", count: 257) + "=v",
        "k=" + String(repeating: "v", count: 257), members(33),
    ])
    func drops(tracestate: String) throws {
        #expect(TraceState.checked(tracestate) == nil)
        // The trace goes on without it.
        let context = TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: tracestate)
        #expect(context?.state == "" && context?.traceID == Self.trace)
    }

    // MARK: - From service to service

    private var observability: Observability {
        var observability = Observability()
        observability.logLevel = nil
        observability.instrument = TraceContextPropagator()
        return observability
    }

    /// The handler's own span id, what it was sent, and what the service that it calls was sent.
    private func pass(
        _ metadata: Metadata, over wire: ChannelConfiguration.Wire
    ) async throws -> (context: TraceContext, sent: Metadata) {
        let sent = Shared<Metadata>([:])
        let own = Shared<TraceContext?>(nil)
        let last = TestService { request, context in
            sent.change { $0 = context.metadata }
            return request
        }
        try await withObserved(last, by: observability, wire: wire) { toB in
            let first = TestService { request, _ in
                own.change { $0 = ServiceContext.current?.traceContext }
                return try await toB.get(request)
            }
            // Its client isn't observed: what is in the metadata comes from outside.
            var client = ChannelConfiguration()
            client.wire = wire
            try await withServer([first], server: .observed(by: observability), channel: client) { toA in
                _ = try await toA.get("x", options: CallOptions(metadata: metadata))
            }
        }
        return (try #require(own.value), sent.value)
    }

    @Test(arguments: [ChannelConfiguration.Wire.native, .grpc])
    func aTraceIsPassedOnUnderANewSpanID(wire: ChannelConfiguration.Wire) async throws {
        let (context, sent) = try await pass(
            ["traceparent": "00-\(Self.trace)-\(Self.span)-01", "tracestate": "a=1,b=2", "tracestate": "c=3"],
            over: wire)
        #expect(context.traceID == Self.trace && context.spanID != Self.span && context.isSampled)
        #expect(sent.values(for: "traceparent") == ["00-\(Self.trace)-\(context.spanID)-01"])
        #expect(sent.values(for: "tracestate") == ["a=1,b=2,c=3"])
    }

    @Test(
        arguments: [
            [:], ["traceparent": "00-\(trace)-\(span)", "tracestate": "a=1"],
            ["traceparent": "00-\(trace)-\(span)-01", "traceparent": "00-\(trace)-\(span)-01"],
        ] as [Metadata])
    func aTraceBeginsWhereThereIsNone(metadata: Metadata) async throws {
        let (context, sent) = try await pass(metadata, over: .native)
        #expect(context.traceID != Self.trace && !context.isSampled)
        let traceparent = try #require(sent["traceparent"])
        #expect(TraceContext(traceparent: traceparent, tracestate: nil) == context)
        #expect(sent["tracestate"] == nil)
    }

    /// From threads that make them at the same time.
    @Test func noTwoIDsAreTheSame() async throws {
        let ids = await withTaskGroup(of: [TraceContext].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).map { $0 % 2 == 0 ? .random(isSampled: true) : .random().child() } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids.map(\.spanID)).count == 8000 && Set(ids.map(\.traceID)).count == 8000)
        #expect(ids.allSatisfy { $0.traceID.count == 32 && $0.spanID.count == 16 })
        #expect(ids.filter(\.isSampled).count == 4000)
        let child = ids[0].child()
        #expect(child.traceID == ids[0].traceID && child.spanID != ids[0].spanID && child.isSampled)
    }

    @Test func linesOfAHandlerTellItsTrace() async throws {
        let lines = LogLines()
        var observability = observability
        observability.logger = lines.logger(provider: .traceContext)
        observability.logLevel = .debug
        let logger = lines.logger(provider: .traceContext)
        let service = TestService { request, _ in
            logger.info("at work")
            return request
        }
        try await withServer([service], server: .observed(by: observability)) { channel in
            _ = try await channel.get(
                "x", options: CallOptions(metadata: ["traceparent": "00-\(Self.trace)-\(Self.span)-01"]))
        }
        let work = try #require(lines.all("at work").first)
        let answered = try #require(lines.all("answered a call").first)
        for line in [work, answered] {
            #expect(line.metadata["trace_id"] == Self.trace)
            #expect(line.metadata["trace_flags"] == "01")
            #expect(line.metadata["span_id"] != Self.span && line.metadata["span_id"] == work.metadata["span_id"])
        }
        logger.info("elsewhere")
        #expect(lines.all("elsewhere").first?.metadata["trace_id"] == nil)
    }
}
