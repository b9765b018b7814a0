private import NIOConcurrencyHelpers
package import NIOCore

/// The open connections of a server.
package final class ConnectionSet: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: ServerConnection] = [:]
        /// Channels whose handshake isn't done.
        var unsecured: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        var whenEmpty: (@Sendable () -> Void)?
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// Adds a connection until its channel closes. One that comes while the set drains is drained at once.
    package func insert(_ connection: ServerConnection) {
        let isDraining = state.withLockedValue { state in
            state.connections[ObjectIdentifier(connection)] = connection
            return state.isDraining
        }
        if isDraining { connection.executor.onLoop { connection.drain(reason: "the server is shutting down") } }
    }

    package func remove(_ connection: ServerConnection) {
        let whenEmpty = state.withLockedValue { state in
            state.connections[ObjectIdentifier(connection)] = nil
            return state.connections.isEmpty ? state.whenEmpty.take() : nil
        }
        whenEmpty?()
    }

    /// Adds a channel that is no connection before its handshake is done. The set closes it when it drains.
    package func insertUnsecured(_ channel: any Channel) {
        let isDraining = state.withLockedValue { state in
            state.unsecured[ObjectIdentifier(channel)] = channel
            return state.isDraining
        }
        if isDraining { channel.close(promise: nil) }
    }

    package func removeUnsecured(_ channel: any Channel) {
        _ = state.withLockedValue { $0.unsecured.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Lets every connection finish its calls and close.
    package func drain() {
        let (connections, unsecured) = state.withLockedValue { state in
            state.isDraining = true
            return (Array(state.connections.values), Array(state.unsecured.values))
        }
        for channel in unsecured { channel.close(promise: nil) }
        for connection in connections {
            connection.executor.onLoop { connection.drain(reason: "the server is shutting down") }
        }
    }

    /// Runs `body` once, when the last connection has closed.
    package func whenEmpty(_ body: @escaping @Sendable () -> Void) {
        let isEmpty = state.withLockedValue { state in
            if !state.connections.isEmpty { state.whenEmpty = body }
            return state.connections.isEmpty
        }
        if isEmpty { body() }
    }

    /// Ends every call with UNAVAILABLE and closes.
    package func closeAll() {
        for connection in state.withLockedValue({ Array($0.connections.values) }) {
            connection.executor.onLoop { connection.close(reason: "the server shut down before the call had ended") }
        }
    }
}
