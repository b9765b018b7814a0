internal import Logging
internal import MartletCore
package import MartletTransport
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Synchronization

/// A channel's endpoints: resolves the target, keeps a subchannel for each endpoint, and chooses one for each call.
///
/// ```
///   resolver ─▶ EndpointList ─▶ endpoints ─▶ picker ◀─ calls, on any thread
///                                   ▲
///              subchannels, health, ejections
/// ```
///
/// Whatever changes plans a refresh, which comes on the loop once a turn: it looks at everything anew and replaces the
/// picker if the choice has changed. What isn't private is for the extensions in the files beside this one.
package final class EndpointPool: ConnectionSource {
    struct State {
        var list: EndpointList
        var endpoints: [PooledEndpoint] = []
        /// Callers that fail when no endpoint can be reached.
        var waiters = WaiterQueue()
        /// Callers that wait for an endpoint whatever happens.
        var patientWaiters = WaiterQueue()
        /// Why no call can be made now, if so.
        var failure: RPCError?
        /// Why there are no endpoints, if there are none; nil until the resolver says something.
        var whyEmpty: RPCError?
        /// Whether the resolver couldn't say anything new last time.
        var isStale = false
        var isStarted = false
        var isShutDown = false
        /// Nobody has called for long: what has closed isn't connected again.
        var isDormant = false
        var resolving: Task<Void, Never>?
        /// Subchannels that still finish calls of endpoints which are gone.
        var retired: [ObjectIdentifier: Subchannel] = [:]
        var whenClosed: [@Sendable () -> Void] = []

        var isClosed: Bool { endpoints.isEmpty && retired.isEmpty }

        mutating func takeWaiters() -> [Waiter] { waiters.removeAll() + patientWaiters.removeAll() }
    }

    package let executor: LoopExecutor
    /// The target, as errors name it.
    let target: String
    let balancing: LoadBalancing
    let configuration: ChannelConfiguration
    let policies: CallPolicies
    let random: RandomSource
    let shuffleSeed: UInt64
    let state: NIOLockedValueBox<State>
    let picker = NIOLockedValueBox<(any Picker)?>(nil)
    let upkeep: NIOLoopBoundBox<Upkeep>
    private let maker: SubchannelMaker
    private let resolve: @Sendable (ResolverUpdates) async -> Void
    private let updates = Mutex<ResolverUpdates?>(nil)
    private let isRefreshPlanned = Atomic(false)
    /// When the last call came, in nanoseconds on the loop's clock.
    let lastUse = Atomic<UInt64>(0)

    /// - Parameter resolve: Runs while the pool does.
    init(
        target: String, maker: SubchannelMaker, configuration: ChannelConfiguration, policies: CallPolicies,
        resolve: @escaping @Sendable (ResolverUpdates) async -> Void
    ) {
        self.target = target
        self.maker = maker
        self.configuration = configuration
        self.policies = policies
        self.resolve = resolve
        executor = maker.executor
        balancing = configuration.loadBalancing
        random = RandomSource(seed: balancing.seed ?? .random(in: 0...UInt64.max))
        shuffleSeed = random.next()
        state = NIOLockedValueBox(
            State(list: EndpointList(suspicion: UInt64(max(0, balancing.suspicion.nanoseconds)))))
        upkeep = NIOLoopBoundBox.makeBoxSendingValue(
            Upkeep(balancing, configuration.serviceConfig), eventLoop: executor.loop)
    }

    // MARK: - For calls

    package func connection(for call: OutgoingCall) -> PickedConnection {
        guard let picker = picker.withLockedValue({ $0 }) else { return .none }
        let now = executor.uptimeNanoseconds
        lastUse.store(now, ordering: .relaxed)
        let limit = balancing.maxConcurrentCallsPerEndpoint ?? .max
        var isOverLimit = false
        for attempt in 0..<Self.picksPerCall {
            guard let picked = picker.pick(call, now: now) else { break }
            // Another attempt goes elsewhere, where there is an elsewhere.
            if call.lastObserver == ObjectIdentifier(picked.load), attempt < 2 { continue }
            if picked.load.openCalls >= limit {
                isOverLimit = true
                continue
            }
            if let connection = picked.subchannel.readyConnection {
                picked.load.callBegins()
                call.observe(by: picked.load, now: now)
                return .connection(connection)
            }
            planRefresh()
        }
        return isOverLimit ? .rejected(overLimitError(limit)) : .none
    }

    /// Endpoints that are tried for one call before it waits.
    private static let picksPerCall = 5

    private func overLimitError(_ limit: Int) -> RPCError {
        RPCError(
            .resourceExhausted,
            "\(target): \(limit) calls are open at each endpoint that could be chosen, and no more are allowed",
            isSafeToRetry: true)
    }

    package func connectionIsFull(_ connection: ClientConnection) {
        (connection.observer as? Subchannel)?.connectionIsFull(connection)
    }

    package func waitForConnection(_ waiter: Waiter, waitsForReady: Bool) {
        let (error, starts) = state.withLockedValue { state in
            if state.isShutDown { return (RPCError?.some(shutDownError), false) }
            if let failure = state.failure, !waitsForReady { return (failure, false) }
            if waitsForReady { state.patientWaiters.append(waiter) } else { state.waiters.append(waiter) }
            state.isDormant = false
            defer { state.isStarted = true }
            return (nil, !state.isStarted)
        }
        if let error { waiter.resolve(.failed(error)) }
        lastUse.store(executor.uptimeNanoseconds, ordering: .relaxed)
        if starts { start() } else { planRefresh() }
    }

    private var shutDownError: RPCError {
        RPCError(
            ConnectionFailure(peer: target, stage: .opening, cause: .shutDown, attempt: 1),
            "the channel to \(target) is shut down", isSafeToRetry: true)
    }

    // MARK: - Resolving

    private func start() {
        let updates = ResolverUpdates(executor: executor, logger: configuration.logger) { result in
            self.executor.loop.execute { self.resolved(result) }
        }
        self.updates.withLock { $0 = updates }
        // Not a part of the call that happens to be the first.
        let resolving = Task.detached(executorPreference: executor) { [resolve] in await resolve(updates) }
        let isShutDown = state.withLockedValue { state in
            state.resolving = resolving
            return state.isShutDown
        }
        if isShutDown {
            resolving.cancel()
            self.updates.withLock { $0 = nil }
        }
        planRefresh()
    }

    /// Asks the resolver whether anything has changed.
    func askResolver() { updates.withLock { $0 }?.request() }

    /// Makes the endpoints those of the list. On the loop.
    func followList() {
        let (entries, current) = state.withLockedValue { ($0.list.entries, $0.endpoints) }
        var known: [String: PooledEndpoint] = [:]
        for endpoint in current { known[endpoint.endpoint.id] = endpoint }
        var endpoints: [PooledEndpoint] = []
        for entry in entries {
            if let old = known[entry.endpoint.id], old.endpoint.isReached(as: entry.endpoint) {
                known[entry.endpoint.id] = nil
                endpoints.append(old.updated(to: entry.endpoint))
                continue
            }
            do throws(RPCError) {
                let subchannel = try maker.subchannel(entry.endpoint) { self.planRefresh() }
                endpoints.append(
                    PooledEndpoint(entry.endpoint, subchannel: subchannel, load: EndpointLoad(executor: executor)))
            } catch {
                configuration.logger.warning(
                    "an endpoint can't be used", metadata: ["endpoint": "\(entry.endpoint.id)", "error": "\(error)"])
            }
        }
        state.withLockedValue { $0.endpoints = endpoints }
        for endpoint in known.values { retire(endpoint.subchannel) }
    }

    /// Lets a subchannel's calls finish.
    private func retire(_ subchannel: Subchannel) {
        let id = ObjectIdentifier(subchannel)
        state.withLockedValue { $0.retired[id] = subchannel }
        subchannel.shutDown(grace: nil) {
            let whenClosed = self.state.withLockedValue { state in
                state.retired[id] = nil
                guard state.isShutDown, state.isClosed else { return [@Sendable () -> Void]() }
                defer { state.whenClosed = [] }
                return state.whenClosed
            }
            for body in whenClosed { body() }
        }
    }

    // MARK: - Refreshing

    /// Makes sure that a refresh comes.
    func planRefresh() {
        guard !isRefreshPlanned.exchange(true, ordering: .acquiringAndReleasing) else { return }
        executor.loop.execute {
            self.isRefreshPlanned.store(false, ordering: .releasing)
            self.refresh()
        }
    }

    // MARK: - The end

    package func shutDown(grace: Duration?, whenClosed: @escaping @Sendable () -> Void) {
        let (waiters, endpoints, retired, resolving, isClosed) = state.withLockedValue { state in
            state.isShutDown = true
            let endpoints = state.endpoints
            state.endpoints = []
            for endpoint in endpoints { state.retired[ObjectIdentifier(endpoint.subchannel)] = endpoint.subchannel }
            if !state.isClosed { state.whenClosed.append(whenClosed) }
            return (
                state.takeWaiters(), endpoints, Array(state.retired.values), state.resolving.take(), state.isClosed
            )
        }
        picker.withLockedValue { $0 = nil }
        // It refers to this pool, as everything does that is taken out here.
        updates.withLock { $0 = nil }
        resolving?.cancel()
        for waiter in waiters { waiter.resolve(.failed(shutDownError)) }
        executor.loop.execute { self.endUpkeep() }
        if isClosed { return whenClosed() }
        for endpoint in endpoints { retire(endpoint.subchannel) }
        // Once more, with the grace: whoever was retired before had none.
        for subchannel in retired { subchannel.shutDown(grace: grace) {} }
    }
}

extension Endpoint {
    /// Whether connections to the other are connections to this one.
    fileprivate func isReached(as other: Endpoint) -> Bool {
        addresses == other.addresses && wire == other.wire && authority == other.authority
    }
}
