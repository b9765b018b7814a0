public import MartletCore
public import NIOCore

/// Where servers make themselves known and callers find them: ``MemoryRegistry`` for one process, MartletEtcd's
/// `EtcdRegistry` for many machines, or one of your own.
///
/// ```swift
/// let lease = try await registry.register(ServiceInstance(service: "users", addresses: [.tcp("10.0.0.7", 7000)]))
/// for try await event in registry.watch("users") { … }
/// try await lease.deregister()
/// ```
///
/// A server does this by itself with a ``Registration``, a channel with a ``RegistryResolver``. Usable on any thread.
public protocol ServiceRegistry: Sendable {
    /// By whose clock leases are renewed, and on whose thread.
    var eventLoop: any EventLoop { get }

    /// Puts an instance in, in the place of one with the same service and id. It goes when its lease ends.
    ///
    /// - Parameters:
    ///   - instance: What others are to know.
    ///   - grant: The lease to put it under. Nil: a new one.
    ///   - ttl: How long a new lease lasts without being renewed, at the least.
    /// - Throws: NOT_FOUND if the lease has ended; INVALID_ARGUMENT as ``ServiceInstance/validate()``.
    func put(_ instance: ServiceInstance, under grant: LeaseGrant?, ttl: Duration) async throws(RPCError) -> LeaseGrant

    /// Lets a lease last for its whole time from now on.
    ///
    /// - Throws: NOT_FOUND if it has ended.
    func renew(_ grant: LeaseGrant) async throws(RPCError)

    /// Ends a lease, and takes out what is under it.
    ///
    /// - Throws: NOT_FOUND if it has ended.
    func revoke(_ grant: LeaseGrant) async throws(RPCError)

    /// The instances of a service now. None is no error.
    func discover(_ service: String) async throws(RPCError) -> ServiceSnapshot

    /// Tells of the changes of a service.
    ///
    /// - Parameters:
    ///   - service: Its name, such as `users`.
    ///   - revision: What the caller knows already; the watch begins with what came after it, or with a snapshot if the
    ///     registry doesn't know that any more. Nil: with a snapshot.
    func watch(_ service: String, from revision: Int64?) -> ServiceWatch
}

/// A time limit that a registry has given to instances.
public struct LeaseGrant: Sendable, Hashable, Identifiable {
    /// By which the registry knows it.
    public let id: Int64
    /// How long it lasts from when it is granted or renewed.
    public let ttl: Duration

    /// For registries.
    public init(id: Int64, ttl: Duration) {
        self.id = id
        self.ttl = ttl
    }
}

extension ServiceRegistry {
    /// Tells of the changes of a service, beginning with a snapshot.
    public func watch(_ service: String) -> ServiceWatch { watch(service, from: nil) }
}
