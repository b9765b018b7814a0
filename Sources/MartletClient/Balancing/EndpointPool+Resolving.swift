internal import Logging
internal import MartletCore
internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

/// What the resolver says: on the loop only.
extension EndpointPool {
    func resolved(_ result: Result<Resolution, RPCError>) {
        guard !state.withLockedValue({ $0.isShutDown }) else { return }
        switch result {
        case .success(let resolution): resolved(resolution)
        case .failure(let error): notResolved(error)
        }
    }

    private func resolved(_ resolution: Resolution) {
        let now = executor.uptimeNanoseconds
        let endpoints = resolution.endpoints.filter { endpoint in
            if !endpoint.addresses.isEmpty { return true }
            configuration.logger.warning("an endpoint has no address", metadata: ["endpoint": "\(endpoint.id)"])
            return false
        }
        let (isSuspicious, hasChanged) = state.withLockedValue { state in
            let before = state.list.entries
            let isSuspicious = state.list.update(endpoints, now: now)
            state.isStale = false
            state.whyEmpty = RPCError(.unavailable, "\(target) has no endpoints", isSafeToRetry: true)
            return (isSuspicious, state.list.entries != before)
        }
        if isSuspicious {
            configuration.logger.warning(
                "half of the endpoints or more have vanished; those that can be reached stay for a while",
                metadata: ["target": "\(target)", "left": "\(endpoints.count)"])
        }
        if let text = resolution.serviceConfig { use(serviceConfig: text) }
        if hasChanged { followList() }
        planRefresh()
    }

    /// One that can't be read leaves the one before it.
    private func use(serviceConfig text: String) {
        guard upkeep.value.serviceConfig != text else { return }
        upkeep.value.serviceConfig = text
        do throws(RPCError) {
            let config = try ServiceConfig(json: text)
            policies.use(config)
            upkeep.value.policy = balancing.policy ?? config.policy ?? .weightedRoundRobin
            let service = balancing.healthCheckService ?? config.healthCheckService
            guard service != upkeep.value.healthCheckService else { return }
            upkeep.value.healthCheckService = service
            // Those that are connected are met anew.
            for id in upkeep.value.records.keys {
                upkeep.value.records[id]?.health?.stop()
                upkeep.value.records[id]?.isConnected = false
            }
        } catch {
            configuration.logger.warning(
                "the resolver's service config can't be read; the one before it stays",
                metadata: ["target": "\(target)", "error": "\(error)"])
        }
    }

    /// The last good list stays.
    private func notResolved(_ error: RPCError) {
        let (isNews, isEmpty) = state.withLockedValue { state in
            defer { state.isStale = true }
            state.whyEmpty = RPCError(
                ConnectionFailure(peer: target, stage: .resolving, cause: .unreachable, attempt: 1),
                "\(target) can't be resolved: \(error.message)", isSafeToRetry: true)
            return (!state.isStale, state.list.entries.isEmpty)
        }
        if isNews {
            configuration.logger.warning(
                isEmpty ? "the target can't be resolved" : "the target can't be resolved now; its endpoints are stale",
                metadata: ["target": "\(target)", "error": "\(error)"])
        }
        planRefresh()
    }
}
