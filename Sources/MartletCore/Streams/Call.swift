/// A call under way, to keep: of any shape, begun by ``CallInvoker/start(_:_:_:)``.
///
/// The call is cancelled when its handle, its ``requests`` and its ``responses`` are all gone. Cancelling a task that
/// reads cancels the call; cancelling one that only writes doesn't.
public struct Call<Request: Message, Response: Message>: Sendable {
    /// To the server. Of a method that takes one request, given at the start, it is finished already.
    public let requests: MessageWriter<Request>
    /// From the server, readable once; of a method that returns one message, ``response()`` reads it.
    public let responses: MessageStream<Response>
    let exchange: any ClientExchange
    let owner: CallOwner

    package init(_ exchange: any ClientExchange, mapResponses: MessageStream<Response>.Map? = nil) {
        owner = CallOwner(exchange)
        self.exchange = exchange
        requests = MessageWriter(exchange, owner: owner)
        responses = MessageStream(exchange, owner: owner, map: mapResponses)
    }

    /// Gives the call up. The reader gets CANCELLED, unless the call had ended.
    public func cancel() { exchange.cancel() }

    /// Whether the server has ended the call, be its outcome read or not.
    var hasEnded: Bool { exchange.hasEnded }

    /// Waits for the only response of a method that sends one.
    ///
    /// Throws why the call failed; INTERNAL if the server sent none, or more than one.
    public nonisolated(nonsending) func response() async throws(RPCError) -> Response {
        var iterator = responses.makeAsyncIterator()
        guard let response = try await iterator.next() else {
            throw RPCError(.internalError, "the server ended the call without the response that it owed")
        }
        guard try await iterator.next() == nil else {
            throw RPCError(.internalError, "the server sent more than one response to a method that has one")
        }
        return response
    }

    /// What the server sends ahead of its first message. Waits for it.
    public nonisolated(nonsending) var initialMetadata: Metadata {
        get async throws(RPCError) { try await exchange.initialMetadata() }
    }

    /// What the server sends with its status. Waits for the end of the call, which a stream that nobody reads may not
    /// reach.
    ///
    /// Throws why the call failed; that error has the metadata then.
    public nonisolated(nonsending) var trailingMetadata: Metadata {
        get async throws(RPCError) { try await exchange.trailingMetadata() }
    }
}

/// Shared by a call's handle, writer and stream: when the last of them goes, so does the call.
package final class CallOwner: Sendable {
    private let exchange: any ClientExchange

    init(_ exchange: any ClientExchange) { self.exchange = exchange }

    deinit { exchange.cancel() }
}
