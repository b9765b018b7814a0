internal import Logging
internal import MartletCore
internal import Tracing

/// Looks at the calls that a channel makes.
final class ClientObserver: ClientInterceptor {
    let times: CallTimes
    let log: CallLog?
    let metrics: CallMetrics?
    let tracing: CallTracing?

    init(_ observability: Observability, else logger: Logger) {
        times = CallTimes(observability)
        log = CallLog(observability, else: logger)
        metrics = CallMetrics(observability, of: .client)
        tracing = CallTracing(observability, at: .client)
    }

    nonisolated(nonsending) func intercept(
        _ call: ClientCall, next: ClientNext
    ) async throws(RPCError) -> Metadata {
        guard metrics != nil || tracing != nil || log?.isOn == true else { return try await next(call) }
        let start = times.now
        let metrics = metrics?.begin(call.method, isKnown: true)
        var call = call
        if call.options.record == nil { call.options.record = CallRecord() }
        var span: (any Span)?
        if let tracing {
            let context = ServiceContext.current ?? .topLevel
            span = tracing.startSpan(call.method, isKnown: true, in: context)
            tracing.inject(span?.context ?? context, into: &call.options.metadata)
        }
        do throws(RPCError) {
            let trailers = try await next(call)
            end(call, .success, after: times.now - start, metrics, span)
            return trailers
        } catch {
            end(call, CallOutcome(error), after: times.now - start, metrics, span)
            throw error
        }
    }

    private func end(
        _ call: ClientCall, _ outcome: CallOutcome, after elapsed: Duration, _ metrics: MethodMetrics?,
        _ span: (any Span)?
    ) {
        metrics?.end(outcome.code, in: elapsed)
        if let log, log.isOn {
            // The line belongs to the call's own span.
            ServiceContext.$current.withValue(span?.context ?? ServiceContext.current) {
                log.made(call, outcome, in: elapsed)
            }
        }
        if let span {
            tracing?.end(span, outcome) { if let record = call.options.record { $0.describe(record) } }
        }
    }
}
