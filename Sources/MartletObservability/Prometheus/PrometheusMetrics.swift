public import CoreMetrics
public import MartletCore

/// Keeps the process's metrics for Prometheus, which comes to fetch them.
///
/// ```swift
/// let metrics = PrometheusMetrics()
/// MetricsSystem.bootstrap(metrics)
/// configuration.httpRoutes.append(.prometheus(metrics))
/// ```
///
/// Counters become counters, whose names end in `_total`; meters, and recorders that don't aggregate, gauges; recorders
/// that do, histograms; timers, histograms in seconds, whose names end in `_seconds`. Characters that Prometheus
/// doesn't know, dots among them, become `_`.
///
/// Thread-safe. Counting and timing takes a few atomic operations; only making a metric takes a lock.
public final class PrometheusMetrics: MetricsFactory {
    /// Which buckets histograms have, and how much is kept.
    public struct Configuration: Sendable {
        /// Series that there may be: counters, gauges and histograms, one for each set of dimensions. What is made
        /// beyond goes nowhere, and `martlet_metrics_dropped_series_total` says how many. Default 10,000.
        public var maxSeries = 10_000

        /// The upper bounds of timers' buckets, in seconds, ascending; at most 31. Default: OpenTelemetry's for the
        /// duration of calls (https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/), from 5 ms to 10 s.
        public var timerBuckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

        /// The upper bounds of recorders' buckets, likewise. Default: OpenTelemetry's for what it knows nothing about
        /// (https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation).
        public var recorderBuckets: [Double] = [
            0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
        ]

        /// The defaults.
        public init() {}
    }

    private let configuration: Configuration
    private let registry: PrometheusRegistry

    /// An empty registry of metrics.
    public init(configuration: Configuration = Configuration()) {
        PrometheusBuckets.check(configuration.timerBuckets)
        PrometheusBuckets.check(configuration.recorderBuckets)
        self.configuration = configuration
        registry = PrometheusRegistry(maxSeries: configuration.maxSeries)
    }

    /// All metrics in Prometheus's text format, version 0.0.4
    /// (https://prometheus.io/docs/instrumenting/exposition_formats/), in a stable order. Takes about a millisecond for
    /// each hundred histograms.
    public var text: String { registry.text }

    // MARK: - MetricsFactory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.series(label, dimensions) { PrometheusCounter() }
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        registry.series(label, dimensions) { PrometheusCounter() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.series(label, dimensions) { PrometheusGauge() }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return registry.series(label, dimensions) { PrometheusGauge() } }
        return registry.series(label, dimensions) { PrometheusRecorder(bounds: configuration.recorderBuckets) }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.series(label, dimensions) { PrometheusTimer(bounds: configuration.timerBuckets) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { registry.remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { registry.remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { registry.remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { registry.remove(handler) }
}

extension HTTPRoute {
    /// Answers Prometheus, on the same port as the services. The text is put together on the global pool, so that no
    /// connection waits for it.
    public static func prometheus(_ metrics: PrometheusMetrics, path: String = "/metrics") -> HTTPRoute {
        HTTPRoute(path) { _ in
            let text = await Task { metrics.text }.value
            return HTTPResponse(text: text, contentType: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
