internal import Synchronization

/// One line or, of a histogram, several: the values of a metric with one set of labels.
protocol PrometheusSeries: AnyObject, Sendable {
    static var kind: PrometheusKind { get }

    /// Writes the lines.
    ///
    /// - Parameter labels: Without the braces; empty without any.
    func write(_ name: String, _ labels: String, to text: inout String)
}

enum PrometheusKind: String {
    case counter, gauge
    /// Two kinds of histograms, which can't share a name.
    case recorder, timer

    /// What `# TYPE` says.
    var type: String {
        switch self {
        case .counter, .gauge: rawValue
        case .recorder, .timer: "histogram"
        }
    }

    /// What its names end with.
    var suffix: String {
        switch self {
        case .counter: "_total"
        case .gauge, .recorder: ""
        case .timer: "_seconds"
        }
    }

    /// All names that its lines begin with.
    func names(of family: String) -> [String] {
        switch self {
        case .counter, .gauge: [family]
        case .recorder, .timer: [family, "\(family)_bucket", "\(family)_sum", "\(family)_count"]
        }
    }
}

/// All series of a process by name and labels.
final class PrometheusRegistry: Sendable {
    private struct Family {
        let kind: PrometheusKind
        /// The metric's name before it was made one for Prometheus.
        let label: String
        var series: [String: any PrometheusSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        /// Those of families, and of their lines.
        var names: Set<String> = [PrometheusRegistry.droppedName]
        /// Where each series is.
        var places: [ObjectIdentifier: (family: String, labels: String)] = [:]
    }

    private static let droppedName = "martlet_metrics_dropped_series_total"

    private let maxSeries: Int
    private let state = Mutex(State())
    private let dropped = Atomic(0)

    init(maxSeries: Int) { self.maxSeries = maxSeries }

    /// The series of a metric with these dimensions. One that can't be kept is nobody else's: beyond the limit, or
    /// where another kind of metric has the name.
    func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        let kind = Series.kind
        let name = PrometheusText.name(label, suffix: kind.suffix)
        let labels = PrometheusText.labels(dimensions, isHistogram: kind.type == "histogram")
        let series: Series? = state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind, label: label)
            guard family.kind == kind else { return nil }
            if let series = family.series[labels] { return series as? Series }
            let isNew = family.series.isEmpty
            guard state.places.count < maxSeries,
                !isNew || state.names.isDisjoint(with: kind.names(of: name))
            else { return nil }
            let series = make()
            family.series[labels] = series
            if isNew { state.names.formUnion(kind.names(of: name)) }
            state.families[name] = family
            state.places[ObjectIdentifier(series)] = (name, labels)
            return series
        }
        if let series { return series }
        dropped.add(1, ordering: .relaxed)
        return make()
    }

    /// Forgets a series.
    func remove(_ series: AnyObject) {
        state.withLock { state in
            guard let (name, labels) = state.places.removeValue(forKey: ObjectIdentifier(series)) else { return }
            state.families[name]?.series[labels] = nil
            guard let family = state.families[name], family.series.isEmpty else { return }
            state.families[name] = nil
            state.names.subtract(family.kind.names(of: name))
        }
    }

    var text: String {
        let families = state.withLock { $0.families }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            PrometheusText.writeHead(name, help: family.label, type: family.kind.type, to: &text)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name, labels, to: &text)
            }
        }
        PrometheusText.writeHead(
            Self.droppedName, help: "Series that are too many, or whose name belongs to another kind of metric.",
            type: "counter", to: &text)
        PrometheusText.write(Self.droppedName, "", String(dropped.load(ordering: .relaxed)), to: &text)
        return text
    }
}
