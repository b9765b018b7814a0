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
    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> UnexportedSpan {
        var context = context()
        context.spanIDs = context.spanIDs?.child ?? .root
        return UnexportedSpan(operationName, context, start: instant().nanosecondsSinceEpoch)
    }

    func forceFlush() {}

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        context.spanIDs = extractor.extract(key: "traceparent", from: carrier).flatMap { SpanIDs(traceparent: $0) }
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        if let ids = context.spanIDs { injector.inject(ids.traceparent, forKey: "traceparent", into: &carrier) }
    }
}

/// A span's own id, and its trace's.
struct SpanIDs: Sendable {
    private let trace: (high: UInt64, low: UInt64)
    private let span: UInt64

    static var root: SpanIDs {
        SpanIDs(trace: (.random(in: 1 ... .max), .random(in: 1 ... .max)), span: .random(in: 1 ... .max))
    }

    var child: SpanIDs { SpanIDs(trace: trace, span: .random(in: 1 ... .max)) }

    /// https://www.w3.org/TR/trace-context-1/#traceparent-header, version 00, sampled.
    var traceparent: String { "00-\(hex(trace.high))\(hex(trace.low))-\(hex(span))-01" }

    /// Nil for one that isn't valid.
    init?(traceparent: String) {
        let parts = traceparent.split(separator: "-")
        guard parts.count == 4, parts[1].utf8.count == 32, let high = UInt64(parts[1].prefix(16), radix: 16),
            let low = UInt64(parts[1].suffix(16), radix: 16), let span = UInt64(parts[2], radix: 16)
        else { return nil }
        self.init(trace: (high, low), span: span)
    }

    private init(trace: (high: UInt64, low: UInt64), span: UInt64) {
        self.trace = trace
        self.span = span
    }

    /// 16 digits.
    private func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ServiceContext {
    fileprivate(set) var spanIDs: SpanIDs? {
        get { self[SpanIDsKey.self] }
        set { self[SpanIDsKey.self] = newValue }
    }
}

private enum SpanIDsKey: ServiceContextKey {
    typealias Value = SpanIDs
}
