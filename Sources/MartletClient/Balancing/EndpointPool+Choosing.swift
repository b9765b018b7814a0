internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Synchronization

/// Which endpoints connect, and which get calls: on the loop only.
extension EndpointPool {
    func connectAll(
        _ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition], except missing: Set<String>
    ) {
        guard !isDormant else { return }
        for (endpoint, condition) in zip(endpoints, conditions) where !missing.contains(endpoint.endpoint.id) {
            if case .idle = condition { endpoint.subchannel.connect() }
        }
    }

    /// Whether nobody has called for as long as idle connections stay.
    func isUnused(_ endpoints: [PooledEndpoint], now: UInt64) -> Bool {
        guard let idleTimeout = configuration.idleTimeout else { return false }
        let unusedFor = now &- min(now, lastUse.load(ordering: .relaxed))
        return unusedFor >= UInt64(max(0, idleTimeout.nanoseconds)) && !endpoints.contains { $0.load.openCalls > 0 }
    }

    /// Places in the list, the best endpoint first: by priority, and then as they are listed or by chance. The latter is the
    /// same each time.
    func preference(_ endpoints: [PooledEndpoint], isShuffled: Bool) -> [Int] {
        let ranks = endpoints.enumerated().map { index, endpoint in
            (
                priority: endpoint.endpoint.priority,
                rank: isShuffled ? XXHash64.hash(endpoint.endpoint.id, seed: shuffleSeed) : UInt64(index)
            )
        }
        return endpoints.indices.sorted { (ranks[$0].priority, ranks[$0].rank) < (ranks[$1].priority, ranks[$1].rank) }
    }

    func pickFirst(
        _ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition], now: UInt64, due: inout [UInt64]
    ) {
        let usable = zip(endpoints, conditions).map { endpoint, condition in
            // Until its health is known, an endpoint is as good as connecting; one that isn't serving is passed over.
            let usable: Subchannel.Condition =
                if !condition.isReady || endpoint.isReady {
                    condition
                } else {
                    health(of: endpoint) == .unknown ? .connecting(since: now, lastError: nil) : .shutDown
                }
            return (endpoint.endpoint.id, usable)
        }
        let decision = upkeep.value.pickFirst.decide(usable, now: now)
        if !isDormant {
            if let connects = decision.connects { endpoints[connects].subchannel.connect() }
            if let again = decision.again { due.append(again) }
        }
        guard let selected = decision.selected else { return use(nil, nil) }
        for (index, condition) in conditions.enumerated() where index != selected && condition.isReady {
            endpoints[index].subchannel.disconnect("another endpoint was chosen")
        }
        let choice = Upkeep.Choice(
            policy: upkeep.value.policy, endpoints: [ObjectIdentifier(endpoints[selected])], weights: [])
        use(choice) { OnlyPicker(endpoint: endpoints[selected]) }
    }

    private var isDormant: Bool { state.withLockedValue { $0.isDormant } }

    func choose(among all: [PooledEndpoint], now: UInt64, due: inout [UInt64]) {
        let policy = upkeep.value.policy
        let chosen = balancing.preferred(all)
        guard !chosen.isEmpty else { return use(nil, nil) }
        if case .ringHash(let key, let sizes) = policy {
            let choice = Upkeep.Choice(
                policy: policy, endpoints: all.map { ObjectIdentifier($0) }, weights: all.map { Double($0.weight) })
            return use(choice) {
                RingHashPicker(
                    ring: HashRing(all.map { ($0.endpoint.id, $0.weight) }, sizes: sizes), endpoints: all, key: key,
                    random: self.random)
            }
        }
        let weights = chosen.map { endpoint in
            let readySince = upkeep.value.records[endpoint.endpoint.id]?.readySince ?? 0
            if let step = balancing.nextSlowStartStep(readySince: readySince, now: now) { due.append(step) }
            let weight = policy == .roundRobin ? 1 : Double(endpoint.weight)
            return weight * balancing.slowStartFactor(readyFor: now &- readySince)
        }
        let choice = Upkeep.Choice(policy: policy, endpoints: chosen.map { ObjectIdentifier($0) }, weights: weights)
        use(choice) {
            switch policy {
            case .leastRequest(let choices):
                LeastRequestPicker(endpoints: chosen, weights: weights, choices: choices, random: self.random)
            case _ where weights.allSatisfy { $0 == weights[0] }:
                RoundRobinPicker(chosen, start: self.random.next())
            default:
                WeightedPicker(chosen, weights: weights, start: self.random.next())
            }
        }
    }

    private func use(_ choice: Upkeep.Choice?, _ make: (() -> any Picker)?) {
        guard choice != upkeep.value.choice else { return }
        upkeep.value.choice = choice
        let new = make?()
        picker.withLockedValue { $0 = new }
    }
}
