internal import MartletClient
public import MartletCore
internal import MartletTransport
public import NIOCore
internal import NIOPosix
private import Synchronization

/// A registry in this process's memory: for services that live together, for development and for tests.
///
/// Leases end, watches wait and history is forgotten as in a registry of many machines. Usable on any thread.
public final class MemoryRegistry: ServiceRegistry {
    private struct State {
        var memory: MemoryState
        /// Watches that wait for a change.
        var watchers: [Int: (service: String, waiter: Eventually<Void>)] = [:]
        var lastWatcher = 0
        var timer: (scheduled: Scheduled<Void>, time: UInt64)?

        mutating func takeWoken() -> [Eventually<Void>] {
            let changed = memory.takeChanged()
            let woken = changed.isEmpty ? [:] : watchers.filter { changed.contains($0.value.service) }
            for watcher in woken.keys { watchers[watcher] = nil }
            return woken.sorted { $0.key < $1.key }.map(\.value.waiter)
        }
    }

    public var eventLoop: any EventLoop { executor.loop }
    private let executor: LoopExecutor
    private let state: Mutex<State>

    /// - Parameters:
    ///   - maxInstances: Of all services together; registering more fails with RESOURCE_EXHAUSTED.
    ///   - historyLength: The last changes, of all services together, that a watch can begin from without a snapshot.
    ///   - eventLoopGroup: By whose clock leases end. Default: NIO's singleton group.
    public init(
        maxInstances: Int = 10_000, historyLength: Int = 1000, eventLoopGroup: (any EventLoopGroup)? = nil
    ) {
        precondition(maxInstances > 0 && historyLength > 0, "a registry needs room for instances and changes")
        executor = LoopExecutor.of((eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next())
        state = Mutex(State(memory: MemoryState(maxInstances: maxInstances, historyLength: historyLength)))
    }

    deinit { state.withLock { $0.timer?.scheduled.cancel() } }

    // MARK: - Instances

    public func put(
        _ instance: ServiceInstance, under grant: LeaseGrant?, ttl: Duration
    ) async throws(RPCError) -> LeaseGrant {
        try instance.validate()
        let ttl = grant?.ttl ?? ttl
        let lease = try change { (memory, now) throws(RPCError) in
            try memory.put(instance, under: grant?.id, ttl: UInt64(max(0, ttl.nanoseconds)), at: now)
        }
        return LeaseGrant(id: lease, ttl: ttl)
    }

    public func renew(_ grant: LeaseGrant) async throws(RPCError) {
        try change { (memory, now) throws(RPCError) in try memory.renew(grant.id, at: now) }
    }

    public func revoke(_ grant: LeaseGrant) async throws(RPCError) {
        try change { (memory, _) throws(RPCError) in try memory.revoke(grant.id) }
    }

    public func discover(_ service: String) async throws(RPCError) -> ServiceSnapshot {
        state.withLock { $0.memory.snapshot(of: service) }
    }

    // MARK: - Watches

    public func watch(_ service: String, from revision: Int64?) -> ServiceWatch {
        ServiceWatch { [self] in
            var known = revision
            var isFirst = true
            return { () async throws(RPCError) -> ServiceEvent? in
                defer { isFirst = false }
                guard let event = await self.nextEvent(of: service, after: known, atOnce: isFirst) else { return nil }
                known = event.revision
                return event
            }
        }
    }

    /// How many watches wait for a change.
    package var watcherCount: Int { state.withLock { $0.watchers.count } }

    /// - Parameter isAtOnce: Whether to answer too when nothing has changed.
    private func nextEvent(of service: String, after known: Int64?, atOnce isAtOnce: Bool) async -> ServiceEvent? {
        while !Task.isCancelled {
            let waiter = Eventually<Void>()
            let (event, watcher): (ServiceEvent?, Int) = state.withLock { state in
                let event = state.memory.event(of: service, after: known)
                if isAtOnce || !event.isEmpty { return (event, 0) }
                state.lastWatcher += 1
                state.watchers[state.lastWatcher] = (service, waiter)
                return (nil, state.lastWatcher)
            }
            if let event { return event }
            await executor.wait(for: waiter, atMost: nil)
            state.withLock { $0.watchers[watcher] = nil }
        }
        return nil
    }

    // MARK: - Changes

    /// Does something, after what is due by then, and wakes the watches that it concerns.
    @discardableResult
    private func change<R>(
        _ body: (inout MemoryState, _ now: UInt64) throws(RPCError) -> R
    ) throws(RPCError) -> R {
        let now = eventLoop.now.uptimeNanoseconds
        var woken: [Eventually<Void>] = []
        let result: Result<R, RPCError> = state.withLock { state in
            state.memory.expire(at: now)
            let result: Result<R, RPCError>
            do throws(RPCError) { result = .success(try body(&state.memory, now)) } catch { result = .failure(error) }
            woken = state.takeWoken()
            setTimer(&state)
            return result
        }
        for waiter in woken { waiter.resolve(()) }
        return try result.get()
    }

    /// One timer, for the lease that ends first; by then it may have been renewed.
    private func setTimer(_ state: inout State) {
        guard let expiry = state.memory.nextExpiry else { return }
        if let timer = state.timer {
            if timer.time <= expiry { return }
            timer.scheduled.cancel()
        }
        let timer = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(expiry)) { [weak self] in
            self?.state.withLock { $0.timer = nil }
            // It throws nothing.
            _ = try? self?.change { (_, _) throws(RPCError) in }
        }
        state.timer = (timer, expiry)
    }
}
