/// How one method is answered: decodes the request, runs the user's code, encodes the response.
public struct MethodHandler: Sendable {
    package typealias UnaryBody =
        nonisolated(nonsending) @Sendable (
            _ request: consuming MessageBytes, _ context: ServerContext, _ response: any ResponseSink
        ) async throws -> Void

    public let method: MethodDescriptor
    package let unary: UnaryBody

    /// A method that takes one message and returns one.
    public static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        _ body: nonisolated(nonsending) @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) -> MethodHandler {
        MethodHandler(method: method.descriptor) { bytes, context, response in
            let request = try decode(Request.self, from: bytes)
            try response.respond(with: try await body(request, context))
        }
    }
}

/// Where a handler's response goes.
package protocol ResponseSink: Sendable {
    /// Encodes the message into the call's connection. Callable once, on any thread.
    func respond<Response: Message>(with message: Response) throws(RPCError)
}

/// A request that can't be decoded is INTERNAL, as gRPC's table of library-generated codes has it.
private func decode<Request: Message>(
    _ type: Request.Type, from bytes: consuming MessageBytes
) throws(RPCError) -> Request {
    do throws(DecodingError) {
        return try bytes.withBytes { (bytes) throws(DecodingError) in
            try Request(serialized: bytes, limits: .default)
        }
    } catch {
        throw RPCError(.internalError, "\(error)")
    }
}
