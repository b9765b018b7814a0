public import Logging
public import MartletCore

/// An instance that stays registered for as long as somebody holds this value: it is renewed in good time, and put in
/// again when the registry has lost it. Usable on any thread.
///
/// Let go without ``deregister()``, it stays in the registry for the rest of its time, as if the process had died.
public final class ServiceLease: Sendable {
    private let loop: LeaseLoop

    init(
        _ registry: any ServiceRegistry, _ instance: ServiceInstance, ttl: Duration, logger: Logger,
        _ onEvent: @escaping @Sendable (LeaseEvent) -> Void
    ) {
        loop = LeaseLoop(registry, instance, ttl: ttl, logger: logger, tell: onEvent)
        loop.start()
    }

    deinit { loop.stop() }

    /// As it is to be in the registry.
    public var instance: ServiceInstance { loop.instance }

    /// Changes the instance, and soon what the registry tells of it: its health, its weight and so on, but not its
    /// service and its id. Changes that come faster than the registry takes them are put in together.
    public func update(_ change: (inout ServiceInstance) -> Void) { loop.update(change) }

    /// Takes the instance out, for good.
    ///
    /// - Throws: Why it couldn't be; then the registry takes it out when its time is over.
    public func deregister() async throws(RPCError) { try await loop.deregister() }
}

extension ServiceRegistry {
    /// Makes an instance known, and keeps it known until it is deregistered.
    ///
    /// - Parameters:
    ///   - instance: The server as others are to see it.
    ///   - ttl: How long it stays known when this process is gone. It is renewed after a third of it. Default 10 s.
    ///   - logger: Told when it is registered, lost, and registered again.
    ///   - onEvent: Told of everything that happens, on the registry's event loop; must not block.
    /// - Throws: Why the first attempt failed. Later ones are tried again, and told to `onEvent`.
    public func register(
        _ instance: ServiceInstance, ttl: Duration = .seconds(10), logger: Logger = Logger(label: "martlet.discovery"),
        onEvent: @escaping @Sendable (LeaseEvent) -> Void = { _ in }
    ) async throws(RPCError) -> ServiceLease {
        try instance.validate()
        let first = Eventually<RPCError?>()
        let lease = ServiceLease(self, instance, ttl: ttl, logger: logger) { event in
            if case .failed(let error) = event { first.resolve(error) } else { first.resolve(nil) }
            onEvent(event)
        }
        if let error = await first.value() { throw error }
        return lease
    }
}

/// What happens to an instance that is kept registered.
public enum LeaseEvent: Sendable, Hashable {
    /// The instance is in the registry for the first time.
    case registered
    /// Its lease lasts for its whole time again.
    case renewed
    /// A change of the instance is in the registry.
    case updated
    /// An attempt to do one of these failed; another follows.
    case failed(RPCError)
    /// The registry has taken the instance out, or would have if it couldn't be reached for as long as the lease lasts.
    /// It is put in again as soon as possible.
    case lost(RPCError)
    /// It is in the registry after it was lost.
    case registeredAgain
}
