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

    private enum WhenDone {
        case nothing
        case resume(UnsafeContinuation<Void, Never>)
        case run(@Sendable () -> Void)
    }

    private let placer: any CallPlacer
    private let maxMessageBytes: Int
    private var whenDone = WhenDone.nothing
    private var initialMetadata = Metadata()
    /// A response that came ahead of the end, as large ones do.
    private var message: WireMessage?
    private var outcome: Result<Reply, RPCError>?
    /// Attempts beyond those that the method's policy allows, since no handler had seen the call.
    private var freeAttempts = 0
    private let retries: (any Retrying)?
    /// Before the next attempt.
    private var delay: Duration?

    private static let mostFreeAttempts = 3

    /// - Parameters:
    ///   - maxRequestBytes: The most that the request may have.
    ///   - maxMessageBytes: The most that a compressed response may become.
    ///   - retries: Nil: the call is made again only if no handler has seen it.
    package init(
        method: MethodDescriptor, options: CallOptions, deadline: UInt64?, timeout: Duration?, handler: ServerContext?,
        placer: any CallPlacer, maxRequestBytes: Int = .max, maxMessageBytes: Int, retries: (any Retrying)? = nil
    ) {
        self.placer = placer
        self.retries = retries
        self.maxMessageBytes = maxMessageBytes
        super.init(
            method: method, options: options, deadline: deadline, timeout: timeout, handler: handler,
            maxRequestBytes: maxRequestBytes)
    }

    // MARK: - The caller's

    package func begin(_ continuation: UnsafeContinuation<Void, Never>) { whenDone = .resume(continuation) }

    /// The same for a caller that doesn't await.
    package func begin(whenDone: @escaping @Sendable () -> Void) { self.whenDone = .run(whenDone) }

    package func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
        delay == nil && placer.tryPlace(self, size: size, write)
    }

    package func send<Request: Message>(_ request: Request) {
        if let delay = delay.take() { placer.place(self, request, after: delay) } else { placer.place(self, request) }
    }

    package func end(_ error: RPCError) { end(error, dropsMessages: true) }

    package func takeReply() throws(RPCError) -> RawReply? {
        switch outcome.take()! {
        case .success(let reply):
            retries?.attemptSucceeded()
            return RawReply(
                try IncomingMessage(reply.message, limit: maxMessageBytes), initialMetadata: initialMetadata,
                trailingMetadata: reply.trailingMetadata)
        case .failure(let error):
            initialMetadata = [:]
            // The server may be draining, or its Hello, which says how many calls it allows, had not come yet.
            if error.isSafeToRetry, error.code == .unavailable, wasSent, freeAttempts < Self.mostFreeAttempts {
                freeAttempts += 1
                options.record?.noteFurtherAttempt()
                return nil
            }
            guard let retries, !isCancelled,
                let delay = retries.delay(after: error, remaining: remaining(now: placer.uptimeNanoseconds))
            else { throw error.after(attempts: 1 + freeAttempts + (retries?.attemptsBefore ?? 0)) }
            self.delay = delay
            options.record?.noteFurtherAttempt()
            note(attemptsBefore: retries.attemptsBefore)
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
        if outcome != nil { done() }
    }

    package override func end(_ error: RPCError, dropsMessages: Bool) {
        tellObserver(error)
        message = nil
        outcome = .failure(error)
        done()
    }

    private func done() {
        let whenDone = whenDone
        self.whenDone = .nothing
        switch whenDone {
        case .nothing: break
        case .resume(let continuation): continuation.resume()
        case .run(let body): body()
        }
    }
}
