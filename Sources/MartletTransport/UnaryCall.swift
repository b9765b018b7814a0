package import MartletCore
internal import MartletWire
internal import NIOCore

/// A call of one request and one response, which its caller awaits.
///
/// Unchecked like its superclass: the continuation is touched by the one party that ends the call, the outcome by that
/// party and then by the caller, the rest on the loop.
package final class UnaryCall: OutgoingCall, UnaryExchange, @unchecked Sendable {
    private struct Reply {
        var message: WireMessage
        var trailingMetadata: Metadata
    }

    private let placer: any CallPlacer
    private let maxMessageBytes: Int
    private var continuation: UnsafeContinuation<Void, Never>?
    private var initialMetadata = Metadata()
    /// A response that came ahead of the end, as large ones do.
    private var message: WireMessage?
    private var outcome: Result<Reply, RPCError>?
    private var isSecondTry = false

    /// - Parameter maxMessageBytes: The most that a compressed response may become.
    package init(
        method: MethodDescriptor, options: CallOptions, deadline: UInt64?, timeout: Duration?, handler: ServerContext?,
        placer: any CallPlacer, maxMessageBytes: Int
    ) {
        self.placer = placer
        self.maxMessageBytes = maxMessageBytes
        super.init(method: method, options: options, deadline: deadline, timeout: timeout, handler: handler)
    }

    // MARK: - The caller's

    package func begin(_ continuation: UnsafeContinuation<Void, Never>) { self.continuation = continuation }

    package func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
        placer.tryPlace(self, size: size, write)
    }

    package func send<Request: Message>(_ request: Request) { placer.place(self, request) }

    package func end(_ error: RPCError) { end(error, dropsMessages: true) }

    package func takeReply() throws(RPCError) -> RawReply? {
        switch outcome.take()! {
        case .success(let reply):
            return RawReply(
                try IncomingMessage(reply.message, limit: maxMessageBytes), initialMetadata: initialMetadata,
                trailingMetadata: reply.trailingMetadata)
        case .failure(let error):
            // The server may be draining, or its Hello, which says how many calls it allows, had not come yet.
            guard !isSecondTry, error.isSafeToRetry, error.code == .unavailable, wasSent else { throw error }
            isSecondTry = true
            initialMetadata = [:]
            return nil
        }
    }

    // MARK: - What comes

    override func received(initialMetadata: Metadata) -> Reaction {
        self.initialMetadata = initialMetadata
        return Reaction()
    }

    override func received(_ messages: MessageRun) -> Reaction {
        var rest = messages
        if message == nil { message = rest.popFirst() }
        if rest.count > 0 {
            outcome = .failure(
                RPCError(.internalError, "the server sent more than one response to \(method), which has one"))
        }
        return Reaction(consumed: (messages.messageBytes, messages.count))
    }

    override func received(_ result: Result<WireMessage, RPCError>, _ trailingMetadata: Metadata) -> Reaction {
        tellObserver(result.failure)
        if outcome == nil {
            outcome = result.map { Reply(message: message ?? $0, trailingMetadata: trailingMetadata) }
        }
        return Reaction(isFirst: true)
    }

    override func deliver() {
        if outcome != nil { continuation.take()?.resume() }
    }

    package override func end(_ error: RPCError, dropsMessages: Bool) {
        tellObserver(error)
        message = nil
        outcome = .failure(error)
        continuation.take()?.resume()
    }
}
