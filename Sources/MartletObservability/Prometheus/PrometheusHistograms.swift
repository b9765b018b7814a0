internal import CoreMetrics
internal import Synchronization

/// How many values are within each bound.
struct PrometheusBuckets: ~Copyable {
    /// Ascending. What is above the last is counted too.
    private let bounds: [Double]
    private let counts = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }

    init(_ bounds: [Double]) { self.bounds = bounds }

    /// Stops the program for bounds that can't be a histogram's.
    static func check(_ bounds: [Double]) {
        precondition(bounds.count < 32, "a histogram has at most 31 buckets: \(bounds.count) are too many")
        precondition(
            bounds.allSatisfy(\.isFinite) && zip(bounds, bounds.dropFirst()).allSatisfy(<),
            "the bounds of a histogram's buckets are numbers that ascend: \(bounds) don't")
    }

    func count(_ value: Double) {
        var position = 0
        while position < bounds.count, value > bounds[position] { position += 1 }
        counts[position].add(1, ordering: .relaxed)
    }

    /// Each line but the sum's. Their number is that of the last bucket, whatever is counted meanwhile.
    func write(_ name: String, _ labels: String, sum: Double, to text: inout String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        for position in 0...bounds.count {
            total += counts[position].load(ordering: .relaxed)
            let bound = PrometheusText.number(position < bounds.count ? bounds[position] : .infinity)
            PrometheusText.write("\(name)_bucket", "\(prefix)le=\"\(bound)\"", String(total), to: &text)
        }
        PrometheusText.write("\(name)_sum", labels, PrometheusText.number(sum), to: &text)
        PrometheusText.write("\(name)_count", labels, String(total), to: &text)
    }
}

/// Durations, in seconds.
final class PrometheusTimer: PrometheusSeries, TimerHandler {
    static var kind: PrometheusKind { .timer }

    private let buckets: PrometheusBuckets
    private let nanoseconds = Atomic<Int64>(0)

    init(bounds: [Double]) { buckets = PrometheusBuckets(bounds) }

    func recordNanoseconds(_ duration: Int64) {
        let duration = max(0, duration)
        buckets.count(Double(duration) / 1e9)
        nanoseconds.wrappingAdd(duration, ordering: .relaxed)
    }

    func write(_ name: String, _ labels: String, to text: inout String) {
        buckets.write(name, labels, sum: Double(nanoseconds.load(ordering: .relaxed)) / 1e9, to: &text)
    }
}

/// Values of any unit. Those that aren't numbers, or infinite, are dropped, since no sum would come back from them.
final class PrometheusRecorder: PrometheusSeries, RecorderHandler {
    static var kind: PrometheusKind { .recorder }

    private let buckets: PrometheusBuckets
    private let sum = AtomicDouble()

    init(bounds: [Double]) { buckets = PrometheusBuckets(bounds) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        buckets.count(value)
        sum.add(value)
    }

    func write(_ name: String, _ labels: String, to text: inout String) {
        buckets.write(name, labels, sum: sum.load(), to: &text)
    }
}
