public import MartletCore
internal import MartletTransport

extension ClientChannel {
    /// - Parameter target: One of
    ///
    ///   | Target | Endpoints |
    ///   |---|---|
    ///   | `tcp://127.0.0.1:7000`, `unix:/run/users.sock`, `unix-abstract:users` | one |
    ///   | `tcp://10.0.0.1:7000,10.0.0.2:7000` | those |
    ///   | `dns:///users.internal:7000` | one for each address of the host |
    ///   | `srv:///_grpc._tcp.users.internal` | those of its SRV records, with their priorities and weights |
    ///   | `file:///etc/users.endpoints` | one in each line of a file, which is read again when it changes |
    ///   | `SCHEME:///NAME` | what the configuration's resolver of that scheme finds |
    ///
    ///   Each may end with the protocol to speak, such as `?wire=grpc`.
    /// - Parameter configuration: How the channel behaves.
    /// - Throws: INVALID_ARGUMENT for a target that can't be read. Nothing is connected yet.
    public convenience init(_ target: String, configuration: ChannelConfiguration = .init()) throws(RPCError) {
        let scheme = target.firstIndex(of: ":").map { String(target[..<$0]) } ?? ""
        let resolvers = configuration.allResolvers
        if let resolver = resolvers.first(where: { $0.scheme == scheme }) {
            try self.init(ResolverTarget(target), resolver, configuration: configuration)
            return
        }
        let (wire, rest) = try ChannelConfiguration.Wire.split(target)
        let addresses = try EndpointAddress.list(rest, otherSchemes: resolvers.map(\.scheme))
        let maker = SubchannelMaker(configuration: configuration, wire: wire)
        if addresses.count == 1 {
            try configuration.serviceConfig?.validate()
            self.init(try maker.subchannel(Endpoint(addresses[0]), whenChanged: nil), configuration: configuration)
        } else {
            try self.init(addresses.map { Endpoint($0) }, named: rest, maker, configuration: configuration)
        }
    }

    /// A channel to a list of endpoints that doesn't change.
    ///
    /// - Throws: INVALID_ARGUMENT for an empty list, an endpoint without address or one that can't be secured, and for
    ///   load balancing that can't be.
    public convenience init(
        endpoints: [Endpoint], configuration: ChannelConfiguration = .init()
    ) throws(RPCError) {
        let name = endpoints.map(\.id).joined(separator: ",")
        try self.init(
            endpoints, named: name, SubchannelMaker(configuration: configuration), configuration: configuration)
    }

    private convenience init(
        _ endpoints: [Endpoint], named name: String, _ maker: SubchannelMaker, configuration: ChannelConfiguration
    ) throws(RPCError) {
        guard !endpoints.isEmpty else { throw RPCError(.invalidArgument, "a channel needs at least one endpoint") }
        // What can't be connected to is told now.
        for endpoint in endpoints { _ = try maker.subchannel(endpoint, whenChanged: nil) }
        try self.init(named: name, maker, configuration: configuration) { updates in
            updates.send(Resolution(endpoints: endpoints))
        }
    }

    private convenience init(
        _ target: ResolverTarget, _ resolver: any Resolver, configuration: ChannelConfiguration
    ) throws(RPCError) {
        try resolver.check(target)
        let wire = try target.query.last { $0.key == "wire" }.map { (option) throws(RPCError) in
            try ChannelConfiguration.Wire(named: option.value, in: target.description)
        }
        let maker = SubchannelMaker(configuration: configuration, wire: wire)
        try self.init(named: target.description, maker, configuration: configuration) { updates in
            await resolver.resolve(target, updates)
        }
    }

    /// - Throws: INVALID_ARGUMENT for a configuration that can't be.
    package convenience init(
        named name: String, _ maker: SubchannelMaker, configuration: ChannelConfiguration,
        resolve: @escaping @Sendable (ResolverUpdates) async -> Void
    ) throws(RPCError) {
        try configuration.loadBalancing.validate()
        try configuration.serviceConfig?.validate()
        let policies = CallPolicies(configuration)
        let pool = EndpointPool(
            target: name, maker: maker, configuration: configuration, policies: policies, resolve: resolve)
        self.init(pool, configuration: configuration, policies: policies)
    }
}

extension ChannelConfiguration {
    /// The configuration's own, and then those that every channel has.
    fileprivate var allResolvers: [any Resolver] {
        let dns = DNSSettings(interval: dnsInterval, usesServiceConfig: usesServiceConfigOfDNS)
        return resolvers + [DNSResolver(settings: dns), SRVResolver(settings: dns), FileResolver()]
    }
}
