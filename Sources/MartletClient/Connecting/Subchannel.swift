package import Logging
package import MartletCore
package import MartletTransport
private import NIOConcurrencyHelpers
internal import NIOCore

/// The connections to one server: at most one that takes calls, and those that still finish theirs.
///
/// Usable on any thread; all waiting is done by the event loop's timers.
package final class Subchannel: ClientConnectionObserver {
    private struct State {
        var connectivity: Connectivity
        var connection: ClientConnection?
        /// Connections that still finish their calls.
        var draining: [ObjectIdentifier: ClientConnection] = [:]
        /// Callers that fail with the next failed attempt.
        var waiters = WaiterQueue()
        /// Callers that wait for a connection whatever happens.
        var patientWaiters = WaiterQueue()
        /// What to tell when no connection is left, after the shutdown.
        var whenClosed: [@Sendable () -> Void] = []

        var somebodyWaits: Bool { !waiters.isEmpty || !patientWaiters.isEmpty }
        var isClosed: Bool { connection == nil && draining.isEmpty }

        mutating func takeWaiters() -> [Waiter] { waiters.removeAll() + patientWaiters.removeAll() }
    }

    package struct Configuration: Sendable {
        package var connectTimeout: Duration
        package var connection: ClientConnectionConfiguration
        package var backoff: Backoff
    }

    package let executor: LoopExecutor
    /// Bytes of one stream's messages that may be under way or unread.
    package var streamWindow: Int { 256 << 10 }
    /// The server, as errors name it.
    private let peer: String
    private let connector: any Connector
    private let configuration: Configuration
    private let logger: Logger
    private let state: NIOLockedValueBox<State>

    package init(
        peer: String, connector: any Connector, executor: LoopExecutor, configuration: Configuration, logger: Logger
    ) {
        self.peer = peer
        self.connector = connector
        self.executor = executor
        self.configuration = configuration
        self.logger = logger
        self.state = NIOLockedValueBox(State(connectivity: Connectivity(backoff: configuration.backoff)))
    }

    // MARK: - For calls

    /// The connection that takes calls at the moment.
    package var readyConnection: ClientConnection? { state.withLockedValue { $0.connection } }

    /// Resolves the waiter when there is a connection, or with why there is none. Connects if nobody does.
    ///
    /// - Parameter waitsForReady: Whether failed attempts are to be waited out.
    package func waitForConnection(_ waiter: Waiter, waitsForReady: Bool) {
        let (outcome, action): (Waiter.Outcome?, Connectivity.Action) = state.withLockedValue { state in
            if state.connection != nil { return (.goOn, .none) }
            switch state.connectivity.state {
            case .shutDown:
                return (.failed(shutDownError), .none)
            case .backingOff(let error) where !waitsForReady:
                return (.failed(error), .none)
            case .idle, .connecting, .ready, .backingOff:
                if waitsForReady { state.patientWaiters.append(waiter) } else { state.waiters.append(waiter) }
                return (nil, state.connectivity.callArrived())
            }
        }
        if let outcome { waiter.resolve(outcome) }
        perform(action)
    }

    // MARK: - Connecting

    private func perform(_ action: Connectivity.Action) {
        switch action {
        case .none:
            break
        case .connect:
            connect()
        case .backOff(let delay):
            executor.loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
                self.perform(
                    self.state.withLockedValue { state in
                        let somebodyWaits = state.somebodyWaits
                        return state.connectivity.backoffPassed(somebodyWaits: somebodyWaits)
                    })
            }
        }
    }

    private func connect() {
        let attempt = state.withLockedValue { $0.connectivity.failedAttempts + 1 }
        let connection = ClientConnection(
            executor: executor, peer: peer, attempt: attempt, configuration: configuration.connection, observer: self)
        let connected = connector.connect(on: executor.loop, timeout: configuration.connectTimeout) { channel in
            try channel.pipeline.syncOperations.addHandler(connection)
        }
        connected.whenComplete { result in
            switch result {
            case .success: self.connectionReady(connection)
            case .failure(let error): self.connectFailed(error, attempt: attempt)
            }
        }
    }

    /// On the connection's loop.
    private func connectionReady(_ connection: ClientConnection) {
        if let (failure, text) = connection.end {
            // It didn't live to carry a call.
            return attemptFailed(
                RPCError(
                    failure, "\(peer) (attempt \(failure.attempt)): \(text)\(helloHint)", isSafeToRetry: true))
        }
        let (waiters, isWanted) = state.withLockedValue { state in
            guard case .connecting = state.connectivity.state else {
                state.draining[ObjectIdentifier(connection)] = connection
                return ([Waiter](), false)
            }
            state.connectivity.connected()
            state.connection = connection
            return (state.takeWaiters(), true)
        }
        if !isWanted { connection.drain("the channel was shut down") }
        for waiter in waiters { waiter.resolve(.goOn) }
    }

    private func connectFailed(_ problem: any Error, attempt: Int) {
        let (stage, cause) = connectFailure(problem)
        let error = RPCError(
            ConnectionFailure(peer: peer, stage: stage, cause: cause, attempt: attempt),
            "cannot connect to \(peer) (attempt \(attempt)): \(connectFailureText(problem))", isSafeToRetry: true)
        attemptFailed(error)
    }

    private func attemptFailed(_ error: RPCError) {
        logger.debug("attempt to connect failed", metadata: ["error": "\(error)"])
        failAttempt(error) { state in
            state.connectivity.connectFailed(error, random: .random(in: 0...1))
        }
    }

    private func failAttempt(_ error: RPCError, _ transition: (inout State) -> Connectivity.Action) {
        let (action, failed) = state.withLockedValue { state in
            var action = transition(&state)
            switch state.connectivity.state {
            case .backingOff:
                return (action, state.waiters.removeAll())
            case .idle where state.somebodyWaits:
                action = state.connectivity.callArrived()
            default:
                break
            }
            return (action, [])
        }
        for waiter in failed { waiter.resolve(.failed(error)) }
        perform(action)
    }

    // MARK: - What connections tell

    package func connectionEstablished(_ connection: ClientConnection) {
        state.withLockedValue { $0.connectivity.established() }
    }

    package func connectionDraining(_ connection: ClientConnection) {
        let action = state.withLockedValue { state in
            guard state.connection === connection else { return Connectivity.Action.none }
            state.connection = nil
            state.draining[ObjectIdentifier(connection)] = connection
            state.connectivity.drained()
            return state.somebodyWaits ? state.connectivity.callArrived() : .none
        }
        perform(action)
    }

    package func connectionClosed(
        _ connection: ClientConnection, failure: ConnectionFailure, text: String, wasEstablished: Bool
    ) {
        let attempt = wasEstablished ? "" : " (attempt \(failure.attempt))"
        let hint = wasEstablished ? "" : helloHint
        let error = RPCError(failure, "\(peer)\(attempt): \(text)\(hint)", isSafeToRetry: true)
        logger.debug("a connection has closed", metadata: ["error": "\(error)"])
        failAttempt(error) { state in
            state.draining[ObjectIdentifier(connection)] = nil
            guard state.connection === connection else { return .none }
            state.connection = nil
            return state.connectivity.lost(error, wasEstablished: wasEstablished, random: .random(in: 0...1))
        }
        let whenClosed = state.withLockedValue { state in
            guard state.isClosed else { return [@Sendable () -> Void]() }
            defer { state.whenClosed = [] }
            return state.whenClosed
        }
        for body in whenClosed { body() }
    }

    // MARK: - The end

    /// Takes no more calls and lets those under way finish.
    ///
    /// - Parameters:
    ///   - grace: How long they may take; nil without end.
    ///   - whenClosed: Runs once, when no connection is left.
    package func shutDown(grace: Duration?, whenClosed: @escaping @Sendable () -> Void) {
        let (waiters, connections, isClosed) = state.withLockedValue { state in
            state.connectivity.shutDown()
            let waiters = state.takeWaiters()
            if let connection = state.connection.take() { state.draining[ObjectIdentifier(connection)] = connection }
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

    private var shutDownError: RPCError {
        RPCError(
            ConnectionFailure(peer: peer, stage: .opening, cause: .shutDown, attempt: 1),
            "the channel to \(peer) is shut down", isSafeToRetry: true)
    }

    private var helloHint: String {
        " before it said \(configuration.connection.greeting); \(configuration.connection.doubt)"
    }

    // MARK: - Statistics

    package var statistics: ChannelStatistics {
        let (state, waiting, connections) = state.withLockedValue { state in
            (
                state.connectivity.state, state.waiters.count + state.patientWaiters.count,
                (state.connection.map { [$0] } ?? []) + Array(state.draining.values)
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
