public import MartletClient
public import MartletCore
public import MartletServices

/// One server of a service, as a registry tells of it.
public struct ServiceInstance: Sendable, Hashable, Identifiable {
    /// Tells it from the service's other instances; the same for as long as the server runs. One that is registered
    /// with the id of another takes its place.
    public var id: String

    /// The service's name, which callers know, such as `users`.
    public var service: String

    /// Ways to the same server, the best first.
    public var addresses: [EndpointAddress]

    /// How many calls it gets compared to others, from callers that weigh. From 1 to 1,000,000. Default 1.
    public var weight: UInt32

    /// Where it runs, such as `eu-west-1a`.
    public var zone: String?

    /// Of the program, such as `1.4.0`.
    public var version: String?

    /// What callers choose it by, such as `canary`.
    public var tags: [String]

    /// How to speak to it. Default (nil): as the caller likes.
    public var wire: ChannelConfiguration.Wire?

    /// Callers leave out what isn't serving, as long as another one is.
    public var health: Health.Status

    /// An instance whose id, unless one is given, is one that nobody else has, by chance.
    public init(
        service: String, id: String? = nil, addresses: [EndpointAddress], weight: UInt32 = 1, zone: String? = nil,
        version: String? = nil, tags: [String] = [], wire: ChannelConfiguration.Wire? = nil,
        health: Health.Status = .serving
    ) {
        self.service = service
        self.id = id ?? Self.newID()
        self.addresses = addresses
        self.weight = weight
        self.zone = zone
        self.version = version
        self.tags = tags
        self.wire = wire
        self.health = health
    }

    /// 64 bits in hexadecimal digits.
    static func newID() -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension ServiceInstance {
    private static let maxAddresses = 16
    private static let maxTags = 64

    /// Throws INVALID_ARGUMENT for what no registry takes: for registries, before they store it.
    public func validate() throws(RPCError) {
        try Self.checkName(service, "the service's name")
        try Self.checkName(id, "the id")
        for tag in tags { try Self.checkName(tag, "the tag") }
        if let zone { try Self.checkName(zone, "the zone") }
        if let version { try Self.checkName(version, "the version") }
        guard (1...Self.maxAddresses).contains(addresses.count) else {
            throw invalid("it has \(addresses.count) addresses; give it from 1 to \(Self.maxAddresses)")
        }
        guard tags.count <= Self.maxTags else {
            throw invalid("it has \(tags.count) tags; give it at most \(Self.maxTags)")
        }
        guard (1...1_000_000).contains(weight) else {
            throw invalid("the weight \(weight) isn't from 1 to 1,000,000")
        }
    }

    private func invalid(_ what: String) -> RPCError {
        RPCError(.invalidArgument, "the instance \"\(id)\" of the service \"\(service)\": \(what)")
    }

    /// Names become parts of keys and of targets.
    ///
    /// - Parameter what: Such as `the id`.
    package static func checkName(_ name: String, _ what: String) throws(RPCError) {
        let isRight = (1...200).contains(name.utf8.count) && name.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x2F }
        guard isRight else {
            throw RPCError(
                .invalidArgument,
                "\(what) \"\(name.prefix(200))\" isn't 1 to 200 printable ASCII characters without spaces and slashes")
        }
    }

    /// The instance for a channel.
    var endpoint: Endpoint {
        var attributes: [String: String] = [:]
        attributes["version"] = version
        if !tags.isEmpty { attributes["tags"] = tags.joined(separator: ",") }
        return Endpoint(
            id: id, addresses: addresses, weight: weight, zone: zone, wire: wire, attributes: attributes)
    }
}
