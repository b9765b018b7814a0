internal import Logging
package import MartletCore
package import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

/// What connections tell.
extension Subchannel {
    package func connectionEstablished(_ connection: ClientConnection) {
        logger.log(level: configuration.logLevel, "connected", metadata: ["server": "\(peer)"])
        if furtherEstablished(connection) { return }
        state.withLockedValue { state in
            guard state.connections.first === connection || state.connections.isEmpty else { return }
            state.connectivity.established()
            state.isEstablished = true
            state.lastError = nil
        }
        changed()
    }

    package func connectionDraining(_ connection: ClientConnection) {
        let action = state.withLockedValue { state in
            guard state.remove(connection) else { return Connectivity.Action.none }
            state.draining[ObjectIdentifier(connection)] = connection
            guard state.connections.isEmpty else { return .none }
            state.isEstablished = false
            state.connectivity.drained()
            return state.somebodyWaits ? state.connectivity.callArrived() : .none
        }
        perform(action)
        changed()
    }

    package func connectionClosed(
        _ connection: ClientConnection, failure: ConnectionFailure, text: String, wasEstablished: Bool
    ) {
        let attempt = wasEstablished ? "" : " (attempt \(failure.attempt))"
        let hint = wasEstablished ? "" : helloHint
        let error = RPCError(failure, "\(peer)\(attempt): \(text)\(hint)", isSafeToRetry: true)
        logger.log(
            level: configuration.logLevel, "a connection has closed",
            metadata: ["server": "\(peer)", "reason": "\(text)"])
        failAttempt(error) { state in
            state.draining[ObjectIdentifier(connection)] = nil
            state.further.lost(connection, now: executor.uptimeNanoseconds)
            guard state.remove(connection), state.connections.isEmpty else { return .none }
            state.isEstablished = false
            if !wasEstablished { state.lastError = error }
            return state.connectivity.lost(error, wasEstablished: wasEstablished, random: .random(in: 0...1))
        }
        let whenClosed = state.withLockedValue { state in
            guard state.isClosed else { return [@Sendable () -> Void]() }
            defer { state.whenClosed = [] }
            return state.whenClosed
        }
        for body in whenClosed { body() }
    }
}

extension Subchannel.State {
    /// Whether the connection was one of those that take calls. Where others are left, they have said Hello.
    mutating func remove(_ connection: ClientConnection) -> Bool {
        guard let index = connections.firstIndex(where: { $0 === connection }) else { return false }
        connections.remove(at: index)
        return true
    }
}
