/// Anything that can carry calls to a service: a channel, or a stand-in for one.
public protocol CallInvoker: Sendable {
    /// Calls a method that takes one message and returns one.
    ///
    /// Throws `RPCError` for every way a call can fail, cancellation of the calling task included (CANCELLED).
    nonisolated(nonsending) func unary<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> Response
}
