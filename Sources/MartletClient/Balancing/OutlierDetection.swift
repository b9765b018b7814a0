/// Keeps calls away for a while from endpoints that fail more of them than the others (gRPC A50).
///
/// A call has failed if it ended with UNAVAILABLE, UNKNOWN, INTERNAL, DATA_LOSS, DEADLINE_EXCEEDED or
/// RESOURCE_EXHAUSTED; other errors are the caller's business.
public struct OutlierDetection: Sendable, Hashable {
    /// Between two looks at the calls since the last one. Default 10 s.
    public var interval: Duration = .seconds(10)
    /// How long an endpoint stays away the first time; the second time in a row twice as long, and so on. Default 30 s.
    public var baseEjectionTime: Duration = .seconds(30)
    /// How long it stays away at most. Default 300 s.
    public var maxEjectionTime: Duration = .seconds(300)
    /// Percent of the endpoints that may be away at once; one always may. Default 10.
    public var maxEjectionPercent = 10
    /// Compares each endpoint's share of successes with the average. Default: on.
    public var successRate: SuccessRate? = SuccessRate()
    /// Looks at each endpoint's share of failures by itself. Default: on.
    public var failurePercentage: FailurePercentage? = FailurePercentage()

    /// Finds endpoints that succeed less often than the others (gRPC A50, success rate ejection).
    public struct SuccessRate: Sendable, Hashable {
        /// Standard deviations below the average, in thousandths, from which an endpoint is one too bad. Default 1,900.
        public var stdevFactor = 1900
        /// Percent of those found that are sent away. Default 100.
        public var enforcementPercentage = 100
        /// Endpoints with enough calls without which nothing is compared. Default 5.
        public var minimumHosts = 5
        /// Calls in an interval from which an endpoint is looked at. Default 100.
        public var requestVolume = 100

        /// The defaults.
        public init() {}
    }

    /// Finds endpoints that fail too many calls, whatever the others do (gRPC A50, failure percentage ejection).
    public struct FailurePercentage: Sendable, Hashable {
        /// Percent of failed calls from which an endpoint is one too bad. Default 85.
        public var threshold = 85
        /// Percent of those found that are sent away. Default 100.
        public var enforcementPercentage = 100
        /// Endpoints with enough calls without which nothing is done. Default 5.
        public var minimumHosts = 5
        /// Calls in an interval from which an endpoint is looked at. Default 50.
        public var requestVolume = 50

        /// The defaults.
        public init() {}
    }

    /// Both ways of finding outliers, with their defaults.
    public init() {}
}
