import CoreMetrics
import InMemoryTracing
import Martlet
import MartletObservability
import MartletTesting
import Testing
import Tracing

/// What is observed by whom where nobody says it.
@Suite(.timeLimit(.minutes(1))) struct ObservabilityTests {
    @Test func whatIsBootstrappedCounts() async throws {
        let metrics = PrometheusMetrics()
        let tracer = InMemoryTracer()
        let observability = withMetricsFactory(metrics) { withTracer(tracer) { Observability() } }
        #expect(observability.metrics as? PrometheusMetrics === metrics)
        try await withObserved(by: observability) { channel in try await channel.callAll() }
        #expect(metrics.text.contains("rpc_server_calls_total{rpc_method=\"test.Service/Get\""))
        #expect(tracer.finishedSpans.count == 8)
    }

    @Test func nobodyIsTakenForSomebody() {
        let observability = withMetricsFactory(NOOPMetricsHandler.instance) {
            withTracer(NoOpTracer()) { Observability() }
        }
        #expect(observability.metrics == nil && observability.instrument == nil)
    }

    /// Of several instruments the first that is a tracer makes the spans, and all carry what is theirs.
    @Test func oneOfSeveralInstrumentsMakesTheSpans() async throws {
        let metadata = Shared<Metadata>([:])
        let service = TestService { request, context in
            metadata.change { $0 = context.metadata }
            return request
        }
        let tracer = InMemoryTracer()
        var observability = Observability()
        observability.instrument = MultiplexInstrument([TraceContextPropagator(), tracer])
        // Which tracer is the first is for the system to say.
        try await withTracer(tracer) {
            try await withObserved(service, by: observability) { channel in
                var context = ServiceContext.topLevel
                TraceContextPropagator().extract([:], into: &context, using: NoMetadata())
                _ = try await ServiceContext.withValue(context) { try await channel.get("x") }
            }
        }
        #expect(tracer.finishedSpans.map(\.kind).contains(.client))
        #expect(metadata.value["traceparent"] != nil && metadata.value[InMemoryTracer.spanIDKey] != nil)
    }

    private struct NoMetadata: Extractor {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }
}
