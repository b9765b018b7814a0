extension CallInvoker {
    /// The same calls with interceptors around them. The first is the outermost.
    public func intercepted(by interceptors: any ClientInterceptor...) -> any CallInvoker {
        interceptors.isEmpty ? self : InterceptedInvoker(self, interceptors)
    }
}

/// Runs interceptors around the calls of another invoker.
package struct InterceptedInvoker: CallInvoker {
    private let invoker: any CallInvoker
    private let interceptors: [any ClientInterceptor]

    package init(_ invoker: any CallInvoker, _ interceptors: [any ClientInterceptor]) {
        self.invoker = invoker
        self.interceptors = interceptors
    }

    public nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await interceptors.unaryReply(method, request, options) { (request, options) async throws(RPCError) in
            try await invoker.unaryReply(method, request, options)
        }
    }

    public var directCalls: DirectCalls? { invoker.directCalls?.intercepted(by: interceptors) }

    public func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        let exchange = InterceptedExchange(ClientCall(method: method.descriptor, options: options))
        exchange.run(interceptors) { [invoker] (call) throws(RPCError) in
            let request = if let request, let map = call.requestMap { try map.apply(to: request) } else { request }
            let inner = invoker.start(method, request, call.options)
            return (inner.exchange, inner.owner)
        }
        return Call(exchange, mapResponses: { exchange.responseMap })
    }
}
