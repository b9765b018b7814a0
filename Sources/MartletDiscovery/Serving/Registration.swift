public import Logging
public import MartletClient
internal import MartletCore
public import MartletServer
public import MartletServices
internal import MartletTransport
private import Synchronization

/// Keeps a server in a registry for as long as it serves.
///
/// ```swift
/// configuration.registrations = [Registration(registry, service: "users", version: "1.4.0", health: health)]
/// ```
///
/// The server registers once it listens, before it says that it is ready, and deregisters when it shuts down, before it
/// refuses calls. If the registry can't be reached at the start, the server starts without it after its
/// `registrationTimeout`, and is registered as soon as possible. One that refuses it (INVALID_ARGUMENT,
/// PERMISSION_DENIED, UNAUTHENTICATED) is an error of `run()`.
///
/// For one server: another one needs a registration of its own.
public final class Registration: ServerRegistration {
    private struct State {
        var lease: ServiceLease?
        var following: Task<Void, Never>?
    }

    /// Its addresses are the server's, once it listens.
    private let instance: ServiceInstance
    private let registry: any ServiceRegistry
    private let advertised: AdvertisedAddresses
    private let health: Health?
    private let ttl: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - registry: Where the server becomes known.
    ///   - service: The service's name in the registry, such as `users`.
    ///   - id: Default: one that nobody else has, by chance.
    ///   - advertised: Where others reach the server. Default: where it listens.
    ///   - weight: As ``ServiceInstance/weight``. Default 1.
    ///   - zone: As ``ServiceInstance/zone``. Default: none.
    ///   - version: As ``ServiceInstance/version``. Default: none.
    ///   - tags: As ``ServiceInstance/tags``. Default: none.
    ///   - wire: As ``ServiceInstance/wire``. Default: as callers like.
    ///   - health: What the registry tells of the server's health follows it. Default: it serves.
    ///   - ttl: How long the registry keeps it when it is gone without a word. Default 10 s.
    ///   - logger: Told when it is registered, lost, and registered again.
    public init(
        _ registry: any ServiceRegistry, service: String, id: String? = nil, advertised: AdvertisedAddresses = .own,
        weight: UInt32 = 1, zone: String? = nil, version: String? = nil, tags: [String] = [],
        wire: ChannelConfiguration.Wire? = nil, health: Health? = nil, ttl: Duration = .seconds(10),
        logger: Logger = Logger(label: "martlet.discovery")
    ) {
        instance = ServiceInstance(
            service: service, id: id, addresses: [], weight: weight, zone: zone, version: version, tags: tags,
            wire: wire)
        self.registry = registry
        self.advertised = advertised
        self.health = health
        self.ttl = ttl
        self.logger = logger
    }

    /// As the instance is known in the registry.
    public var id: String { instance.id }

    public func serverListens(on addresses: [ListenAddress]) async throws {
        var instance = instance
        instance.addresses = advertised.resolved(for: addresses)
        instance.health = health?.status() ?? .serving
        try instance.validate()
        // That it is registered, or why it never will be; or that nobody waits any more.
        let outcome = Eventually<RPCError?>()
        let lease = ServiceLease(registry, instance, ttl: ttl, logger: logger) { event in
            switch event {
            case .failed(let error): if error.isFinal { outcome.resolve(error) }
            default: outcome.resolve(nil)
            }
        }
        state.withLock { $0.lease = lease }
        let error = await withTaskCancellationHandler {
            await outcome.value()
        } onCancel: {
            outcome.resolve(nil)
        }
        if let error {
            state.withLock { $0.lease = nil }
            throw error
        }
        follow(lease)
    }

    public func serverLeaves() async {
        let (lease, following) = state.withLock { ($0.lease.take(), $0.following.take()) }
        following?.cancel()
        do throws(RPCError) { try await lease?.deregister() } catch {
            logger.warning(
                "the server couldn't be deregistered; the registry keeps it until its time is over",
                metadata: ["service": "\(instance.service)", "instance": "\(id)", "error": "\(error)", "ttl": "\(ttl)"])
        }
    }

    /// Tells the registry of the server's health, for as long as that goes on.
    private func follow(_ lease: ServiceLease) {
        guard let statuses = health?.watch("") else { return }
        let executor = LoopExecutor.of(registry.eventLoop)
        let task = Task(executorPreference: executor) { [weak lease] in
            defer { withExtendedLifetime(executor) {} }
            for await status in statuses { lease?.update { $0.health = status ?? .notServing } }
        }
        state.withLock { state in
            // It may have left meanwhile.
            if state.lease == nil { task.cancel() } else { state.following = task }
        }
    }
}

extension RPCError {
    /// Whether trying again doesn't help, as far as one can tell.
    fileprivate var isFinal: Bool {
        switch code {
        case .invalidArgument, .permissionDenied, .unauthenticated, .unimplemented: true
        default: false
        }
    }
}
