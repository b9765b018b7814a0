/// A call on its way out, as interceptors see it: the same for all shapes.
public struct ClientCall: Sendable {
    public let method: MethodDescriptor
    /// What the caller chose: metadata, timeout and so on. What an interceptor sets counts for those that follow.
    public var options: CallOptions

    private var requestSteps: [MessageMap.Step] = []
    private var responseSteps: [MessageMap.Step] = []
    private var initialMetadataSteps: [@Sendable (Metadata) -> Metadata] = []

    init(method: MethodDescriptor, options: CallOptions) {
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

    var requestMap: MessageMap? { requestSteps.isEmpty ? nil : MessageMap(requestSteps) }
    var responseMap: MessageMap? { responseSteps.isEmpty ? nil : MessageMap(responseSteps) }

    func mapped(_ metadata: Metadata) -> Metadata { initialMetadataSteps.reduce(metadata) { $1($0) } }
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
    nonisolated(nonsending) func intercept(
        _ call: ClientCall, next: ClientNext
    ) async throws(RPCError) -> Metadata
}

extension Array where Element == any ClientInterceptor {
    /// Runs `wire` inside of the interceptors.
    nonisolated(nonsending) func run(
        _ call: ClientCall, from position: Int = 0, _ wire: ClientNext
    ) async throws(RPCError) -> Metadata {
        if position == count { return try await wire(call) }
        return try await self[position].intercept(call) { (call) async throws(RPCError) in
            try await run(call, from: position + 1, wire)
        }
    }
}
