public import MartletCore
internal import MartletTransport
internal import NIOConcurrencyHelpers

/// Carries calls to one endpoint of a channel, whatever its balancing says; see ``ClientChannel/endpointInvokers``.
public struct EndpointInvoker: CallInvoker, Identifiable {
    /// Where the calls go.
    public let endpoint: Endpoint
    private let calls: ChannelCalls
    private let interceptors: [any ClientInterceptor]

    init(_ endpoint: PooledEndpoint, _ configuration: ChannelConfiguration, _ policies: CallPolicies) {
        self.endpoint = endpoint.endpoint
        calls = ChannelCalls(endpoint.subchannel, configuration, policies)
        interceptors = configuration.interceptors
    }

    public var id: String { endpoint.id }

    public var directCalls: DirectCalls? { DirectCalls(calls, interceptors) }

    public nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await DirectCalls(calls, interceptors).unaryReply(method, request, options)
    }

    public func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        if interceptors.isEmpty { return calls.start(method, request, options) }
        return InterceptedInvoker(calls, interceptors).start(method, request, options)
    }
}

extension ClientChannel {
    /// One invoker for each endpoint that the target has now, for calls to several of them with ``firstOf(_:_:)``,
    /// ``quorum(_:of:_:)`` and ``broadcast(to:_:)``. They connect when they are used, and stop working when the endpoint
    /// leaves the channel. Empty for a target of one address, and before the target was resolved: see ``ClientChannel/connect(timeout:waitsForReady:)``.
    public var endpointInvokers: [EndpointInvoker] {
        guard let pool = source as? EndpointPool else { return [] }
        let endpoints = pool.state.withLockedValue { $0.endpoints }
        return endpoints.map { EndpointInvoker($0, pool.configuration, pool.policies) }
    }
}
