package import MartletCore
internal import MartletWire
private import Synchronization

/// Puts calls onto connections.
package protocol CallPlacer: AnyObject, Sendable {
    /// Sends a call's only request, of so many bytes. False: nothing was done, since there is no connection with room,
    /// or the request is to be compressed.
    func tryPlace(_ call: OutgoingCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool

    /// Sends a call's only request, or opens it for messages, now or as soon as there is a connection with room.
    func place<Request: Message>(_ call: OutgoingCall, _ request: Request?)

    /// The same after a while, on the loop's clock.
    func place<Request: Message>(_ call: OutgoingCall, _ request: Request?, after delay: Duration)

    /// The clock of deadlines.
    var uptimeNanoseconds: UInt64 { get }
}

/// Is told how the calls that were put onto connections of one endpoint end.
package protocol CallObserver: AnyObject, Sendable {
    /// A call has ended, on any thread.
    ///
    /// - Parameters:
    ///   - error: Nil if it ended well.
    ///   - start: When it was put there, in nanoseconds on the loop's clock.
    func callEnded(_ error: RPCError?, startedAt start: UInt64)

    /// A call was not put there after all.
    func callWasNotPlaced()
}

/// One call of a client: from its making until its outcome is told.
///
/// Exactly one party ends a call: whoever takes it out of its connection's table, or, while it waits for a connection or
/// for room on one, whoever resolves its waiter.
///
/// Unchecked: what changes is behind a lock, the connection's or its own, or belongs to the connection's loop.
package class OutgoingCall: @unchecked Sendable {
    private enum Place {
        case nowhere
        case waiting(Waiter)
        case on(ClientConnection)
    }

    package let method: MethodDescriptor
    package let options: CallOptions
    /// Changes between two attempts only. Apart from the options, which are read several times for a call and so stay
    /// constant: reading what may change costs a check each time.
    private var attemptsBefore = 0
    /// Of a message to the server, in bytes.
    private let maxRequestBytes: Int
    /// Nanoseconds on the clock of the connection's loop; nil without end.
    package let deadline: UInt64?
    /// What the deadline was at the start, for the error's text.
    private let timeout: Duration?
    /// The handler that makes the call, if one does.
    private let handler: ServerContext?
    private let place = Mutex(Place.nowhere)
    /// Set before the place is read, and read after the place is set.
    private let _isCancelled = Atomic(false)

    /// Whom its end is to be told. Set by whoever places the call, taken by whoever ends it.
    private var observer: (observer: any CallObserver, start: UInt64)?
    /// Where the call was put last, so that another attempt goes elsewhere if it can.
    package private(set) var lastObserver: ObjectIdentifier?

    /// Set when the request is sent. Behind the connection's lock.
    var stream: UInt32?
    /// Whether a part of what was sent still waits in the wire. Behind the connection's lock.
    var isQueued = false

    package init(
        method: MethodDescriptor, options: CallOptions, deadline: UInt64?, timeout: Duration?, handler: ServerContext?,
        maxRequestBytes: Int = .max
    ) {
        self.maxRequestBytes = maxRequestBytes
        self.method = method
        self.options = options
        self.deadline = deadline
        self.timeout = timeout
        self.handler = handler
    }

    // MARK: - Where it is

    /// The connection that the call is on.
    var connection: ClientConnection? {
        place.withLock { if case .on(let connection) = $0 { connection } else { nil } }
    }

    /// Names who is told of the call's end, before it is put onto a connection.
    ///
    /// - Parameter now: Nanoseconds on the loop's clock.
    package func observe(by observer: any CallObserver, now: UInt64) {
        self.observer = (observer, now)
        lastObserver = ObjectIdentifier(observer)
    }

    /// The call wasn't put there after all; nobody is told.
    package func takeObserver() -> (any CallObserver)? { observer.take()?.observer }

    /// Tells the observer. To be called by whoever ends the call.
    func tellObserver(_ error: RPCError?) {
        guard let (observer, start) = observer.take() else { return }
        observer.callEnded(error, startedAt: start)
    }

    /// Has the server told how often the call was made before.
    package func note(attemptsBefore: Int) { self.attemptsBefore = attemptsBefore }

    /// What is sent with the request.
    var metadata: Metadata {
        if attemptsBefore == 0 { return options.metadata }
        var metadata = options.metadata
        metadata[Metadata.previousAttemptsKey] = "\(attemptsBefore)"
        return metadata
    }

    /// Another attempt goes elsewhere than that one, if it can.
    package func avoid(_ observer: ObjectIdentifier?) { lastObserver = observer }

    /// Until the deadline; nil without one.
    func remaining(now: UInt64) -> Duration? {
        deadline.map { .nanoseconds(Int64(clamping: $0 > now ? $0 - now : 0)) }
    }

    /// Whether the request was ever sent.
    package var wasSent: Bool { stream != nil }

    var isCancelled: Bool { _isCancelled.load(ordering: .relaxed) }

    /// False: it was cancelled before.
    func settle(on connection: ClientConnection) -> Bool {
        options.record?.note(server: connection.peer)
        return place.withLock { place in
            place = .on(connection)
            return !self.isCancelled
        }
    }

    /// The waiter is resolved with an error when the call is cancelled.
    package func wait(with waiter: Waiter) {
        let isCancelled = place.withLock { place in
            place = .waiting(waiter)
            return self.isCancelled
        }
        if isCancelled { waiter.resolve(.failed(cancelledError)) }
    }

    /// Gives the call up. Does nothing once it has ended.
    package func cancel() {
        let place = place.withLock { place in
            _isCancelled.store(true, ordering: .relaxed)
            return place
        }
        switch place {
        case .nowhere: break
        case .waiting(let waiter): waiter.resolve(.failed(cancelledError))
        case .on(let connection): connection.cancel(self)
        }
    }

    // MARK: - What comes, on the loop and behind the connection's lock

    /// What the wire needs to know and who has to be told after the lock.
    struct Reaction {
        /// To be told by ``OutgoingCall/deliver()``; said once until then.
        var isFirst = false
        /// Messages that count as taken at once.
        var consumed: (bytes: Int, messages: Int)?
    }

    func received(initialMetadata: Metadata) -> Reaction { Reaction() }
    func received(_ messages: MessageRun) -> Reaction { Reaction() }
    /// The end, as the server told it.
    func received(_ result: Result<WireMessage, RPCError>, _ trailingMetadata: Metadata) -> Reaction { Reaction() }

    // MARK: - Telling, without the lock

    /// Tells what one read has brought. On the loop only.
    func deliver() {}

    /// The request is on the connection.
    ///
    /// - Parameter isQueued: Whether it waits in the wire.
    func placed(on connection: ClientConnection, isQueued: Bool) {}

    /// What was queued has left.
    func sent() {}

    /// The server's Hello has come.
    func established() {}

    /// Ends the call without the server. On any thread.
    ///
    /// - Parameter dropsMessages: Whether messages that came before are dropped too: nobody waits for them.
    package func end(_ error: RPCError, dropsMessages: Bool) {}

    // MARK: - Errors

    /// What a cancelled caller gets. A handler that is cancelled since its own time is up passes that reason on.
    package var cancelledError: RPCError {
        handler?.cancellationReason == .deadline
            ? RPCError(.deadlineExceeded, "\(method) was given up: the deadline of the handler that made it passed")
            : RPCError(.cancelled, "the caller cancelled \(method)")
    }

    /// What the server's outcome is to the caller: a server that stops at the deadline may say so before this side does,
    /// and as CANCELLED.
    func outcome(_ result: Result<WireMessage, RPCError>, now: UInt64) -> Result<WireMessage, RPCError> {
        guard case .failure(let error) = result, error.code == .cancelled, error.origin == .peer,
            let deadline, now >= deadline
        else { return result }
        return .failure(expiredError(stage: "before the server cancelled it"))
    }

    /// Nil for a message that is small enough.
    func sizeError(_ size: Int) -> RPCError? {
        guard size > maxRequestBytes else { return nil }
        return RPCError(
            .resourceExhausted,
            "a request of \(method) has \(size) bytes, and its service config allows \(maxRequestBytes)")
    }

    package func expiredError(stage: String) -> RPCError {
        RPCError(.deadlineExceeded, "\(method) had \(timeout ?? .zero), which passed \(stage)")
    }
}

extension Result {
    /// Nil if it went well.
    var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
