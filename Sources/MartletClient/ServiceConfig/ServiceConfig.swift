public import MartletCore

/// How the methods of a service are called, and how its endpoints are chosen: gRPC's service config
/// (https://github.com/grpc/grpc/blob/master/doc/service_config.md). A channel has one from its configuration or, if that
/// says something, from its resolver.
public struct ServiceConfig: Sendable, Hashable {
    /// What an entry is about.
    public enum Scope: Sendable, Hashable {
        /// All methods that no other scope names.
        case everything
        /// - Parameter 0: The full name, such as `users.v1.UserService`.
        case service(String)
        /// One method, by the names in its `.proto` file.
        case method(service: String, name: String)
    }

    /// Of several entries for a method the most special counts, whole.
    public var methods: [Scope: MethodConfig] = [:]

    /// Stops retries and hedging when too many calls fail. Default: nil.
    public var retryThrottling: RetryThrottling?

    /// Counts unless the channel's configuration has a policy. Default: nil.
    public var policy: LoadBalancing.Policy?

    /// Counts unless the channel's configuration has such a service. Default: nil.
    public var healthCheckService: String?

    /// Says nothing of any method.
    public init() {}

    /// What is said of a method.
    public subscript(method: MethodDescriptor) -> MethodConfig? {
        methods[.method(service: method.service, name: method.name)] ?? methods[.service(method.service)]
            ?? methods[.everything]
    }
}

/// How the calls of some methods are made.
public struct MethodConfig: Sendable, Hashable {
    /// What happens to calls that may be made more than once.
    public enum Repetition: Sendable, Hashable {
        /// Again after a failure.
        case retry(RetryPolicy)
        /// Again before the outcome is there.
        case hedge(HedgingPolicy)
    }

    /// For calls that don't say it themselves. Default: nil, they don't wait.
    public var waitsForReady: Bool?

    /// The most that a call may take, whatever longer time it asks for. Default: nil, no limit.
    public var timeout: Duration?

    /// Of a request, in bytes; larger ones fail with RESOURCE_EXHAUSTED without being sent. Default: nil, no limit.
    public var maxRequestBytes: Int?

    /// Of a response, in bytes, if that is less than the channel accepts. Default: nil.
    public var maxResponseBytes: Int?

    /// Default: nil, calls are made again only if no handler has seen them.
    public var repetition: Repetition?

    /// Says nothing: no timeout, no retries.
    public init() {}
}

/// Makes calls again that failed with certain codes (gRPC A6): unary ones, and streams of one request as long as no
/// response has come.
public struct RetryPolicy: Sendable, Hashable {
    /// From 2, the first included; more than 5 count as 5. Default 3.
    public var maxAttempts: Int
    /// Before the second attempt, a fifth more or less. Default 100 ms.
    public var initialBackoff: Duration
    /// Before any attempt. Default 5 s.
    public var maxBackoff: Duration
    /// By which each wait grows. Default 2.
    public var backoffMultiplier: Double
    /// At least one. Default UNAVAILABLE.
    public var retryableCodes: Set<StatusCode>

    /// A policy; a channel refuses what gRPC's service config can't say.
    public init(
        maxAttempts: Int = 3, initialBackoff: Duration = .milliseconds(100), maxBackoff: Duration = .seconds(5),
        backoffMultiplier: Double = 2, retryableCodes: Set<StatusCode> = [.unavailable]
    ) {
        self.maxAttempts = maxAttempts
        self.initialBackoff = initialBackoff
        self.maxBackoff = maxBackoff
        self.backoffMultiplier = backoffMultiplier
        self.retryableCodes = retryableCodes
    }
}

/// Makes unary calls several times, at different endpoints if there are, and takes what succeeds first (gRPC A6). For
/// methods only that may run more than once.
public struct HedgingPolicy: Sendable, Hashable {
    /// From 2, the first included; more than 5 count as 5. Default 2.
    public var maxAttempts: Int
    /// Before each further attempt, unless one fails earlier. Zero: all at once. Default 100 ms.
    public var delay: Duration
    /// Outcomes that leave the other attempts going. Others end the call. Default UNAVAILABLE.
    public var nonFatalCodes: Set<StatusCode>

    /// A policy; a channel refuses what gRPC's service config can't say.
    public init(
        maxAttempts: Int = 2, delay: Duration = .milliseconds(100), nonFatalCodes: Set<StatusCode> = [.unavailable]
    ) {
        self.maxAttempts = maxAttempts
        self.delay = delay
        self.nonFatalCodes = nonFatalCodes
    }
}

/// Tokens that failed calls take and calls that went well give back in part; with half of them or less no call is made
/// again (gRPC A6).
public struct RetryThrottling: Sendable, Hashable {
    /// From 1 to 1,000.
    public var maxTokens: Int
    /// Above 0, counted to a thousandth.
    public var tokenRatio: Double

    /// Bounds; a channel refuses what gRPC's service config can't say.
    public init(maxTokens: Int, tokenRatio: Double) {
        self.maxTokens = maxTokens
        self.tokenRatio = tokenRatio
    }
}
