internal import Logging
public import MartletCore
internal import MartletTransport
internal import MartletWire
private import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import UnixSignals

/// Answers calls on one or more addresses.
///
/// Handlers run on the event loop of their connection, so one that computes or blocks holds up the others of its loop.
public final class RPCServer: Service {
    private let services: [any RPCService]
    private let router: Router
    private let listenAddresses: [ListenAddress]
    private let configuration: ServerConfiguration
    private let group: any EventLoopGroup
    private let connections = ConnectionSet()
    private let counters: [ObjectIdentifier: LoopCounters]
    private let registrations: Registrations
    private let phase = NIOLockedValueBox(ServerPhase())
    /// The addresses it listens on, or why it doesn't.
    private let bound: EventLoopPromise<[ListenAddress]>
    /// Fulfilled when the addresses are free and the last connection has closed.
    private let closed: EventLoopPromise<Void>
    /// Fulfilled when nothing registers the server any more, or nobody wants to wait for that.
    private let left: EventLoopPromise<Void>
    /// Fulfilled when the server takes no more calls.
    private let draining: EventLoopPromise<Void>

    /// How long the end may wait for registries when there is no grace.
    private static let hurriedLeave = TimeAmount.seconds(1)

    /// Creates a server; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - services: What it serves.
    ///   - addresses: Where it listens.
    ///   - configuration: How it behaves.
    public init(
        services: [any RPCService], listen addresses: ListenAddress..., configuration: ServerConfiguration = .init()
    ) {
        var router = Router()
        for service in services { service.register(in: &router) }
        self.services = services
        self.router = router
        self.listenAddresses = addresses
        self.configuration = configuration
        group = configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        counters = Dictionary(uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), LoopCounters()) })
        let loop = group.next()
        registrations = Registrations(configuration, executor: LoopExecutor.of(loop))
        bound = loop.makePromise()
        closed = loop.makePromise()
        left = loop.makePromise()
        draining = loop.makePromise()
    }

    deinit {
        bound.fail(RPCError(.unavailable, "the server never ran"))
        closed.succeed()
        left.succeed()
        draining.succeed()
    }

    /// Where the server listens, with the ports the system chose. Waits until it does and is registered.
    ///
    /// Throws what ``run()`` throws when it can't start.
    public var addresses: [ListenAddress] {
        get async throws { try await bound.futureResult.get() }
    }

    /// What it holds now: the sum over its event loops, each of which counts by itself.
    public var statistics: ServerStatistics {
        counters.values.reduce(into: ServerStatistics()) { sum, counters in
            sum.connections += counters.connections.current
            sum.calls += counters.calls.current
            sum.tasks += counters.tasks.current
            sum.queuedBytes += counters.queuedBytes.current
            sum.unreadBytes += counters.unreadBytes.current
        }
    }

    /// Listens, registers and answers calls until the server is shut down: by ``shutdown(drain:grace:)``, by SIGTERM or
    /// SIGINT (unless the configuration says otherwise), by the graceful shutdown of an enclosing `ServiceGroup`, or at
    /// once by cancelling the task.
    ///
    /// Throws an `RPCError` when it can't start: UNAVAILABLE if an address can't be listened on, INVALID_ARGUMENT if it
    /// is no address, FAILED_PRECONDITION if two services claim a method or the server ran before; and what its
    /// registrations throw.
    public func run() async throws {
        let addresses: [ListenAddress]
        do { addresses = try await start() } catch {
            bound.fail(error)
            throw error
        }
        try await withGracefulShutdownHandler {
            try await withTaskCancellationHandler {
                try await serve(addresses)
            } onCancel: {
                beginShutdown(grace: .zero)
            }
        } onGracefulShutdown: {
            self.beginShutdown(grace: self.configuration.shutdownGrace)
        }
    }

    /// Ends the server, and returns when its addresses are free and the last connection has closed. Step by step: its
    /// services are told, so that its health turns to not serving; it is taken out of its registries; it goes on taking
    /// calls until their watchers have noticed; then it stops listening, refuses new calls on open connections in a way
    /// that is safe to retry, and lets those under way finish. With a grace of zero it waits for none of that.
    ///
    /// - Parameters:
    ///   - drain: How long it takes calls after it has left its registries. Default: the configuration's `drainDelay`.
    ///   - grace: How long calls may take to finish after that; then they end with UNAVAILABLE and their handlers are
    ///     cancelled. Default: the configuration's `shutdownGrace`.
    public func shutdown(drain: Duration? = nil, grace: Duration? = nil) async {
        beginShutdown(drain: drain, grace: grace ?? configuration.shutdownGrace)
        try? await closed.futureResult.get()
    }

    private func start() async throws(RPCError) -> [ListenAddress] {
        if let conflict = router.conflicts.first {
            throw RPCError(.failedPrecondition, "two services of the server claim the method \(conflict)")
        }
        guard !listenAddresses.isEmpty else {
            throw RPCError(.failedPrecondition, "the server has no address to listen on")
        }
        guard phase.withLockedValue({ $0.start() }) else {
            throw RPCError(.failedPrecondition, "the server has run before; create a new one")
        }
        for service in services { service.serverStarts(router.services) }
        var listeners: [Listener] = []
        var addresses: [ListenAddress] = []
        do throws(RPCError) {
            for address in listenAddresses {
                let listening = try await address.listen(group: group, setup: setup)
                listeners.append(listening.listener)
                addresses.append(listening.address)
            }
        } catch {
            await Self.close(listeners)
            tellOfDrain()
            throw error
        }
        if phase.withLockedValue({ $0.listen(listeners) }) {
            configuration.logger.debug(
                "listening", metadata: ["addresses": "\(addresses.map(\.description).joined(separator: " "))"])
        } else {
            await Self.close(listeners)
            tellOfDrain()
        }
        return addresses
    }

    private static func close(_ listeners: [Listener]) async {
        for listener in listeners { try? await listener.close().get() }
    }

    private var setup: Listener.Setup {
        var connection = ServerConnectionConfiguration()
        connection.limits.maxMessageBytes = configuration.maxMessageBytes
        connection.limits.streamWindow = configuration.streamWindow
        connection.limits.connectionWindow = configuration.connectionWindow
        connection.limits.compressions = Compression.allCases.map(\.rawValue)
        connection.limits.maxConcurrentStreams = configuration.maxConcurrentCallsPerConnection
        connection.limits.maxMetadataBytes = configuration.maxMetadataBytes
        connection.times = configuration.connectionTimes
        connection.maxQueuedBytes = configuration.maxQueuedBytes
        connection.maxMessageBytes = configuration.maxMessageBytes
        connection.watch = configuration.handlerHoldWarning.map {
            HoldWatch(threshold: $0, logger: configuration.logger)
        }
        for route in configuration.httpRoutes { connection.httpRoutes[route.path] = route }
        let counters = counters
        return Listener.Setup(
            dispatcher: CallHandling(router: router, configuration: configuration), connections: connections,
            counters: { counters[ObjectIdentifier($0)]! }, configuration: connection, logger: configuration.logger)
    }

    private func serve(_ addresses: [ListenAddress]) async throws {
        let signals = configuration.handlesSignals ? Task { await self.shutDownOnSignals() } : nil
        defer { signals?.cancel() }
        do { try await registrations.register(addresses) } catch {
            beginShutdown(grace: .zero)
            try? await closed.futureResult.get()
            bound.fail(error)
            throw error
        }
        bound.succeed(addresses)
        try? await closed.futureResult.get()
    }

    private func shutDownOnSignals() async {
        var grace = configuration.shutdownGrace
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            configuration.logger.info("shutting down", metadata: ["signal": "\(signal)", "grace": "\(grace)"])
            beginShutdown(grace: grace)
            grace = .zero
        }
    }

    private func beginShutdown(drain chosenDelay: Duration? = nil, grace: Duration) {
        let loop = closed.futureResult.eventLoop
        let delay = chosenDelay ?? configuration.drainDelay ?? (registrations.isEmpty ? .zero : .seconds(1))
        let waits = grace > .zero && (delay > .zero || !registrations.isEmpty)
        switch phase.withLockedValue({ $0.shutDown(waits: waits) }) {
        case .tellServices:
            for service in services { service.serverWillDrain() }
            leave()
            left.futureResult.whenComplete { [self] _ in
                loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [self] in
                    if case .drain(let listeners, let told) = phase.withLockedValue({ $0.shutDown(waits: false) }) {
                        drain(listeners, told)
                    }
                }
            }
        case .drain(let listeners, let told):
            drain(listeners, told)
            leave()
        case .nothing: break
        }
        if grace <= .zero { loop.scheduleTask(in: Self.hurriedLeave) { [left] in left.succeed() } }
        draining.futureResult.whenComplete { [connections] _ in
            loop.scheduleTask(in: .nanoseconds(grace.nanoseconds)) { connections.closeAll() }
        }
    }

    private func leave() {
        registrations.leave().whenComplete { [left] _ in left.succeed() }
    }

    private func drain(_ listeners: [Listener], _ told: ServerPhase.Told) {
        tellOfDrain(told)
        let stopped = listeners.map { $0.close() }
        connections.drain()
        draining.succeed()
        // Those too that were accepted until then.
        EventLoopFuture.andAllComplete(stopped, on: closed.futureResult.eventLoop).whenComplete {
            [connections, closed, left] _ in
            connections.whenEmpty { left.futureResult.whenComplete { _ in closed.succeed() } }
        }
    }

    private func tellOfDrain(_ told: ServerPhase.Told = .nothing) {
        if case .byStart = told { return }
        if case .nothing = told { for service in services { service.serverWillDrain() } }
        for service in services { service.serverDrains() }
    }
}
