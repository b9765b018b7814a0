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

extension MethodHandler {
    /// A method that is answered without suspending.
    public static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        synchronous body: @escaping @Sendable (Request, ServerContext) throws -> Response
    ) -> MethodHandler {
        MethodHandler(method: method.descriptor) { bytes, context, response in
            let request = try decode(Request.self, from: bytes)
            try response.respond(with: try body(request, context))
        }
    }

    /// A method that reads its request through a view. The view owns its content, which lives until `body` returns.
    public static func unary<Request, Response, View: MessageView & ~Copyable>(
        _ method: Method<Request, Response>,
        viewing body:
            nonisolated(nonsending) @escaping @Sendable (
                borrowing View, ServerContext
            ) async throws -> Response
    ) -> MethodHandler where View.ViewedMessage == Request {
        MethodHandler(method: method.descriptor) { bytes, context, response in
            do {
                let view = try bytes.withBytes { (bytes) throws(DecodingError) in
                    try View(serialized: bytes, limits: .default)
                }
                try response.respond(with: try await body(view, context))
            } catch let error as DecodingError {
                throw RPCError(undecodable: error)
            }
        }
    }

    /// A method that reads its request through a view and is answered without suspending, so that the view needs no
    /// memory of its own.
    public static func unary<Request, Response, View: MessageView & ~Copyable>(
        _ method: Method<Request, Response>,
        synchronouslyViewing body: @escaping @Sendable (borrowing View, ServerContext) throws -> Response
    ) -> MethodHandler where View.ViewedMessage == Request {
        MethodHandler(method: method.descriptor) { bytes, context, response in
            do {
                let reply = try bytes.withBytes { bytes in
                    try View.withView(serialized: bytes, limits: .default) { try body($0, context) }
                }
                try response.respond(with: reply)
            } catch let error as DecodingError {
                throw RPCError(undecodable: error)
            }
        }
    }
}

/// Where a handler's response goes.
package protocol ResponseSink: Sendable {
    /// Encodes the message into the call's connection. Callable once, on any thread.
    func respond<Response: Message>(with message: Response) throws(RPCError)
}

private func decode<Request: Message>(
    _ type: Request.Type, from bytes: consuming MessageBytes
) throws(RPCError) -> Request {
    do throws(DecodingError) {
        return try bytes.withBytes { (bytes) throws(DecodingError) in
            try Request(serialized: bytes, limits: .default)
        }
    } catch {
        throw RPCError(undecodable: error)
    }
}

extension RPCError {
    /// A request that can't be decoded is INTERNAL, as gRPC's table of library-generated codes has it.
    fileprivate init(undecodable error: DecodingError) { self.init(.internalError, "\(error)") }
}
