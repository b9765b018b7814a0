internal import MartletCore

extension ServiceConfig {
    /// Throws INVALID_ARGUMENT that names the first setting no channel can have.
    func validate() throws(RPCError) {
        for (scope, method) in methods {
            if let problem = method.problem {
                throw RPCError(.invalidArgument, "service config: \(scope.text): \(problem)")
            }
        }
        if let retryThrottling {
            guard (1...1000).contains(retryThrottling.maxTokens), retryThrottling.tokenRatio > 0 else {
                throw RPCError(
                    .invalidArgument,
                    "service config: retry throttling takes from 1 to 1,000 tokens and a ratio above 0, not \(retryThrottling.maxTokens) and \(retryThrottling.tokenRatio)"
                )
            }
        }
        try policy?.validate()
    }
}

extension ServiceConfig.Scope {
    var text: String {
        switch self {
        case .everything: "all methods"
        case .service(let service): service
        case .method(let service, let name): "\(service)/\(name)"
        }
    }
}

extension MethodConfig {
    fileprivate var problem: String? {
        if let timeout, timeout <= .zero { return "the timeout is \(timeout), not above zero" }
        if let maxRequestBytes, maxRequestBytes < 0 { return "the largest request is below zero" }
        if let maxResponseBytes, maxResponseBytes < 0 { return "the largest response is below zero" }
        switch repetition {
        case nil: return nil
        case .retry(let policy):
            if policy.maxAttempts < 2 { return "retries need 2 attempts or more, not \(policy.maxAttempts)" }
            if policy.initialBackoff <= .zero || policy.maxBackoff <= .zero {
                return "the backoffs of retries must be above zero"
            }
            if policy.backoffMultiplier <= 0 { return "the backoff's multiplier must be above zero" }
            if policy.retryableCodes.isEmpty { return "retries need at least one retryable code" }
            return policy.retryableCodes.contains(.ok) ? "OK is no failure to retry" : nil
        case .hedge(let policy):
            if policy.maxAttempts < 2 { return "hedging needs 2 attempts or more, not \(policy.maxAttempts)" }
            return policy.delay < .zero ? "the delay of hedging is below zero" : nil
        }
    }
}
