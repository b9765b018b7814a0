internal import MartletTransport
internal import NIOConcurrencyHelpers

extension EndpointPool {
    package var statistics: ChannelStatistics {
        let (endpoints, retired, waiting, failure, isStale, isShutDown, isStarted) = state.withLockedValue { state in
            (
                state.endpoints, Array(state.retired.values), state.waiters.count + state.patientWaiters.count,
                state.failure, state.isStale, state.isShutDown, state.isStarted && !state.isDormant
            )
        }
        var statistics = ChannelStatistics()
        for endpoint in endpoints {
            let of = endpoint.subchannel.statistics
            statistics.add(of)
            statistics.endpoints.append(
                EndpointStatistics(
                    endpoint: endpoint.endpoint, state: of.state, isReady: endpoint.isReady,
                    isEjected: endpoint.isEjected, openCalls: endpoint.load.openCalls, calls: endpoint.load.calls,
                    failures: endpoint.load.failures))
        }
        for subchannel in retired { statistics.add(subchannel.statistics) }
        statistics.waitingCalls = waiting
        statistics.isStale = isStale
        statistics.state =
            if isShutDown {
                .shutDown
            } else if endpoints.contains(where: \.isReady) {
                .ready
            } else if failure != nil {
                .backingOff
            } else {
                isStarted ? .connecting : .idle
            }
        return statistics
    }
}

extension ChannelStatistics {
    fileprivate mutating func add(_ other: ChannelStatistics) {
        connections += other.connections
        calls += other.calls
        streams += other.streams
        queuedBytes += other.queuedBytes
    }
}
