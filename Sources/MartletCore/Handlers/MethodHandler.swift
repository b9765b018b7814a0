/// How one method is answered: decodes requests, runs the user's code, encodes responses.
public struct MethodHandler: Sendable {
    @usableFromInline package typealias Synchronous =
        @Sendable (IncomingMessage, any ServerExchange, ServerContext) throws -> Void
    @usableFromInline package typealias Asynchronous =
        nonisolated(nonsending) @Sendable (any ServerExchange, ServerContext) async throws -> Void

    @usableFromInline package enum Body: Sendable {
        /// Doesn't suspend, so that it needs no task.
        case synchronous(Synchronous)
        case asynchronous(Asynchronous)
    }

    /// Which method it answers.
    public let method: MethodDescriptor
    package let body: Body
    package var executor = HandlerExecutor.eventLoop
    /// Those of the method's service; the server's own come before them.
    package var interceptors: [any ServerInterceptor] = []
    /// For calls that come with JSON.
    package let transcoder: JSONTranscoder

    @usableFromInline init<Request, Response>(_ method: Method<Request, Response>, _ body: Body) {
        self.method = method.descriptor
        self.body = body
        transcoder = JSONTranscoder(request: Request.self, response: Response.self)
    }

    private static func asynchronous<Request, Response>(
        _ method: Method<Request, Response>, _ body: @escaping Asynchronous
    ) -> MethodHandler {
        MethodHandler(method, .asynchronous(body))
    }

    private static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        raw body:
            nonisolated(nonsending) @escaping @Sendable (
                IncomingMessage, any ServerExchange, ServerContext
            ) async throws -> Void
    ) -> MethodHandler {
        asynchronous(method) { exchange, context in
            let request = try await exchange.onlyMessage()
            if request.wasCompressed { context.noteCompressedRequest() }
            try await body(request, exchange, context)
        }
    }
}

// MARK: - One request, one response

extension MethodHandler {
    /// A method that takes one message and returns one.
    ///
    /// Inlinable, so that it is specialised for the messages' types.
    @inlinable
    public static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        _ body: nonisolated(nonsending) @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) -> MethodHandler {
        MethodHandler(
            method,
            .asynchronous { exchange, context in
                let bytes =
                    if let only = try exchange.takeOnlyMessage() { only } else { try await exchange.onlyMessage() }
                if bytes.wasCompressed { context.noteCompressedRequest() }
                let request = try Request(bytes, context.requestMap)
                try exchange.respond(with: try await body(request, context), context)
            })
    }

    /// A method that is answered without suspending.
    @inlinable
    public static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        synchronous body: @escaping @Sendable (Request, ServerContext) throws -> Response
    ) -> MethodHandler {
        MethodHandler(
            method,
            .synchronous { bytes, exchange, context in
                if bytes.wasCompressed { context.noteCompressedRequest() }
                let request = try Request(bytes, context.requestMap)
                try exchange.respond(with: try body(request, context), context)
            })
    }

    /// A method that reads its request through a view. The view owns its content, which lives until `body` returns.
    public static func unary<Request, Response, View: MessageView & ~Copyable>(
        _ method: Method<Request, Response>,
        viewing body:
            nonisolated(nonsending) @escaping @Sendable (
                borrowing View, ServerContext
            ) async throws -> Response
    ) -> MethodHandler where View.ViewedMessage == Request {
        unary(
            method,
            raw: { bytes, exchange, context in
                try await viewing(bytes, context) { view in
                    try exchange.respond(with: try await body(view, context), context)
                }
            })
    }

    /// A method that reads its request through a view and is answered without suspending, so that the view needs no
    /// memory of its own.
    public static func unary<Request, Response, View: MessageView & ~Copyable>(
        _ method: Method<Request, Response>,
        synchronouslyViewing body: @escaping @Sendable (borrowing View, ServerContext) throws -> Response
    ) -> MethodHandler where View.ViewedMessage == Request {
        MethodHandler(
            method,
            .synchronous { bytes, exchange, context in
                if bytes.wasCompressed { context.noteCompressedRequest() }
                do {
                    if let map = context.requestMap {
                        let view = try View(mapping: bytes, map)
                        return try exchange.respond(with: try body(view, context), context)
                    }
                    let reply = try bytes.bytes.withBytes { bytes in
                        try View.withView(serialized: bytes, limits: .default) { try body($0, context) }
                    }
                    try exchange.respond(with: reply, context)
                } catch let error as DecodingError {
                    throw RPCError(undecodable: error)
                }
            })
    }
}

// MARK: - Streams

extension MethodHandler {
    /// A method that takes one message and returns a stream of them, which ends when `body` returns.
    public static func serverStreaming<Request, Response>(
        _ method: Method<Request, Response>,
        _ body:
            nonisolated(nonsending) @escaping @Sendable (
                Request, MessageWriter<Response>, ServerContext
            ) async throws -> Void
    ) -> MethodHandler {
        unary(
            method,
            raw: { bytes, exchange, context in
                let request = try Request(bytes, context.requestMap)
                let responses = MessageWriter<Response>(exchange, map: context.responseMap)
                try await body(request, responses, context)
            })
    }

    /// The same with a view of the request, which owns its content and lives until `body` returns.
    public static func serverStreaming<Request, Response, View: MessageView & ~Copyable>(
        _ method: Method<Request, Response>,
        viewing body:
            nonisolated(nonsending) @escaping @Sendable (
                borrowing View, MessageWriter<Response>, ServerContext
            ) async throws -> Void
    ) -> MethodHandler where View.ViewedMessage == Request {
        unary(
            method,
            raw: { bytes, exchange, context in
                let responses = MessageWriter<Response>(exchange, map: context.responseMap)
                try await viewing(bytes, context) { view in try await body(view, responses, context) }
            })
    }

    /// A method that takes a stream of messages and returns one. It needn't read the stream to its end.
    public static func clientStreaming<Request, Response>(
        _ method: Method<Request, Response>,
        _ body:
            nonisolated(nonsending) @escaping @Sendable (
                MessageStream<Request>, ServerContext
            ) async throws -> Response
    ) -> MethodHandler {
        asynchronous(method) { exchange, context in
            let requests = MessageStream<Request>(exchange, map: requestMap(context))
            let response = try await body(requests, context)
            try exchange.respond(with: response, context)
        }
    }

    /// A method whose two streams go on side by side. The responses end when `body` returns.
    public static func bidirectional<Request, Response>(
        _ method: Method<Request, Response>,
        _ body:
            nonisolated(nonsending) @escaping @Sendable (
                MessageStream<Request>, MessageWriter<Response>, ServerContext
            ) async throws -> Void
    ) -> MethodHandler {
        asynchronous(method) { exchange, context in
            let requests = MessageStream<Request>(exchange, map: requestMap(context))
            let responses = MessageWriter<Response>(exchange, map: context.responseMap)
            try await body(requests, responses, context)
        }
    }
}

private func requestMap(_ context: ServerContext) -> (@Sendable () -> MessageMap?)? {
    guard let map = context.requestMap else { return nil }
    return { map }
}

/// Makes a view of the request. What it can't decode, then or when it is read, is INTERNAL.
nonisolated(nonsending) private func viewing<View: MessageView & ~Copyable>(
    _ bytes: IncomingMessage, _ context: ServerContext,
    _ body: nonisolated(nonsending) (borrowing View) async throws -> Void
) async throws {
    do {
        let view =
            if let map = context.requestMap { try View(mapping: bytes, map) } else {
                try bytes.bytes.withBytes { (bytes) throws(DecodingError) in
                    try View(serialized: bytes, limits: .default)
                }
            }
        try await body(view)
    } catch let error as DecodingError {
        throw RPCError(undecodable: error)
    }
}

extension ServerExchange {
    /// Waits for the request of a method that takes one, and for the end that makes sure of it.
    @usableFromInline package nonisolated(nonsending) func onlyMessage() async throws(RPCError) -> IncomingMessage {
        if let only = try takeOnlyMessage() { return only }
        guard let request = try await nextMessage() else {
            throw RPCError(.unimplemented, "the client ended its side without the request that the method takes")
        }
        guard try await nextMessage() == nil else {
            throw RPCError(.unimplemented, "the client sent more than one request to a method that takes one")
        }
        return request
    }

    @inlinable
    func respond<Response: Message>(with response: Response, _ context: ServerContext) throws(RPCError) {
        let response = if let map = context.responseMap { try map.apply(to: response) } else { response }
        let outcome: Result<Void, RPCError>
        do throws(EncodingError) {
            outcome = try response.withSerialized { size, write in
                do throws(RPCError) { return .success(try respond(size: size, write)) } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw RPCError(encoding: error)
        }
        try outcome.get()
    }
}

extension MessageView where Self: ~Copyable {
    /// A view of what interceptors made of the message.
    fileprivate init(mapping incoming: IncomingMessage, _ map: MessageMap) throws {
        let bytes: [UInt8]
        let message = try ViewedMessage(incoming, map)
        do throws(EncodingError) { bytes = try message.serialized() } catch { throw RPCError(encoding: error) }
        try self.init(serialized: bytes)
    }
}
