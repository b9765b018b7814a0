/// One instance of a service, as a channel sees it.
public struct Endpoint: Sendable, Hashable, Identifiable {
    /// Tells endpoints apart, and recognises one in the next list: its connections stay then. Default: the first address.
    public var id: String

    /// Ways to the same instance. The first is tried first, the next when that fails or takes more than 250 ms.
    public var addresses: [EndpointAddress]

    /// How many calls it gets compared to others, from policies that weigh. From 1 to 1,000,000. Default 1.
    public var weight: UInt32

    /// Endpoints of a higher number are used only while none of a lower one is ready. Default 0.
    public var priority = 0

    /// Where it runs, such as `eu-west-1a`, for ``LoadBalancing/zone``.
    public var zone: String?

    /// How to speak to it. Default (nil): the channel's wire.
    public var wire: ChannelConfiguration.Wire?

    /// The name by which it is called, as `HOST` or `HOST:PORT`: gRPC's `:authority`, and whom its certificate must name.
    /// Default (nil): its address.
    public var authority: String?

    /// For logs and statistics, and for whoever chooses among the instances of a registry: its version, tags and so on.
    public var attributes: [String: String]

    /// An endpoint with any number of addresses, of which the first is its id unless another is given.
    public init(
        id: String? = nil, addresses: [EndpointAddress], weight: UInt32 = 1, zone: String? = nil,
        wire: ChannelConfiguration.Wire? = nil, authority: String? = nil, attributes: [String: String] = [:]
    ) {
        self.id = id ?? addresses.first?.description ?? ""
        self.addresses = addresses
        self.weight = weight
        self.zone = zone
        self.wire = wire
        self.authority = authority
        self.attributes = attributes
    }

    /// An endpoint of one address.
    public init(_ address: EndpointAddress) { self.init(addresses: [address]) }
}
