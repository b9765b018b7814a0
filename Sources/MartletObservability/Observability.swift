public import CoreMetrics
public import Logging
public import MartletClient
public import MartletServer
public import Tracing

/// What is told of each call, and to whom.
///
/// ```swift
/// var configuration = ServerConfiguration()
/// configuration.observe()
/// ```
///
/// - **Logs**: one line when a call has ended, at debug level.
/// - **Metrics**: `rpc.server.call.duration` and `rpc.client.call.duration` (timers), `rpc.server.calls` and
///   `rpc.client.calls` (counters), each by method and status code; `rpc.server.active_calls` and
///   `rpc.client.active_calls` (meters), the calls under way, by method.
/// - **Traces**: a span around each call at its client, and another around its handler. What belongs to the trace
///   travels in the metadata of requests, and in `ServiceContext.current` of handlers, so that the calls they make
///   continue it.
///
/// What is bootstrapped by the time of ``init()`` counts. Without a metrics factory and an instrument, and with a
/// logger that drops the line, a call passes an interceptor that looks at its logger's level, and nothing more. A
/// server's synchronous handlers, however, wait for their event loop's next turn, as they do behind any interceptor.
public struct Observability: Sendable {
    /// The level of the line; nil for none. Default: debug.
    public var logLevel: Logger.Level? = .debug

    /// Where the line goes. Default (nil): to the configuration's logger.
    public var logger: Logger?

    /// Counts and times calls; nil for nobody. Default: the one that `MetricsSystem` has when this value is made.
    public var metrics: (any MetricsFactory)?

    /// Carries traces from process to process and, if it is a `Tracer`, makes the spans; nil for none. Default: the one
    /// that `InstrumentationSystem` has when this value is made. For a `MultiplexInstrument` the system's tracer makes
    /// the spans.
    ///
    /// A ``TraceContextPropagator`` passes traces on where there is no tracer.
    public var instrument: (any Instrument)?

    /// What calls are timed by; spans have the clock of their tracer. Default: the machine's.
    public var clock: any Clock<Duration> = ContinuousClock()

    /// Everything, for what is bootstrapped now.
    public init() {
        let factory = MetricsSystem.factory
        metrics = factory is NOOPMetricsHandler ? nil : factory
        let instrument = InstrumentationSystem.instrument
        self.instrument = instrument is NoOpInstrument || instrument is NoOpTracer ? nil : instrument
    }
}

extension ServerConfiguration {
    /// Logs, counts, times and traces the calls that the server answers, those of methods that it doesn't have among
    /// them.
    ///
    /// This becomes the outermost interceptor, which sees what all others make of a call.
    public mutating func observe(_ observability: Observability = Observability()) {
        interceptors.insert(ServerObserver(observability, else: logger), at: 0)
    }
}

extension ChannelConfiguration {
    /// Logs, counts, times and traces the calls that the channel makes, and logs its connections at info, if it logs at
    /// all.
    ///
    /// This becomes the outermost interceptor: it sees a call as its caller does, however often others attempt it.
    public mutating func observe(_ observability: Observability = Observability()) {
        interceptors.insert(ClientObserver(observability, else: logger), at: 0)
        if observability.logLevel != nil { connectionLogLevel = .info }
    }
}
