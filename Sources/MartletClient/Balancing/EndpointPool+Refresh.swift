internal import Logging
internal import MartletCore
internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

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
    func health(of endpoint: PooledEndpoint) -> HealthWatch.Status {
        upkeep.value.records[endpoint.endpoint.id]?.health?.status ?? .serving
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
