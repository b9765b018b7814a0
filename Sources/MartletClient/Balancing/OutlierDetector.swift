internal import MartletTransport

/// Decides which endpoints are ejected: a state machine without clock, calls and chance of its own.
struct OutlierDetector: Sendable {
    /// The calls of one endpoint since the last sweep.
    struct Tally: Sendable {
        var id: String
        var successes: Int
        var failures: Int

        fileprivate var volume: Int { successes + failures }
        fileprivate var successRate: Double { Double(successes) / Double(volume) }
    }

    private struct Record {
        /// Of the last times in a row that it was ejected.
        var multiplier = 0
        var ejectedAt: UInt64?
    }

    private let configuration: OutlierDetection
    private var records: [String: Record] = [:]

    init(_ configuration: OutlierDetection) { self.configuration = configuration }

    var ejected: Set<String> { Set(records.lazy.filter { $0.value.ejectedAt != nil }.map(\.key)) }

    /// To be called once an interval, with all endpoints that there are.
    ///
    /// - Parameters:
    ///   - now: Nanoseconds.
    ///   - random: From 0 to below 1.
    mutating func sweep(_ tallies: [Tally], now: UInt64, random: () -> Double) {
        let known = Set(tallies.map(\.id))
        records = records.filter { known.contains($0.key) }
        if let rule = configuration.successRate { judge(tallies, by: rule, now: now, random: random) }
        if let rule = configuration.failurePercentage { judge(tallies, by: rule, now: now, random: random) }
        for id in records.keys { relent(id, now: now) }
    }

    private mutating func judge(
        _ tallies: [Tally], by rule: OutlierDetection.SuccessRate, now: UInt64, random: () -> Double
    ) {
        let judged = tallies.filter { $0.volume >= max(1, rule.requestVolume) }
        guard !judged.isEmpty, judged.count >= rule.minimumHosts else { return }
        let mean = judged.reduce(0) { $0 + $1.successRate } / Double(judged.count)
        let variance =
            judged.reduce(0) { $0 + ($1.successRate - mean) * ($1.successRate - mean) } / Double(judged.count)
        let threshold = mean - variance.squareRoot() * Double(rule.stdevFactor) / 1000
        for tally in judged where tally.successRate < threshold {
            eject(tally.id, of: tallies.count, chance: rule.enforcementPercentage, now: now, random: random)
        }
    }

    private mutating func judge(
        _ tallies: [Tally], by rule: OutlierDetection.FailurePercentage, now: UInt64, random: () -> Double
    ) {
        let judged = tallies.filter { $0.volume >= max(1, rule.requestVolume) }
        guard judged.count >= rule.minimumHosts else { return }
        for tally in judged where tally.failures * 100 >= rule.threshold * tally.volume {
            eject(tally.id, of: tallies.count, chance: rule.enforcementPercentage, now: now, random: random)
        }
    }

    private mutating func eject(_ id: String, of count: Int, chance: Int, now: UInt64, random: () -> Double) {
        guard records[id]?.ejectedAt == nil, ejected.count * 100 < configuration.maxEjectionPercent * count else {
            return
        }
        guard random() * 100 < Double(chance) else { return }
        records[id, default: Record()].multiplier += 1
        records[id]!.ejectedAt = now
    }

    /// Lets an endpoint back when its time is over, and forgets old times bit by bit.
    private mutating func relent(_ id: String, now: UInt64) {
        guard var record = records[id] else { return }
        if let ejectedAt = record.ejectedAt {
            let time = min(
                configuration.baseEjectionTime * record.multiplier,
                max(configuration.baseEjectionTime, configuration.maxEjectionTime))
            if now &- ejectedAt >= UInt64(max(0, time.nanoseconds)) { record.ejectedAt = nil }
        } else {
            record.multiplier -= 1
        }
        records[id] = record.multiplier > 0 ? record : nil
    }
}
