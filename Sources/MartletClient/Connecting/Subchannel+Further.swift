internal import MartletCore
package import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

/// One more connection to a server, made since the others have no room. It takes calls when the server has said Hello:
/// only then it is known how many.
struct FurtherConnection: Sendable {
    private enum State {
        case none
        case connecting
        case greeting(ClientConnection)
    }

    private var state = State.none
    /// No attempt before, in nanoseconds on the loop's clock.
    private var pausedUntil: UInt64 = 0

    /// After an attempt that failed.
    private static let pause: UInt64 = 1_000_000_000

    /// Whether an attempt is to begin.
    ///
    /// - Parameter count: Of the connections that there are.
    mutating func begin(count: Int, limit: Int, now: UInt64) -> Bool {
        guard count > 0, count < limit, case .none = state, now >= pausedUntil else { return false }
        state = .connecting
        return true
    }

    mutating func connected(_ connection: ClientConnection) { state = .greeting(connection) }

    /// Whether this is the connection that was waited for.
    mutating func established(_ connection: ClientConnection) -> Bool {
        guard case .greeting(let waiting) = state, waiting === connection else { return false }
        state = .none
        return true
    }

    mutating func failed(now: UInt64) {
        state = .none
        pausedUntil = now &+ Self.pause
    }

    mutating func lost(_ connection: ClientConnection, now: UInt64) {
        if established(connection) { failed(now: now) }
    }

    /// The connection that is no use any more.
    mutating func abandon() -> ClientConnection? {
        guard case .greeting(let connection) = state else { return nil }
        state = .none
        return connection
    }
}

extension Subchannel {
    package func connectionIsFull(_ connection: ClientConnection) {
        guard configuration.maxConnections > 1, connection.hasAllStreams else { return }
        let now = executor.uptimeNanoseconds
        let begins = state.withLockedValue { state in
            state.further.begin(count: state.connections.count, limit: configuration.maxConnections, now: now)
        }
        guard begins else { return }
        open(attempt: 1) { connection in
            self.state.withLockedValue { state in
                // Its Hello may have come, or its end, before it was told that it is connected.
                if connection.end == nil {
                    state.further.connected(connection)
                } else {
                    state.further.failed(now: self.executor.uptimeNanoseconds)
                }
            }
            if connection.isEstablished, connection.end == nil { self.connectionEstablished(connection) }
        } whenFailed: { _ in
            self.state.withLockedValue { $0.further.failed(now: self.executor.uptimeNanoseconds) }
        }
    }

    /// Whether this was a further connection. On the loop.
    func furtherEstablished(_ connection: ClientConnection) -> Bool {
        let (isFurther, full) = state.withLockedValue { state in
            guard state.further.established(connection) else { return (false, ClientConnection?.none) }
            guard case .ready = state.connectivity.state else {
                state.draining[ObjectIdentifier(connection)] = connection
                return (true, nil)
            }
            state.connections.append(connection)
            return (true, state.connections.first)
        }
        if isFurther {
            // New calls look for room by themselves.
            if let full { full.releaseWaiters() } else { connection.drain("the connection beside it is gone") }
        }
        return isFurther
    }
}
