internal import MartletCore

/// Answers calls with handlers of the same process, without a connection. Messages are encoded and decoded, so that
/// one that no wire could carry fails here too.
struct LocalInvoker: CallInvoker {
    private let handlers: [MethodDescriptor: MethodHandler]

    init(_ handlers: [MethodHandler]) {
        self.handlers = Dictionary(handlers.map { ($0.method, $0) }) { _, last in last }
    }

    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        let call = start(method, request, options)
        let response = try await call.response()
        return UnaryReply(
            response, initialMetadata: try await call.initialMetadata,
            trailingMetadata: try await call.trailingMetadata)
    }

    func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        let call = LocalCall(method.descriptor, options: options)
        do throws(RPCError) {
            try options.metadata.validate()
            guard let handler = handlers[method.descriptor] else {
                throw RPCError(.unimplemented, "the double has no method \(method.descriptor)", isSafeToRetry: true)
            }
            if let request {
                _ = try call.exchange.requests.append(IncomingMessage(encoding: request))
                call.exchange.requests.end(.success(()))
            }
            call.run(handler)
        } catch {
            call.end(.failure(error))
        }
        return Call(LocalClientExchange(call))
    }
}
