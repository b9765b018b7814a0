internal import MartletClient
public import MartletCore
internal import MartletMessages
internal import MartletServices

/// As `martlet.discovery.v1.Instance` in protobuf's JSON: what registries keep that other programs read too.
extension ServiceInstance {
    /// - Throws: INVALID_ARGUMENT as ``validate()``.
    public func json() throws(RPCError) -> String {
        try validate()
        let instance = DiscoveryV1.Instance(
            id: id, service: service, addresses: addresses.map(\.description), weight: weight, zone: zone ?? "",
            version: version ?? "", tags: tags, wire: wire?.rawValue ?? "",
            health: health == .serving ? .serving : .notServing)
        do { return try instance.jsonString() } catch {
            throw RPCError(.invalidArgument, "the instance \"\(id)\" has no JSON: \(error)")
        }
    }

    /// Passes over what newer versions may say: fields, and addresses of kinds that it doesn't know.
    ///
    /// - Throws: INVALID_ARGUMENT if nothing can be made of it.
    public init(json: String) throws(RPCError) {
        let instance: DiscoveryV1.Instance
        do {
            instance = try DiscoveryV1.Instance(
                jsonString: json, options: JSONDecodingOptions(ignoresUnknownFields: true))
        } catch {
            throw RPCError(.invalidArgument, "the JSON of an instance can't be read: \(error)")
        }
        let wire = ChannelConfiguration.Wire(rawValue: instance.wire)
        guard wire != nil || instance.wire.isEmpty else {
            throw RPCError(.invalidArgument, "the instance \"\(instance.id)\" speaks \"\(instance.wire)\"")
        }
        self.init(
            service: instance.service, id: instance.id,
            addresses: instance.addresses.compactMap { try? EndpointAddress($0) },
            weight: min(max(instance.weight, 1), 1_000_000), zone: instance.zone.isEmpty ? nil : instance.zone,
            version: instance.version.isEmpty ? nil : instance.version, tags: instance.tags, wire: wire,
            health: instance.health == .notServing ? .notServing : .serving)
        try validate()
    }
}
