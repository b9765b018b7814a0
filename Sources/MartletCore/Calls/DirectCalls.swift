/// A channel's way for unary calls: their messages are encoded and decoded in the module that knows their types, and the
/// channel sees only bytes.
///
/// Opaque; only a channel can make one.
public struct DirectCalls: Sendable {
    @usableFromInline let carrier: any UnaryCarrier
    /// Around the calls, the outermost first.
    @usableFromInline let interceptors: [any ClientInterceptor]

    package init(_ carrier: any UnaryCarrier, _ interceptors: [any ClientInterceptor]) {
        self.carrier = carrier
        self.interceptors = interceptors
    }

    /// With more interceptors outside of those it has.
    func intercepted(by outer: [any ClientInterceptor]) -> DirectCalls { DirectCalls(carrier, outer + interceptors) }

    /// Inlinable, so that it is specialised for the messages' types and the caller awaits once.
    @inlinable
    nonisolated(nonsending) func reply<Request: Message>(
        _ method: MethodDescriptor, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> RawReply {
        let call = try carrier.unaryExchange(method, options)
        while true {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { continuation in
                    call.begin(continuation)
                    Self.send(request, call)
                }
            } onCancel: {
                call.cancel()
            }
            if let reply = try call.takeReply() { return reply }
        }
    }

    @inlinable
    static func send<Request: Message>(_ request: Request, _ call: any UnaryExchange) {
        do throws(EncodingError) {
            if try request.withSerialized({ size, write in call.trySend(size: size, write) }) { return }
            call.send(request)
        } catch {
            call.end(RPCError(encoding: error))
        }
    }

    /// The response alone. The most usual call, one without interceptors, awaits but once.
    @inlinable @inline(__always)
    nonisolated(nonsending) func response<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> Response {
        if interceptors.isEmpty { return try await reply(method.descriptor, request, options).message(of: method) }
        return try await unaryReply(method, request, options).message
    }

    @inlinable
    package nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await interceptors.unaryReply(method, request, options) { (request, options) async throws(RPCError) in
            let reply = try await reply(method.descriptor, request, options)
            return UnaryReply(
                try reply.message(of: method), initialMetadata: reply.initialMetadata,
                trailingMetadata: reply.trailingMetadata)
        }
    }
}

/// What makes unary calls for ``DirectCalls``.
@usableFromInline package protocol UnaryCarrier: AnyObject, Sendable {
    /// A call that hasn't begun. Throws INVALID_ARGUMENT for metadata that can't be sent.
    func unaryExchange(_ method: MethodDescriptor, _ options: CallOptions) throws(RPCError) -> any UnaryExchange
}

/// A call of one request and one response. Usable on any thread, by one caller.
@usableFromInline package protocol UnaryExchange: AnyObject, Sendable {
    /// Resumes `continuation` once the outcome is there; then ``takeReply()`` is to follow. One of the ways to send the
    /// request must follow at once.
    func begin(_ continuation: UnsafeContinuation<Void, Never>)

    /// Sends a request of so many bytes, which `write` puts where it is told, before this returns. False: nothing was
    /// done, since it would have to wait or to be compressed.
    func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool

    /// Sends the request as soon as that is possible.
    func send<Request: Message>(_ request: Request)

    /// Ends the call without the server.
    func end(_ error: RPCError)

    /// Gives the call up. Does nothing once it has ended.
    func cancel()

    /// The outcome. Nil: the server didn't run the call, which is to begin once more.
    func takeReply() throws(RPCError) -> RawReply?
}

/// What came of a unary call that went well.
@usableFromInline package struct RawReply: Sendable {
    @usableFromInline let bytes: IncomingMessage
    @usableFromInline let initialMetadata: Metadata
    @usableFromInline let trailingMetadata: Metadata

    package init(_ bytes: IncomingMessage, initialMetadata: Metadata, trailingMetadata: Metadata) {
        self.bytes = bytes
        self.initialMetadata = initialMetadata
        self.trailingMetadata = trailingMetadata
    }

    /// Throws INTERNAL for bytes that aren't such a message.
    @inlinable
    func message<Request, Response>(of method: Method<Request, Response>) throws(RPCError) -> Response {
        do throws(DecodingError) {
            return try bytes.bytes.withBytes { (bytes) throws(DecodingError) in
                try Response(serialized: bytes, limits: .default)
            }
        } catch {
            throw RPCError(undecodable: error, responseTo: method.descriptor)
        }
    }
}

extension RPCError {
    @usableFromInline init(undecodable error: DecodingError, responseTo method: MethodDescriptor) {
        self.init(.internalError, "the response to \(method): \(error)")
    }
}
