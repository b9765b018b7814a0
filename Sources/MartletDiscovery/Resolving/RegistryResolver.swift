internal import Logging
public import MartletClient
public import MartletCore

/// Lets channels find the instances of a service in a registry, and follow their changes.
///
/// ```swift
/// configuration.resolvers = [RegistryResolver(registry, scheme: "etcd")]
/// let channel = try ClientChannel("etcd:///users", configuration: configuration)
/// ```
///
/// Options of the target choose among the instances: `etcd:///users?tag=canary&version=1.4.0&zone=eu-west-1a`. Those
/// that aren't serving are left out, unless none is. While the registry can't be reached, the channel goes on with what
/// it has.
public struct RegistryResolver: Resolver {
    public let scheme: String
    private let registry: any ServiceRegistry
    private let backoff: Backoff
    private let maxInstances: Int

    /// - Parameters:
    ///   - registry: Where it looks.
    ///   - scheme: Of the targets, such as `memory` or `etcd`.
    ///   - backoff: The waits between attempts to reach the registry. Default: from 0.5 s up to 30 s.
    ///   - maxInstances: Of one service. While there are more, the channel goes on with those it has.
    public init(
        _ registry: any ServiceRegistry, scheme: String,
        backoff: Backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(30)), maxInstances: Int = 10_000
    ) {
        self.registry = registry
        self.scheme = scheme
        self.backoff = backoff
        self.maxInstances = maxInstances
    }

    public func check(_ target: ResolverTarget) throws(RPCError) {
        guard target.authority.isEmpty else {
            throw RPCError(
                .invalidArgument,
                "target \"\(target)\": the registry is the resolver's own; write it as \(scheme):///\(target.name)")
        }
        try ServiceInstance.checkName(target.name, "target \"\(target)\": the service")
        _ = try InstanceFilter(target)
    }

    public func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        // A target is checked before.
        guard let filter = try? InstanceFilter(target) else { return }
        var snapshot: ServiceSnapshot?
        var failures = 0
        while !Task.isCancelled {
            do throws(RPCError) {
                var isFirst = true
                for try await event in registry.watch(target.name, from: snapshot?.revision) {
                    var now = snapshot.take() ?? ServiceSnapshot(service: target.name, instances: [], revision: 0)
                    now.apply(event)
                    guard now.instances.count <= maxInstances else { throw tooMany(now) }
                    snapshot = now
                    failures = 0
                    // The first tells the channel too that what it has is fresh.
                    if isFirst || !event.isEmpty { updates.send(filter.resolution(of: now)) }
                    isFirst = false
                }
            } catch {
                if Task.isCancelled { return }
                updates.logger.debug(
                    "a registry can't be watched", metadata: ["target": "\(target)", "error": "\(error)"])
                updates.fail(error)
            }
            failures += 1
            await updates.sleep(for: backoff.delay(afterAttempt: failures, random: .random(in: 0...1)))
        }
    }

    private func tooMany(_ snapshot: ServiceSnapshot) -> RPCError {
        RPCError(
            .resourceExhausted,
            """
            the service "\(snapshot.service)" has \(snapshot.instances.count) instances; the resolver takes \
            \(maxInstances), as its maxInstances says
            """)
    }
}
