internal import MartletCore
internal import MartletTransport
internal import MartletWire

/// Makes a channel's calls, inside of its interceptors.
final class ChannelCalls: CallInvoker, UnaryCarrier {
    let source: any ConnectionSource
    let configuration: ChannelConfiguration
    private let policies: CallPolicies

    init(_ source: any ConnectionSource, _ configuration: ChannelConfiguration, _ policies: CallPolicies) {
        self.source = source
        self.configuration = configuration
        self.policies = policies
    }

    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await DirectCalls(self, []).unaryReply(method, request, options)
    }

    func unaryExchange(_ method: MethodDescriptor, _ options: CallOptions) throws(RPCError) -> any UnaryExchange {
        try options.metadata.validate()
        let handler = ServerContext.current
        guard let policy = policies[method] else {
            let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
            return UnaryCall(
                method: method, options: complete(options, nil), deadline: deadline(after: timeout), timeout: timeout,
                handler: handler, placer: source, maxMessageBytes: configuration.maxMessageBytes)
        }
        return unaryExchange(method, options, policy, handler)
    }

    /// The same by what the service config says. Apart, so that other calls don't pay for the closure.
    private func unaryExchange(
        _ method: MethodDescriptor, _ options: CallOptions, _ policy: CallPolicies.ForMethod, _ handler: ServerContext?
    ) -> any UnaryExchange {
        let timeout = timeout(of: options, policy, in: handler)
        let deadline = deadline(after: timeout)
        let options = complete(options, policy)
        let retries = policies.retries(of: method, policy)
        let makeCall = { @Sendable [self] in
            UnaryCall(
                method: method, options: options, deadline: deadline, timeout: timeout, handler: handler,
                placer: source, maxRequestBytes: policy.config.maxRequestBytes ?? .max,
                maxMessageBytes: maxResponseBytes(policy), retries: retries)
        }
        guard case .hedge(let hedging) = policy.config.repetition else { return makeCall() }
        return HedgedExchange(method, hedging, throttle: policy.throttle, source, makeCall: makeCall)
    }

    func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        let handler = ServerContext.current
        let policy = policies[method.descriptor]
        let timeout = timeout(of: options, policy, in: handler)
        let call = StreamCall(
            method: method.descriptor, options: complete(options, policy), deadline: deadline(after: timeout),
            timeout: timeout, handler: handler, hasOnlyRequest: request != nil,
            streamWindow: source.streamWindow, maxRequestBytes: policy?.config.maxRequestBytes ?? .max,
            maxMessageBytes: maxResponseBytes(policy))
        do throws(RPCError) {
            try options.metadata.validate()
            call.restarting(on: source, retries: policies.retries(of: method.descriptor, policy)) {
                [source] (call, delay) in
                if delay > .zero { source.place(call, request, after: delay) } else { source.place(call, request) }
            }
            source.place(call, request)
        } catch {
            call.end(error, dropsMessages: true)
        }
        return Call(call)
    }

    // MARK: - What a call doesn't say itself

    private func timeout(
        of options: CallOptions, _ policy: CallPolicies.ForMethod?, in handler: ServerContext?
    ) -> Duration? {
        let timeout = options.effectiveTimeout(default: configuration.defaultTimeout, in: handler)
        guard let most = policy?.config.timeout else { return timeout }
        return timeout.map { min($0, most) } ?? most
    }

    private func maxResponseBytes(_ policy: CallPolicies.ForMethod?) -> Int {
        min(policy?.config.maxResponseBytes ?? .max, configuration.maxMessageBytes)
    }

    private func complete(_ options: CallOptions, _ policy: CallPolicies.ForMethod?) -> CallOptions {
        let wantsToWait = !options.waitsForReady && policy?.config.waitsForReady == true
        let compression = options.compression == nil ? configuration.defaultCompression : nil
        guard wantsToWait || compression != nil else { return options }
        var options = options
        if wantsToWait { options.waitsForReady = true }
        if let compression { options.compression = compression }
        return options
    }

    private func deadline(after timeout: Duration?) -> UInt64? {
        timeout.map { source.executor.uptimeNanoseconds &+ UInt64(max(0, $0.nanoseconds)) }
    }
}
