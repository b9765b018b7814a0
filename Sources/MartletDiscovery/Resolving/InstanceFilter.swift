internal import MartletClient
internal import MartletCore
internal import MartletServices

/// Which instances of a service a target means: `?tag=canary&version=1.4.0&zone=eu-west-1a`. Several tags are all
/// wanted; of several versions or zones one is enough.
struct InstanceFilter: Sendable {
    private var tags: Set<String> = []
    private var versions: Set<String> = []
    private var zones: Set<String> = []

    /// Throws INVALID_ARGUMENT that names the option that isn't known.
    init(_ target: ResolverTarget) throws(RPCError) {
        for (key, value) in target.query {
            switch key {
            case "tag": tags.insert(value)
            case "version": versions.insert(value)
            case "zone": zones.insert(value)
            // The channel's own.
            case "wire": break
            default:
                throw RPCError(
                    .invalidArgument,
                    "target \"\(target)\": the option \"\(key)\" is not known; there are tag, version, zone and wire")
            }
        }
    }

    /// What a channel gets of a service: what serves, or everything if nothing does.
    func resolution(of snapshot: ServiceSnapshot) -> Resolution {
        let instances = snapshot.instances.filter(matches)
        let serving = instances.filter { $0.health == .serving }
        return Resolution(endpoints: (serving.isEmpty ? instances : serving).map(\.endpoint))
    }

    private func matches(_ instance: ServiceInstance) -> Bool {
        tags.isSubset(of: instance.tags)
            && (versions.isEmpty || instance.version.map(versions.contains) ?? false)
            && (zones.isEmpty || instance.zone.map(zones.contains) ?? false)
    }
}
