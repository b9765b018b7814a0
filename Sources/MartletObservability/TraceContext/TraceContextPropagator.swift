public import Logging
public import Tracing

/// Passes traces on where nothing records them: a handler's calls carry the `traceparent` and `tracestate` that its own
/// request came with, under a span id of its own, and begin a trace where there was none.
///
/// ```swift
/// LoggingSystem.bootstrap(StreamLogHandler.standardOutput, metadataProvider: .traceContext)
/// InstrumentationSystem.bootstrap(TraceContextPropagator())
/// ```
public struct TraceContextPropagator: Instrument {
    /// For `InstrumentationSystem.bootstrap`.
    public init() {}

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let incoming = extractor.extract(key: "traceparent", from: carrier).flatMap {
            TraceContext(traceparent: $0, tracestate: extractor.extract(key: "tracestate", from: carrier))
        }
        context.traceContext = incoming?.child() ?? .random()
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
        if !trace.state.isEmpty { injector.inject(trace.state, forKey: "tracestate", into: &carrier) }
    }
}

extension Logger.MetadataProvider {
    /// `trace_id`, `span_id` and `trace_flags` of the current task's ``TraceContext``, under the names that
    /// OpenTelemetry gives them in logs
    /// (https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/).
    public static let traceContext = Logger.MetadataProvider {
        guard let trace = ServiceContext.current?.traceContext else { return [:] }
        return [
            "trace_id": .string(trace.traceID), "span_id": .string(trace.spanID),
            "trace_flags": .string(trace.isSampled ? "01" : "00"),
        ]
    }
}
