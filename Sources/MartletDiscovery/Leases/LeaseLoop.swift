internal import Logging
internal import MartletClient
internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// Does what a lease's machine says, one thing after another. Usable on any thread.
final class LeaseLoop: Sendable {
    private struct State {
        var machine = LeaseMachine()
        var instance: ServiceInstance
        var isStopped = false
        /// Of the wait that goes on.
        var waker: Eventually<Void>?
    }

    private let registry: any ServiceRegistry
    private let ttl: Duration
    private let logger: Logger
    private let tell: @Sendable (LeaseEvent) -> Void
    private let executor: LoopExecutor
    private let state: Mutex<State>
    /// After ``stop()``, when nothing is under way any more.
    private let ended = Eventually<Void>()

    init(
        _ registry: any ServiceRegistry, _ instance: ServiceInstance, ttl: Duration, logger: Logger,
        tell: @escaping @Sendable (LeaseEvent) -> Void
    ) {
        self.registry = registry
        self.ttl = ttl
        self.logger = logger
        self.tell = tell
        executor = LoopExecutor.of(registry.eventLoop)
        state = Mutex(State(instance: instance))
    }

    var instance: ServiceInstance { state.withLock { $0.instance } }

    func start() {
        // Not a part of the call that a handler answers who happens to begin it.
        Task.detached(executorPreference: executor) {
            await self.run()
            self.ended.resolve(())
        }
    }

    func update(_ change: (inout ServiceInstance) -> Void) {
        let waker: Eventually<Void>? = state.withLock { state in
            let before = state.instance
            change(&state.instance)
            precondition(
                state.instance.id == before.id && state.instance.service == before.service,
                "an instance that is registered keeps its service and its id")
            guard state.instance != before else { return nil }
            state.machine.changed()
            return state.waker.take()
        }
        waker?.resolve(())
    }

    /// What is under way goes on to its end.
    func stop() {
        let waker = state.withLock { state in
            state.isStopped = true
            return state.waker.take()
        }
        waker?.resolve(())
    }

    /// Stops, and takes the instance out.
    func deregister() async throws(RPCError) {
        stop()
        await ended.value()
        guard let grant = state.withLock({ $0.machine.grant }) else { return }
        do throws(RPCError) { try await registry.revoke(grant) } catch {
            if error.code != .notFound { throw error }
        }
        logger.info("deregistered", metadata: metadata())
    }

    private func run() async {
        while let (action, instance, waker) = next() {
            let sent = now
            do throws(RPCError) {
                switch action {
                case .wait(let deadline):
                    await executor.wait(for: waker, atMost: .nanoseconds(deadline - min(sent, deadline)))
                case .put(let grant):
                    let grant = try await registry.put(instance, under: grant, ttl: ttl)
                    note { $0.wasPut(grant, sent: sent, random: .random(in: 0...1)) }
                case .renew(let grant):
                    try await registry.renew(grant)
                    note { $0.wasRenewed(sent: sent, random: .random(in: 0...1)) }
                }
            } catch {
                note { $0.failed(action, error, at: now, random: .random(in: 0...1)) }
            }
        }
    }

    private func next() -> (LeaseMachine.Action, ServiceInstance, waker: Eventually<Void>)? {
        let waker = Eventually<Void>()
        return state.withLock { state in
            if state.isStopped { return nil }
            let action = state.machine.action(at: now)
            if case .wait = action { state.waker = waker }
            return (action, state.instance, waker)
        }
    }

    private var now: UInt64 { executor.loop.now.uptimeNanoseconds }

    private func note(_ transition: (inout LeaseMachine) -> LeaseEvent) {
        let event = state.withLock { transition(&$0.machine) }
        switch event {
        case .renewed, .updated: break
        case .registered: logger.info("registered", metadata: metadata())
        case .registeredAgain: logger.notice("registered again", metadata: metadata())
        case .failed(let error): logger.debug("a registration fails; it is tried again", metadata: metadata(error))
        case .lost(let error): logger.warning("a registration is lost; it begins anew", metadata: metadata(error))
        }
        tell(event)
    }

    private func metadata(_ error: RPCError? = nil) -> Logger.Metadata {
        let instance = instance
        var metadata: Logger.Metadata = ["service": "\(instance.service)", "instance": "\(instance.id)"]
        if let error { metadata["error"] = "\(error)" }
        return metadata
    }
}
