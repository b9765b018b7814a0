internal import CoreMetrics
internal import Synchronization

/// Only grows. What would make it smaller is dropped: Prometheus takes that for a new beginning.
final class PrometheusCounter: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    static var kind: PrometheusKind { .counter }

    private let whole = Atomic<Int64>(0)
    private let rest = AtomicDouble()

    func increment(by amount: Int64) {
        if amount > 0 { whole.wrappingAdd(amount, ordering: .relaxed) }
    }

    func increment(by amount: Double) {
        if amount > 0, amount.isFinite { rest.add(amount) }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        rest.store(0)
    }

    func write(_ name: String, _ labels: String, to text: inout String) {
        let whole = whole.load(ordering: .relaxed)
        let rest = rest.load()
        let value = rest == 0 ? String(whole) : PrometheusText.number(Double(whole) + rest)
        PrometheusText.write(name, labels, value, to: &text)
    }
}

/// The last value.
final class PrometheusGauge: PrometheusSeries, MeterHandler, RecorderHandler {
    static var kind: PrometheusKind { .gauge }

    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: String, to text: inout String) {
        PrometheusText.write(name, labels, PrometheusText.number(value.load()), to: &text)
    }
}

/// A floating-point number that threads share.
struct AtomicDouble: ~Copyable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isDone, found) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if isDone { return }
            old = found
        }
    }
}
