internal import MartletTransport
internal import NIOCore

/// What a pool knows from one refresh to the next.
struct Upkeep {
    /// What a picker was made of: another one is made when this is another.
    struct Choice: Equatable {
        var policy: LoadBalancing.Policy
        var endpoints: [ObjectIdentifier]
        var weights: [Double]
    }

    /// Of one endpoint.
    struct Record {
        var isConnected = false
        var hasFailed = false
        /// In nanoseconds on the loop's clock.
        var readySince: UInt64 = 0
        var health: HealthWatch?
    }

    var pickFirst = PickFirst()
    var outliers: OutlierDetector?
    var sweepDue: UInt64 = 0
    var choice: Choice?
    var records: [String: Record] = [:]
    var policy: LoadBalancing.Policy
    var healthCheckService: String?
    /// As the resolver sent it last.
    var serviceConfig: String?
    var timer: (at: UInt64, scheduled: Scheduled<Void>)?

    init(_ balancing: LoadBalancing, _ config: ServiceConfig?) {
        outliers = balancing.outlierDetection.map { OutlierDetector($0) }
        policy = balancing.policy ?? config?.policy ?? .weightedRoundRobin
        healthCheckService = balancing.healthCheckService ?? config?.healthCheckService
    }
}

extension LoadBalancing {
    /// What an endpoint's weight is multiplied with, in tenths, since it became ready some nanoseconds ago.
    func slowStartFactor(readyFor nanoseconds: UInt64) -> Double {
        guard let slowStart, slowStart > .zero else { return 1 }
        let tenth = max(1, UInt64(slowStart.nanoseconds) / 10)
        return Double(min(10, max(1, nanoseconds / tenth))) / 10
    }

    /// When that changes, for an endpoint that became ready then; nil if it doesn't any more.
    func nextSlowStartStep(readySince: UInt64, now: UInt64) -> UInt64? {
        guard let slowStart, slowStart > .zero else { return nil }
        let tenth = max(1, UInt64(slowStart.nanoseconds) / 10)
        let steps = (now &- readySince) / tenth
        return steps < 10 ? readySince &+ (steps + 1) * tenth : nil
    }

    /// The endpoints to choose from: those of the best priority, and of them those of the own zone, if enough of them are
    /// ready.
    func preferred(_ all: [PooledEndpoint]) -> [PooledEndpoint] {
        var ready = all.filter(\.isReady)
        let best = ready.map(\.endpoint.priority).min()
        ready = ready.filter { $0.endpoint.priority == best }
        guard let zone else { return ready }
        let near = ready.filter { $0.endpoint.zone == zone }
        let nearAll = all.count { $0.endpoint.zone == zone && $0.endpoint.priority == best }
        return !near.isEmpty && Double(near.count) >= minReadyZoneShare * Double(nearAll) ? near : ready
    }
}
