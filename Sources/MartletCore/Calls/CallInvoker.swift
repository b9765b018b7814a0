/// Anything that can carry calls to a service: a channel, a chain of interceptors around one, or a test's double.
///
/// Two requirements need an implementation; the shapes that generated clients use are extensions.
public protocol CallInvoker: Sendable {
    /// Calls a method that takes one message and returns one.
    ///
    /// Throws `RPCError` for every way a call can fail, cancellation of the calling task included (CANCELLED).
    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response>

    /// Begins a call of any shape and never waits: what goes wrong, the call's handle tells.
    ///
    /// - Parameters:
    ///   - method: Generated code has it, such as `UserServiceMethods.listUsers`.
    ///   - request: The only request, of a method that takes one. Nil: requests are written to the handle.
    ///   - options: What is chosen for this call.
    func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response>

    /// A shorter way for unary calls, which doesn't lead through ``unaryReply(_:_:_:)``. Default: none.
    var directCalls: DirectCalls? { get }
}

/// The outcome of a unary call that went well.
public struct UnaryReply<Response: Message>: Sendable {
    /// As interceptors left it.
    public var message: Response
    /// What the server sent ahead of the response.
    public var initialMetadata: Metadata
    /// What the server sent with the status.
    public var trailingMetadata: Metadata

    /// For invokers, and for interceptors that answer themselves.
    public init(_ message: Response, initialMetadata: Metadata = [:], trailingMetadata: Metadata = [:]) {
        self.message = message
        self.initialMetadata = initialMetadata
        self.trailingMetadata = trailingMetadata
    }
}

extension CallInvoker {
    public var directCalls: DirectCalls? { nil }

    /// Calls a method that takes one message and returns one.
    ///
    /// Throws `RPCError` for every way a call can fail, cancellation of the calling task included (CANCELLED).
    @inlinable @inline(__always)
    public nonisolated(nonsending) func unary<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> Response {
        if let directCalls { return try await directCalls.response(method, request, options) }
        return try await unaryReply(method, request, options).message
    }

    /// Calls a method that takes one message and returns a stream of them. Leaving the stream early cancels the call.
    public func serverStreaming<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) -> MessageStream<Response> {
        start(method, request, options).responses
    }

    /// Calls a method that takes a stream of messages and returns one: `upload` writes them, and its end is theirs.
    ///
    /// Throws `RPCError`, and what `upload` throws, which cancels the call. Where the server ends the call before it
    /// has read everything, that outcome counts: what `upload` throws of the writer is dropped then.
    public nonisolated(nonsending) func clientStreaming<Request, Response>(
        _ method: Method<Request, Response>, _ options: CallOptions,
        _ upload: nonisolated(nonsending) (_ requests: MessageWriter<Request>) async throws -> Void
    ) async throws -> Response {
        let call = start(method, nil, options)
        return try await withTaskCancellationHandler {
            do {
                try await upload(call.requests)
            } catch {
                if error is RPCError, call.hasEnded { return try await call.response() }
                call.cancel()
                throw error
            }
            call.requests.finish()
            return try await call.response()
        } onCancel: {
            call.cancel()
        }
    }

    /// Calls a method that takes a stream of messages and returns one. The call is cancelled when `exchange` returns
    /// before it has read the responses to their end.
    ///
    /// Throws what `exchange` throws.
    public nonisolated(nonsending) func bidirectional<Request, Response, Result>(
        _ method: Method<Request, Response>, _ options: CallOptions,
        _ exchange:
            nonisolated(nonsending) (
                _ requests: MessageWriter<Request>, _ responses: MessageStream<Response>
            ) async throws -> Result
    ) async throws -> Result {
        let call = start(method, nil, options)
        defer { call.cancel() }
        return try await withTaskCancellationHandler {
            try await exchange(call.requests, call.responses)
        } onCancel: {
            call.cancel()
        }
    }
}
