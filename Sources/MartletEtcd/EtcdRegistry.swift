internal import Logging
public import MartletCore
public import MartletDiscovery
internal import MartletTransport
public import NIOCore
internal import NIOPosix

/// A registry in etcd, version 3.4 or newer: for services on many machines.
///
/// ```swift
/// let registry = try EtcdRegistry(["tcp://10.0.0.1:2379", "tcp://10.0.0.2:2379"])
/// ```
///
/// The instance `i-1` of the service `users` is the JSON under the key `/martlet/services/users/i-1`, with a lease of
/// etcd's: `etcdctl get --prefix /martlet/services/` shows all there are. Usable on any thread.
public final class EtcdRegistry: ServiceRegistry {
    public let eventLoop: any EventLoop
    private let cluster: EtcdCluster
    private let keys: EtcdKeys
    private let configuration: EtcdConfiguration

    /// Keys that are asked for at once.
    private static let pageLength = 500

    /// - Parameters:
    ///   - endpoints: The members of the cluster, such as `tcp://10.0.0.1:2379`. The first is asked until it doesn't
    ///     answer, then the next.
    ///   - configuration: How they are reached, and where in etcd the services are.
    /// - Throws: INVALID_ARGUMENT for an endpoint that can't be read. Nothing is connected yet.
    public init(_ endpoints: [String], configuration: EtcdConfiguration = .init()) throws(RPCError) {
        eventLoop = (configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next()
        cluster = try EtcdCluster(endpoints, configuration, loop: eventLoop)
        keys = EtcdKeys(prefix: configuration.prefix)
        self.configuration = configuration
    }

    /// Closes the connections. Without it, they close with the registry.
    public func shutdown() async { await cluster.shutdown() }

    // MARK: - Instances

    /// etcd's leases last for whole seconds, two at the least.
    public func put(
        _ instance: ServiceInstance, under grant: LeaseGrant?, ttl: Duration
    ) async throws(RPCError) -> LeaseGrant {
        let json = try instance.json()
        let grant = if let grant { grant } else { try await self.grant(ttl) }
        let request = EtcdAPI.PutRequest(key: keys.key(of: instance), value: Array(json.utf8), lease: grant.id)
        try await cluster.call { (invoker, options) throws(RPCError) in
            _ = try await EtcdAPI.KVClient(invoker).put(request, options: options)
        }
        return grant
    }

    private func grant(_ ttl: Duration) async throws(RPCError) -> LeaseGrant {
        let (seconds, rest) = ttl.components
        let request = EtcdAPI.LeaseGrantRequest(ttl: max(1, rest > 0 ? seconds + 1 : seconds))
        return try await cluster.call { (invoker, options) throws(RPCError) in
            let response = try await EtcdAPI.LeaseClient(invoker).leaseGrant(request, options: options)
            guard response.error.isEmpty else {
                throw RPCError(.unavailable, "etcd grants no lease: \(response.error)")
            }
            return LeaseGrant(id: response.id, ttl: .seconds(response.ttl))
        }
    }

    public func renew(_ grant: LeaseGrant) async throws(RPCError) {
        let ttl = try await cluster.call { (invoker, options) throws(RPCError) in
            let call = EtcdAPI.LeaseClient(invoker).leaseKeepAlive(options: options)
            try await call.requests.write(.init(id: grant.id))
            call.requests.finish()
            return try await call.response().ttl
        }
        guard ttl > 0 else {
            throw RPCError(.notFound, "etcd's lease \(String(grant.id, radix: 16)) is over: it wasn't renewed in time")
        }
    }

    public func revoke(_ grant: LeaseGrant) async throws(RPCError) {
        try await cluster.call { (invoker, options) throws(RPCError) in
            _ = try await EtcdAPI.LeaseClient(invoker).leaseRevoke(.init(id: grant.id), options: options)
        }
    }

    // MARK: - Discovery

    public func discover(_ service: String) async throws(RPCError) -> ServiceSnapshot {
        let (first, end) = keys.range(of: service)
        var request = EtcdAPI.RangeRequest(key: first, rangeEnd: end, limit: Int64(Self.pageLength))
        var instances: [ServiceInstance] = []
        while true {
            let response = try await range(request)
            if request.revision == 0 { request.revision = response.header?.revision ?? 0 }
            instances += response.kvs.compactMap { instance($0, of: service) }
            guard instances.count <= configuration.maxInstances else {
                throw RPCError(
                    .resourceExhausted,
                    "the service \"\(service)\" has more than \(configuration.maxInstances) instances, the limit here")
            }
            guard response.more, let last = response.kvs.last else { break }
            request.key = last.key + [0]
        }
        return ServiceSnapshot(service: service, instances: instances, revision: request.revision)
    }

    private func range(_ request: EtcdAPI.RangeRequest) async throws(RPCError) -> EtcdAPI.RangeResponse {
        try await cluster.call { (invoker, options) throws(RPCError) in
            try await EtcdAPI.KVClient(invoker).range(request, options: options)
        }
    }

    private func instance(_ pair: EtcdStore.KeyValue, of service: String) -> ServiceInstance? {
        let instance = keys.instance(pair, of: service)
        if instance == nil {
            configuration.logger.debug(
                "a key holds no instance that can be called",
                metadata: ["key": "\(String(decoding: pair.key, as: UTF8.self))"])
        }
        return instance
    }

    public func watch(_ service: String, from revision: Int64?) -> ServiceWatch {
        ServiceWatch { [self] in
            let watch = EtcdWatch(
                self, cluster, EtcdWatchReader(service: service, keys: keys, from: revision), configuration)
            return { () async throws(RPCError) -> ServiceEvent? in try await watch.next() }
        }
    }
}
