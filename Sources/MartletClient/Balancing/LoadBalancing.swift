internal import MartletCore

/// How a channel spreads its calls over the endpoints that its target has. A target of one address has nothing to spread.
public struct LoadBalancing: Sendable, Hashable {
    /// Which endpoint a call goes to, of those that are ready.
    public enum Policy: Sendable, Hashable {
        /// All calls to one endpoint, as long as it lasts: the first in the list that can be reached. The next is tried
        /// when one fails, or beside it when that takes more than 250 ms.
        ///
        /// - shuffled: Whether the list is shuffled first, so that many clients spread.
        case pickFirst(shuffled: Bool = false)
        /// One endpoint after the other.
        case roundRobin
        /// The same, each as often as its ``Endpoint/weight`` says.
        case weightedRoundRobin
        /// Of some endpoints chosen by chance, the one with the least to do: calls that are open there, divided by its
        /// weight, and times how long they have taken lately where that differs four times or more.
        ///
        /// - choices: From 2 to 10.
        case leastRequest(choices: Int = 2)
        /// The same endpoint for the same value of a metadata key, as long as there is that endpoint. Calls without the
        /// key go anywhere. Few values move when an endpoint comes or goes (gRPC A42, A76).
        ///
        /// - ringSizes: Points of the ring; more of them spread the keys more evenly, and cost more when endpoints change.
        case ringHash(key: String, ringSizes: ClosedRange<Int> = 1024...4096)
    }

    /// Default (nil): what the service config says, else ``Policy/weightedRoundRobin``, which is round robin as long as
    /// nobody sets weights.
    public var policy: Policy?

    /// Where this process runs. Endpoints of the same zone are preferred then, as long as enough of them are ready.
    /// Default: nil, all zones are alike.
    public var zone: String?

    /// The share of the zone's endpoints that must be ready for the zone to be enough. From 0 to 1. Default 0.5.
    public var minReadyZoneShare = 0.5

    /// How long an endpoint that became ready gets fewer calls than its weight says: from a tenth, rising evenly. Counts
    /// for the round robins and least request. Default: nil, it gets its share at once.
    public var slowStart: Duration?

    /// Keeps calls away from endpoints that fail. Default: nil.
    public var outlierDetection: OutlierDetection?

    /// The service whose health is watched at each endpoint (`grpc.health.v1.Health`); "" is the whole server. Endpoints
    /// that aren't serving get no calls; those that don't know health do. Default: nil, what the service config says, else
    /// nothing is watched.
    public var healthCheckService: String?

    /// Calls that may be open at one endpoint; what can't go to another fails with RESOURCE_EXHAUSTED without being sent.
    /// Default: nil, without bound.
    public var maxConcurrentCallsPerEndpoint: Int?

    /// How long endpoints are kept that vanish with half of the list or more, while they can be reached: a registry may be
    /// wrong. Default 30 s; 0 believes everything.
    public var suspicion: Duration = .seconds(30)

    /// Of all that is left to chance. Default (nil): by chance.
    package var seed: UInt64?

    /// A policy, or none, and the defaults for all else.
    public init(_ policy: Policy? = nil) { self.policy = policy }

    /// Throws INVALID_ARGUMENT that names the first setting no channel can have.
    func validate() throws(RPCError) {
        try policy?.validate()
        guard (0...1).contains(minReadyZoneShare) else {
            throw RPCError(
                .invalidArgument, "load balancing: minReadyZoneShare is \(minReadyZoneShare), not from 0 to 1")
        }
    }
}

extension LoadBalancing.Policy {
    func validate() throws(RPCError) {
        let problem: String? =
            switch self {
            case .leastRequest(let choices) where !(2...10).contains(choices):
                "leastRequest takes from 2 to 10 choices, not \(choices)"
            case .ringHash(let key, _) where key.isEmpty:
                "ringHash needs the name of a metadata key"
            case .ringHash(_, let sizes) where sizes.lowerBound < 1 || sizes.upperBound > 8_388_608:
                "ringHash takes ring sizes from 1 to 8,388,608, not \(sizes)"
            default:
                nil
            }
        if let problem { throw RPCError(.invalidArgument, "load balancing: \(problem)") }
    }
}
