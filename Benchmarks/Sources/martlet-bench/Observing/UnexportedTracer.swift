import CoreMetrics
import MartletObservability
import Tracing

/// Makes the process's metrics and traces real: those of `observe()` that come after it.
func bootstrapObservability() {
    MetricsSystem.bootstrap(PrometheusMetrics())
    InstrumentationSystem.bootstrap(UnexportedTracer())
}

/// A tracer that does what one does for every call, except that nobody gets the spans: ids, W3C's `traceparent`,
/// attributes and times.
struct UnexportedTracer: Tracer {
    private let propagator = TraceContextPropagator()

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> UnexportedSpan {
        var context = context()
        context.traceContext = context.traceContext?.child() ?? .random(isSampled: true)
        return UnexportedSpan(operationName, context, start: instant().nanosecondsSinceEpoch)
    }

    func forceFlush() {}

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        propagator.extract(carrier, into: &context, using: extractor)
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        propagator.inject(context, into: &carrier, using: injector)
    }
}
