internal import Logging
internal import MartletCore
internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Synchronization

/// Looking at everything anew: on the loop only.
extension EndpointPool {
    func refresh() {
        guard !state.withLockedValue({ $0.isShutDown }) else { return }
        let now = executor.uptimeNanoseconds
        letGoOfMissing(now: now)
        let (endpoints, entries) = state.withLockedValue { ($0.endpoints, $0.list.entries) }
        let conditions = endpoints.map(\.subchannel.condition)
        note(endpoints, conditions, now: now)
        sweepOutliers(endpoints, now: now)
        markReady(endpoints, conditions)
        if isUnused(endpoints, now: now) { state.withLockedValue { $0.isDormant = true } }
        var due: [UInt64] = []
        if case .pickFirst(let isShuffled) = upkeep.value.policy {
            let order = preference(endpoints, isShuffled: isShuffled)
            pickFirst(order.map { endpoints[$0] }, order.map { conditions[$0] }, now: now, due: &due)
        } else {
            let missing = Set(entries.lazy.filter { $0.vanishedAt != nil }.map(\.endpoint.id))
            connectAll(endpoints, conditions, except: missing)
            choose(among: endpoints, now: now, due: &due)
        }
        tellWaiters(endpoints, conditions)
        if upkeep.value.outliers != nil { due.append(upkeep.value.sweepDue) }
        if let expiry = state.withLockedValue({ $0.list.nextExpiry }) { due.append(expiry) }
        wake(at: due.min(), now: now)
    }

    func endUpkeep() {
        upkeep.value.timer?.scheduled.cancel()
        upkeep.value.timer = nil
        for record in upkeep.value.records.values { record.health?.stop() }
        upkeep.value.records = [:]
    }

    private func wake(at time: UInt64?, now: UInt64) {
        if let timer = upkeep.value.timer {
            if timer.at == time { return }
            timer.scheduled.cancel()
            upkeep.value.timer = nil
        }
        guard let time else { return }
        let scheduled = executor.loop.scheduleTask(deadline: .uptimeNanoseconds(max(time, now))) {
            self.upkeep.value.timer = nil
            self.refresh()
        }
        upkeep.value.timer = (time, scheduled)
    }

    /// Endpoints that the resolver doesn't name any more, in an answer that may be wrong.
    private func letGoOfMissing(now: UInt64) {
        let hasChanged = state.withLockedValue { state in
            let before = state.list.entries.count
            var conditions: [String: Subchannel.Condition] = [:]
            for endpoint in state.endpoints { conditions[endpoint.endpoint.id] = endpoint.subchannel.condition }
            state.list.expire(now: now)
            state.list.drop { id in !(conditions[id]?.isReady ?? false) }
            return state.list.entries.count != before
        }
        if hasChanged { followList() }
    }

    // MARK: - States

    /// Notes what has become of the endpoints.
    private func note(_ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition], now: UInt64) {
        var old = upkeep.value.records
        var records: [String: Upkeep.Record] = [:]
        var wantsAnswer = false
        for (endpoint, condition) in zip(endpoints, conditions) {
            let id = endpoint.endpoint.id
            var record = old.removeValue(forKey: id) ?? Upkeep.Record()
            if condition.isReady, !record.isConnected {
                record.readySince = now
                record.health = watchHealth(of: endpoint)
            } else if !condition.isReady, record.isConnected {
                record.health?.stop()
                record.health = nil
                wantsAnswer = true
            }
            if condition.error != nil, !record.hasFailed { wantsAnswer = true }
            record.isConnected = condition.isReady
            record.hasFailed = condition.error != nil
            records[id] = record
        }
        for record in old.values { record.health?.stop() }
        upkeep.value.records = records
        if wantsAnswer { askResolver() }
    }

    private func log(_ what: Logger.Message, _ endpoint: PooledEndpoint) {
        configuration.logger.log(
            level: configuration.connectionLogLevel, what,
            metadata: ["target": "\(target)", "endpoint": "\(endpoint.endpoint.id)"])
    }

    private func watchHealth(of endpoint: PooledEndpoint) -> HealthWatch? {
        guard let service = upkeep.value.healthCheckService else { return nil }
        return HealthWatch(service, at: endpoint.subchannel, logger: configuration.logger) { self.planRefresh() }
    }

    private func sweepOutliers(_ endpoints: [PooledEndpoint], now: UInt64) {
        guard let interval = balancing.outlierDetection?.interval, now >= upkeep.value.sweepDue else {
            return
        }
        defer { upkeep.value.sweepDue = now &+ UInt64(max(1_000_000, interval.nanoseconds)) }
        let before = upkeep.value.outliers?.ejected ?? []
        let tallies = endpoints.map { endpoint in
            let (successes, failures) = endpoint.load.takeInterval()
            return OutlierDetector.Tally(id: endpoint.endpoint.id, successes: successes, failures: failures)
        }
        upkeep.value.outliers?.sweep(tallies, now: now) { random.fraction() }
        let after = upkeep.value.outliers?.ejected ?? []
        for endpoint in endpoints {
            let id = endpoint.endpoint.id
            if after.contains(id), !before.contains(id) {
                log("an endpoint is ejected: it fails too many calls", endpoint)
            }
            if before.contains(id), !after.contains(id) { log("an ejected endpoint is back", endpoint) }
        }
    }

    private func markReady(_ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition]) {
        let ejected = upkeep.value.outliers?.ejected ?? []
        let healthy = zip(endpoints, conditions).map { endpoint, condition in
            condition.isReady && health(of: endpoint) == .serving
        }
        // If everything that serves is ejected, ejecting helps nobody.
        let isLastResort = !zip(endpoints, healthy).contains { $1 && !ejected.contains($0.endpoint.id) }
        for (endpoint, isHealthy) in zip(endpoints, healthy) {
            endpoint.isEjected = ejected.contains(endpoint.endpoint.id)
            endpoint.isReady = isHealthy && (isLastResort || !ejected.contains(endpoint.endpoint.id))
        }
    }

    /// Serving where it isn't watched.
    private func health(of endpoint: PooledEndpoint) -> HealthWatch.Status {
        upkeep.value.records[endpoint.endpoint.id]?.health?.status ?? .serving
    }

    // MARK: - Connecting and choosing

    private func connectAll(
        _ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition], except missing: Set<String>
    ) {
        guard !isDormant else { return }
        for (endpoint, condition) in zip(endpoints, conditions) where !missing.contains(endpoint.endpoint.id) {
            if case .idle = condition { endpoint.subchannel.connect() }
        }
    }

    /// Whether nobody has called for as long as idle connections stay.
    private func isUnused(_ endpoints: [PooledEndpoint], now: UInt64) -> Bool {
        guard let idleTimeout = configuration.idleTimeout else { return false }
        let unusedFor = now &- min(now, lastUse.load(ordering: .relaxed))
        return unusedFor >= UInt64(max(0, idleTimeout.nanoseconds)) && !endpoints.contains { $0.load.openCalls > 0 }
    }

    /// Places in the list, the best endpoint first: by priority, and then as they are listed or by chance. The latter is the
    /// same each time.
    private func preference(_ endpoints: [PooledEndpoint], isShuffled: Bool) -> [Int] {
        let ranks = endpoints.enumerated().map { index, endpoint in
            (
                priority: endpoint.endpoint.priority,
                rank: isShuffled ? XXHash64.hash(endpoint.endpoint.id, seed: shuffleSeed) : UInt64(index)
            )
        }
        return endpoints.indices.sorted { (ranks[$0].priority, ranks[$0].rank) < (ranks[$1].priority, ranks[$1].rank) }
    }

    private func pickFirst(
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

    private func choose(among all: [PooledEndpoint], now: UInt64, due: inout [UInt64]) {
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

    // MARK: - Those who wait

    private func tellWaiters(_ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition]) {
        if upkeep.value.choice != nil {
            let waiters = state.withLockedValue { state in
                state.failure = nil
                return state.takeWaiters()
            }
            for waiter in waiters { waiter.resolve(.goOn) }
            return
        }
        let unreachable = endpoints.isEmpty ? nil : unreachableError(endpoints, conditions)
        let (failure, waiters) = state.withLockedValue { state in
            state.failure = endpoints.isEmpty ? state.whyEmpty : unreachable
            return (state.failure, state.failure == nil ? [] : state.waiters.removeAll())
        }
        if let failure { for waiter in waiters { waiter.resolve(.failed(failure)) } }
    }

    /// Nil as long as one of the endpoints may still be reached.
    private func unreachableError(
        _ endpoints: [PooledEndpoint], _ conditions: [Subchannel.Condition]
    ) -> RPCError? {
        let errors = conditions.compactMap(\.error)
        let notServing = zip(endpoints, conditions).count { $1.isReady && health(of: $0) == .notServing }
        guard errors.count + notServing == conditions.count else { return nil }
        guard let last = errors.last else {
            return RPCError(
                .unavailable, "\(target): none of the \(conditions.count) endpoints is serving", isSafeToRetry: true)
        }
        if conditions.count == 1 { return last }
        let others = notServing > 0 ? "; \(notServing) can be reached, but not serving" : ""
        return RPCError(
            last.code,
            "\(target): none of the \(conditions.count) endpoints takes calls\(others); the last error: \(last.message)",
            isSafeToRetry: true, connectionFailure: last.connectionFailure)
    }
}
