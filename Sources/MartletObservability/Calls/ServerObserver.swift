internal import Logging
internal import MartletCore
internal import Tracing

/// Looks at the calls that a server answers.
final class ServerObserver: ServerInterceptor {
    let times: CallTimes
    let log: CallLog?
    let metrics: CallMetrics?
    let tracing: CallTracing?

    init(_ observability: Observability, else logger: Logger) {
        times = CallTimes(observability)
        log = CallLog(observability, else: logger)
        metrics = CallMetrics(observability, of: .server)
        tracing = CallTracing(observability, at: .server)
    }

    nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws {
        guard metrics != nil || tracing != nil || log?.isOn == true else { return try await next() }
        let start = times.now
        let metrics = metrics?.begin(context.method, isKnown: context.hasHandler)
        let outcome: CallOutcome
        if let tracing {
            let extracted = tracing.extract(from: context.metadata)
            let span = tracing.startSpan(context.method, isKnown: context.hasHandler, in: extracted)
            outcome = await ServiceContext.$current.withValue(span?.context ?? extracted) {
                await run(context, since: start, metrics, next)
            }
            if let span { tracing.end(span, outcome) { $0.describe(context) } }
        } else {
            outcome = await run(context, since: start, metrics, next)
        }
        if let error = outcome.error { throw error }
    }

    /// Runs the handler, and tells what came of it.
    private nonisolated(nonsending) func run(
        _ context: ServerContext, since start: Duration, _ metrics: MethodMetrics?, _ next: ServerNext
    ) async -> CallOutcome {
        let outcome: CallOutcome
        do {
            try await next()
            outcome = CallOutcome(nil, of: context)
        } catch {
            outcome = CallOutcome(error, of: context)
        }
        let elapsed = times.now - start
        metrics?.end(outcome.code, in: elapsed)
        if let log, log.isOn { log.answered(context, outcome, in: elapsed) }
        return outcome
    }
}
