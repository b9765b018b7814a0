internal import MartletCore
internal import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The end, and what there is until then.
extension Subchannel {
    package func shutDown(grace: Duration?, whenClosed: @escaping @Sendable () -> Void) {
        let (waiters, connections, isClosed) = state.withLockedValue { state in
            state.connectivity.shutDown()
            let waiters = state.takeWaiters()
            for connection in state.connections { state.draining[ObjectIdentifier(connection)] = connection }
            state.connections = []
            if let connection = state.further.abandon() { state.draining[ObjectIdentifier(connection)] = connection }
            if !state.isClosed { state.whenClosed.append(whenClosed) }
            return (waiters, Array(state.draining.values), state.isClosed)
        }
        for waiter in waiters { waiter.resolve(.failed(shutDownError)) }
        if isClosed { return whenClosed() }
        for connection in connections { connection.drain("the channel was shut down") }
        guard let grace else { return }
        executor.loop.scheduleTask(in: .nanoseconds(grace.nanoseconds)) {
            for connection in connections { connection.close(reason: "the channel shut down") }
        }
    }

    var shutDownError: RPCError {
        RPCError(
            ConnectionFailure(peer: peer, stage: .opening, cause: .shutDown, attempt: 1),
            "the channel to \(peer) is shut down", isSafeToRetry: true)
    }

    package var statistics: ChannelStatistics {
        let (state, waiting, connections) = state.withLockedValue { state in
            (
                state.connectivity.state, state.waiters.count + state.patientWaiters.count,
                state.connections + Array(state.draining.values)
            )
        }
        var statistics = ChannelStatistics()
        statistics.state =
            switch state {
            case .idle: .idle
            case .connecting: .connecting
            case .ready: .ready
            case .backingOff: .backingOff
            case .shutDown: .shutDown
            }
        statistics.waitingCalls = waiting
        statistics.connections = connections.count
        for connection in connections.map(\.statistics) {
            statistics.calls += connection.calls
            statistics.streams += connection.streams
            statistics.queuedBytes += connection.queuedBytes
        }
        return statistics
    }
}
