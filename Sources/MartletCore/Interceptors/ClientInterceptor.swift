/// A call on its way out, as interceptors see it: the same for all shapes.
public struct ClientCall: Sendable {
    /// Which method is called.
    public let method: MethodDescriptor
    /// What the caller chose: metadata, timeout and so on. What an interceptor sets counts for those that follow.
    public var options: CallOptions

    private var requestSteps: [MessageMap.Step] = []
    private var responseSteps: [MessageMap.Step] = []
    private var initialMetadataSteps: [@Sendable (Metadata) -> Metadata] = []

    @usableFromInline init(method: MethodDescriptor, options: CallOptions) {
        self.method = method
        self.options = options
    }

    /// Lets an interceptor change each request. What it returns must have the same type. The first interceptor sees it
    /// first.
    public mutating func mapRequests(_ step: @escaping @Sendable (any Message) throws(RPCError) -> any Message) {
        requestSteps.append(step)
    }

    /// Lets an interceptor change each response. What it returns must have the same type. The last interceptor sees it
    /// first.
    public mutating func mapResponses(_ step: @escaping @Sendable (any Message) throws(RPCError) -> any Message) {
        responseSteps.insert(step, at: 0)
    }

    /// Lets an interceptor see or change what the server sends ahead of its responses. The last interceptor sees it
    /// first.
    public mutating func mapInitialMetadata(_ step: @escaping @Sendable (Metadata) -> Metadata) {
        initialMetadataSteps.insert(step, at: 0)
    }

    @usableFromInline var requestMap: MessageMap? { requestSteps.isEmpty ? nil : MessageMap(requestSteps) }
    var responseMap: MessageMap? { responseSteps.isEmpty ? nil : MessageMap(responseSteps) }

    func mapped(_ metadata: Metadata) -> Metadata { initialMetadataSteps.reduce(metadata) { $1($0) } }

    @usableFromInline var mapsReplies: Bool { !responseSteps.isEmpty || !initialMetadataSteps.isEmpty }

    @usableFromInline
    func mapped<Response>(_ reply: UnaryReply<Response>) throws(RPCError) -> UnaryReply<Response> {
        UnaryReply(
            try responseMap?.apply(to: reply.message) ?? reply.message,
            initialMetadata: mapped(reply.initialMetadata), trailingMetadata: reply.trailingMetadata)
    }
}

/// The rest of a call at a client: the interceptors that follow, then the wire. Returns the trailing metadata when the
/// call has ended well, and throws its error otherwise. May be called again, for another attempt at a unary call.
public typealias ClientNext = nonisolated(nonsending) (ClientCall) async throws(RPCError) -> Metadata

/// Runs around the calls of a client, of every shape.
///
/// Interceptors run in the order in which they are listed: the first is the outermost, so it sees the call first and its
/// outcome last.
///
/// - To change metadata, the timeout and so on, pass a changed call to `next`.
/// - To change messages, use ``ClientCall/mapRequests(_:)`` and ``ClientCall/mapResponses(_:)`` before `next`.
/// - To change the outcome, throw, with or without calling `next`, or return other trailing metadata. `next` returns
///   when the call has ended: for a stream, when its last message and status are here. A method that returns one message
///   needs `next` for it.
public protocol ClientInterceptor: Sendable {
    /// Runs around one call, in its caller's task or one that the call has for itself.
    ///
    /// - Throws: What the caller gets as the call's outcome.
    nonisolated(nonsending) func intercept(
        _ call: ClientCall, next: ClientNext
    ) async throws(RPCError) -> Metadata
}

extension Array where Element == any ClientInterceptor {
    /// Runs `wire` inside of the interceptors. One alone gets it directly.
    @inlinable @inline(__always)
    nonisolated(nonsending) func run(_ call: ClientCall, _ wire: ClientNext) async throws(RPCError) -> Metadata {
        if count == 1 { return try await self[0].intercept(call, next: wire) }
        return try await run(call, from: 0, wire)
    }

    @usableFromInline
    nonisolated(nonsending) func run(
        _ call: ClientCall, from position: Int, _ wire: ClientNext
    ) async throws(RPCError) -> Metadata {
        if position == count { return try await wire(call) }
        return try await self[position].intercept(call) { (call) async throws(RPCError) in
            try await run(call, from: position + 1, wire)
        }
    }

    /// Makes a unary call inside of the interceptors: `wire` makes the call proper.
    @inlinable @inline(__always)
    nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions,
        _ wire: nonisolated(nonsending) (Request, CallOptions) async throws(RPCError) -> UnaryReply<Response>
    ) async throws(RPCError) -> UnaryReply<Response> {
        if isEmpty { return try await wire(request, options) }
        var reply: UnaryReply<Response>?
        let call = ClientCall(method: method.descriptor, options: options)
        let trailingMetadata = try await run(call) { (call) async throws(RPCError) in
            let request = if let map = call.requestMap { try map.apply(to: request) } else { request }
            reply = nil
            var received = try await wire(request, call.options)
            let trailingMetadata = received.trailingMetadata
            if call.mapsReplies { received = try call.mapped(received) }
            reply = received
            return trailingMetadata
        }
        guard var reply = reply.take() else { throw RPCError(withoutResponseTo: method.descriptor) }
        reply.trailingMetadata = trailingMetadata
        return reply
    }
}

extension RPCError {
    @usableFromInline init(withoutResponseTo method: MethodDescriptor) {
        self.init(
            .internalError,
            "an interceptor let \(method) succeed without a response: it must call `next`, or throw")
    }
}
