public import MartletCore
internal import MartletMessages

extension ServiceConfig {
    /// Reads gRPC's JSON. Members that aren't known are skipped.
    ///
    /// - Throws: INVALID_ARGUMENT that says what is wrong and where.
    public init(json text: String) throws(RPCError) {
        let parsed: GRPCServiceConfig.ServiceConfig
        do throws(JSONDecodingError) {
            parsed = try GRPCServiceConfig.ServiceConfig(jsonString: text, options: .init(ignoresUnknownFields: true))
        } catch {
            let place = error.path.isEmpty ? "" : ", \(error.path)"
            throw RPCError(
                .invalidArgument,
                "service config: line \(error.line), column \(error.column)\(place): \(error.problem)")
        }
        for entry in parsed.methodConfig {
            let method = MethodConfig(entry)
            for name in entry.name {
                guard !name.service.isEmpty || name.method.isEmpty else {
                    throw RPCError(
                        .invalidArgument, "service config: the method \(name.method) is named without its service")
                }
                let scope = Scope(name)
                guard methods.updateValue(method, forKey: scope) == nil else {
                    throw RPCError(.invalidArgument, "service config: \(scope.text) has two entries")
                }
            }
        }
        policy = parsed.loadBalancingConfig.lazy.compactMap { LoadBalancing.Policy($0) }.first
        healthCheckService = parsed.healthCheckConfig?.serviceName?.value
        retryThrottling = parsed.retryThrottling.map {
            RetryThrottling(maxTokens: Int($0.maxTokens), tokenRatio: Double($0.tokenRatio))
        }
        try validate()
    }
}

extension ServiceConfig.Scope {
    fileprivate init(_ name: GRPCServiceConfig.MethodConfig.Name) {
        self =
            name.service.isEmpty
            ? .everything
            : name.method.isEmpty ? .service(name.service) : .method(service: name.service, name: name.method)
    }
}

extension MethodConfig {
    fileprivate init(_ entry: GRPCServiceConfig.MethodConfig) {
        waitsForReady = entry.waitForReady?.value
        timeout = entry.timeout.map { Duration($0) }
        maxRequestBytes = entry.maxRequestMessageBytes.map { Int($0.value) }
        maxResponseBytes = entry.maxResponseMessageBytes.map { Int($0.value) }
        switch entry.retryOrHedgingPolicy {
        case nil: break
        case .retryPolicy(let policy):
            repetition = .retry(
                RetryPolicy(
                    maxAttempts: Int(policy.maxAttempts),
                    initialBackoff: policy.initialBackoff.map { Duration($0) } ?? .zero,
                    maxBackoff: policy.maxBackoff.map { Duration($0) } ?? .zero,
                    backoffMultiplier: Double(policy.backoffMultiplier),
                    retryableCodes: Set(policy.retryableStatusCodes.compactMap { StatusCode(rawValue: $0.rawValue) })))
        case .hedgingPolicy(let policy):
            repetition = .hedge(
                HedgingPolicy(
                    maxAttempts: Int(policy.maxAttempts), delay: policy.hedgingDelay.map { Duration($0) } ?? .zero,
                    nonFatalCodes: Set(policy.nonFatalStatusCodes.compactMap { StatusCode(rawValue: $0.rawValue) })))
        }
    }
}

extension LoadBalancing.Policy {
    /// Nil for one that isn't known.
    fileprivate init?(_ entry: GRPCServiceConfig.LoadBalancingConfig) {
        switch entry.policy {
        case nil: return nil
        case .pickFirst(let config): self = .pickFirst(shuffled: config.shuffleAddressList)
        case .roundRobin: self = .roundRobin
        case .weightedRoundRobin: self = .weightedRoundRobin
        case .leastRequestExperimental(let config):
            self = .leastRequest(choices: config.choiceCount == 0 ? 2 : Int(config.choiceCount))
        case .ringHashExperimental(let config):
            let least = config.minRingSize == 0 ? 1024 : Int(clamping: config.minRingSize)
            let most = config.maxRingSize == 0 ? 4096 : Int(clamping: config.maxRingSize)
            self = .ringHash(key: config.requestHashHeader, ringSizes: min(least, most)...most)
        }
    }
}
