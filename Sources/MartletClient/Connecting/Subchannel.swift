package import Logging
package import MartletCore
package import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The connections to one server: those that take calls, and those that still finish theirs.
///
/// One is enough as long as the server allows as many calls on it as are made. When it doesn't, a further one is made
/// beside it, up to a limit; what happens to those doesn't change the subchannel's state.
///
/// Usable on any thread; all waiting is done by the event loop's timers. What isn't private is for the extensions in the
/// files beside this one.
package final class Subchannel: ConnectionSource, ClientConnectionObserver {
    struct State {
        var connectivity: Connectivity
        /// The first is the one that the state is about.
        var connections: [ClientConnection] = []
        /// Connections that still finish their calls.
        var draining: [ObjectIdentifier: ClientConnection] = [:]
        /// Callers that fail with the next failed attempt.
        var waiters = WaiterQueue()
        /// Callers that wait for a connection whatever happens.
        var patientWaiters = WaiterQueue()
        /// What to tell when no connection is left, after the shutdown.
        var whenClosed: [@Sendable () -> Void] = []
        /// Whether the first connection's server has said Hello.
        var isEstablished = false
        /// Since when there is an attempt to connect, in nanoseconds on the loop's clock.
        var connectingSince: UInt64 = 0
        /// Of the last attempt to connect, until one works.
        var lastError: RPCError?
        var further = FurtherConnection()

        var somebodyWaits: Bool { !waiters.isEmpty || !patientWaiters.isEmpty }
        var isClosed: Bool { connections.isEmpty && draining.isEmpty }

        mutating func takeWaiters() -> [Waiter] { waiters.removeAll() + patientWaiters.removeAll() }
    }

    package struct Configuration: Sendable {
        package var connectTimeout: Duration
        package var connection: ClientConnectionConfiguration
        package var backoff: Backoff
        package var maxConnections: Int
        package var logLevel: Logger.Level
    }

    package let executor: LoopExecutor
    /// The server, as errors name it.
    let peer: String
    let connector: any Connector
    let configuration: Configuration
    let logger: Logger
    let state: NIOLockedValueBox<State>
    private let whenChanged: (@Sendable () -> Void)?

    /// - Parameter whenChanged: Runs on the loop, some time after ``condition`` has changed.
    package init(
        peer: String, connector: any Connector, executor: LoopExecutor, configuration: Configuration, logger: Logger,
        whenChanged: (@Sendable () -> Void)? = nil
    ) {
        self.peer = peer
        self.connector = connector
        self.executor = executor
        self.configuration = configuration
        self.logger = logger
        self.whenChanged = whenChanged
        self.state = NIOLockedValueBox(State(connectivity: Connectivity(backoff: configuration.backoff)))
    }

    // MARK: - For calls

    package func connection(for call: OutgoingCall) -> PickedConnection {
        readyConnection.map(PickedConnection.connection) ?? .none
    }

    /// A connection that takes calls at the moment; one with room, if any has.
    package var readyConnection: ClientConnection? {
        let (first, all) = state.withLockedValue { state in
            (state.connections.first, state.connections.count > 1 ? state.connections : [])
        }
        return all.first { $0.hasRoom } ?? first
    }

    package func waitForConnection(_ waiter: Waiter, waitsForReady: Bool) {
        let (outcome, action): (Waiter.Outcome?, Connectivity.Action) = state.withLockedValue { state in
            if !state.connections.isEmpty { return (.goOn, .none) }
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

    // MARK: - For those who choose among subchannels

    package enum Condition: Sendable {
        case idle
        /// - since: Nanoseconds on the loop's clock.
        case connecting(since: UInt64, lastError: RPCError?)
        /// The server has said Hello and takes calls.
        case ready
        case failing(RPCError)
        case shutDown
    }

    package var condition: Condition {
        state.withLockedValue { state in
            switch state.connectivity.state {
            case .idle: .idle
            case .ready where state.isEstablished: .ready
            case .connecting, .ready: .connecting(since: state.connectingSince, lastError: state.lastError)
            case .backingOff(let error): .failing(error)
            case .shutDown: .shutDown
            }
        }
    }

    /// Connects if nothing is connected and nobody does so already.
    package func connect() { perform(state.withLockedValue { $0.connectivity.callArrived() }) }

    /// Lets the connections finish their calls; the next call, or ``connect()``, makes a new one.
    package func disconnect(_ reason: String) {
        let connections = state.withLockedValue { $0.connections }
        for connection in connections {
            connectionDraining(connection)
            connection.drain(reason)
        }
    }

    func changed() {
        if let whenChanged { executor.loop.execute(whenChanged) }
    }

    // MARK: - Connecting

    func perform(_ action: Connectivity.Action) {
        switch action {
        case .none:
            break
        case .connect:
            connectOnce()
        case .backOff(let delay):
            executor.loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
                self.perform(
                    self.state.withLockedValue { state in
                        let somebodyWaits = state.somebodyWaits
                        return state.connectivity.backoffPassed(somebodyWaits: somebodyWaits)
                    })
                self.changed()
            }
        }
    }

    private func connectOnce() {
        let now = executor.uptimeNanoseconds
        let attempt = state.withLockedValue { state in
            state.connectingSince = now
            state.isEstablished = false
            return state.connectivity.failedAttempts + 1
        }
        changed()
        open(attempt: attempt) { connection in
            self.connectionReady(connection)
        } whenFailed: { problem in
            self.attemptFailed(self.connectError(problem, attempt: attempt))
        }
    }

    /// Opens a connection. On the loop, one of the bodies runs.
    func open(
        attempt: Int, whenConnected: @escaping @Sendable (ClientConnection) -> Void,
        whenFailed: @escaping @Sendable (any Error) -> Void
    ) {
        let connection = ClientConnection(
            executor: executor, peer: peer, attempt: attempt, configuration: configuration.connection, observer: self)
        let connected = connector.connect(on: executor.loop, timeout: configuration.connectTimeout) { channel in
            try channel.pipeline.syncOperations.addHandler(connection)
        }
        connected.whenComplete { result in
            switch result {
            case .success: whenConnected(connection)
            case .failure(let problem): whenFailed(problem)
            }
        }
    }

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
            state.connections = [connection]
            return (state.takeWaiters(), true)
        }
        if !isWanted { connection.drain("the channel was shut down") }
        for waiter in waiters { waiter.resolve(.goOn) }
    }

    private func connectError(_ problem: any Error, attempt: Int) -> RPCError {
        let (stage, cause) = connectFailure(problem)
        return RPCError(
            ConnectionFailure(peer: peer, stage: stage, cause: cause, attempt: attempt),
            "cannot connect to \(peer) (attempt \(attempt)): \(connectFailureText(problem))", isSafeToRetry: true)
    }

    private func attemptFailed(_ error: RPCError) {
        // Those that follow tell nothing new.
        let level = error.connectionFailure?.attempt == 1 ? configuration.logLevel : .debug
        logger.log(level: level, "cannot connect", metadata: ["server": "\(peer)", "error": "\(error)"])
        failAttempt(error) { state in
            state.lastError = error
            return state.connectivity.connectFailed(error, random: .random(in: 0...1))
        }
    }

    func failAttempt(_ error: RPCError, _ transition: (inout State) -> Connectivity.Action) {
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
        changed()
    }

    var helloHint: String {
        " before it said \(configuration.connection.greeting); \(configuration.connection.doubt)"
    }
}
