package import MartletCore
internal import MartletWire
internal import NIOCore
internal import Synchronization

/// One call that a server has accepted: from its request until its outcome is written or nobody wants it any more.
///
/// Unchecked: what isn't atomic or behind the lock is set before the handler begins, or touched on the connection's loop
/// only, but for `only`, which is the reader's, and for what is the handler's.
package final class ServerCall: @unchecked Sendable {
    /// Why a call takes no more outcome.
    enum End {
        /// Its outcome is written.
        case answered
        /// Nobody waits for it any more, or its time is up.
        case cancelled(ServerContext.CancellationReason, RPCError)
    }

    package let stream: UInt32
    package let deadline: Deadline?
    package var peer: Peer { connection.peer }
    /// Set by the dispatcher, until the call has ended and its handler returned. On the loop, and in the handler's task.
    package var context: ServerContext!
    /// Where the dispatcher finds the handler again.
    package var handler = 0
    /// Whether the request came with the call, and certainly is the only one.
    package var hasWholeRequest: Bool { inbound == nil }

    let connection: ServerConnection
    /// The only request, if that came with the call.
    private var only: WireMessage?
    /// That one came compressed and isn't any more. Set before the handler begins.
    var isInflated = false
    /// What the client can undo.
    private let acceptedCompressions: CompressionSet
    /// Nil: the client sends nothing more than that.
    let inbound: MessageQueue?
    /// What handlers on other threads, and writers that have no room, share with the loop.
    let shared = Mutex(Shared())

    struct Shared {
        var end: Ended?
        /// What compressed messages of the call are compressed with. Nil: not chosen yet.
        var compression: Compression??
        /// Bytes of messages on their way from another thread into the wire.
        var bytesUnderWay = 0
        /// A writer that waits for room.
        var writer: UnsafeContinuation<Void, Never>?
    }

    enum Ended {
        case answered
        case failed(RPCError)
    }

    // MARK: The handler's

    var isHoldingResponse = false
    var heldResponse: [UInt8]?

    // MARK: The loop's

    private(set) var hasEnded = false
    var hasSentInitialMetadata = false
    /// The wire keeps a message of this call.
    var isQueued = false
    /// What came from other threads and the wire has no room for yet.
    var pending: [PendingOutput] = []
    /// The handler has a task of its own on the global pool. Set before it begins.
    private(set) var runsOnPool = false
    /// Requests that nobody has read.
    var unreadBytes = 0
    private var hasReturned = false
    private var runner: HandlerRunner?
    private var task: Task<Void, Never>?

    init(_ request: borrowing WireRequest, deadline: Deadline?, connection: ServerConnection) {
        stream = request.stream
        only = request.message
        acceptedCompressions = request.acceptedCompressions
        inbound = request.isHalfClosed ? nil : MessageQueue()
        self.deadline = deadline
        self.connection = connection
    }

    func takeOnly() -> WireMessage? { only.take() }

    /// Why nothing more can be sent.
    var endError: RPCError { shared.withLock { ($0.end ?? .answered).error } }

    // MARK: - Running, on the loop

    /// A runner is about to run the handler. False: nobody wants it any more.
    func begin(in runner: HandlerRunner) -> Bool {
        if hasEnded { return false }
        connection.counters.tasks.increment()
        self.runner = runner
        return true
    }

    /// It has.
    func end(in runner: HandlerRunner) {
        self.runner = nil
        connection.counters.tasks.decrement()
    }

    /// Runs the handler to its end, and the call with it.
    ///
    /// Inlined, as each function between a handler and its task costs two switches of executors.
    @inline(__always)
    nonisolated(nonsending) func runHandler() async {
        let context = context!
        let body = connection.dispatcher.body(of: self)
        do {
            try await ServerContext.$current.withValue(context) { try await body(self, context) }
        } catch {
            fail(with: connection.dispatcher.outcome(of: error, in: context))
        }
    }

    /// Runs the handler in a task of its own on the global pool.
    func runOnPool() {
        runsOnPool = true
        connection.counters.tasks.increment()
        task = Task {
            await runHandler()
            connection.executor.onLoop {
                self.task = nil
                self.connection.counters.tasks.decrement()
                self.handlerReturned()
            }
        }
    }

    /// Runs a handler that needs no task.
    func runAtOnce() {
        connection.executor.handlers.beginSegment()
        connection.dispatcher.runSynchronously(self)
        connection.executor.handlers.endSegment(of: self)
        handlerReturned()
    }

    func handlerReturned() {
        hasReturned = true
        if hasEnded { dropContext() }
    }

    /// The context refers to the call, too.
    private func dropContext() { shared.withLock { _ in context = nil } }

    /// What a message of the call is compressed with, if at all. On any thread; throws if the call has ended.
    ///
    /// - Parameter compressed: What its writer wants; nil: as the context says.
    func compression(_ compressed: Bool?) throws(RPCError) -> Compression? {
        try shared.withLock { (shared) throws(RPCError) in
            if let end = shared.end { throw end.error }
            let wanted = context?.responseCompression
            guard compressed ?? (wanted != nil) else { return nil }
            let chosen = choose(wanted, &shared)
            return compressed == true || wanted == chosen ? chosen : nil
        }
    }

    /// What compressed messages of the call are compressed with; nil: the client can undo nothing. On the loop, before the
    /// call has ended.
    var chosenCompression: Compression? { shared.withLock { choose(context.responseCompression, &$0) } }

    /// The first choice stays, since a client may be told of it ahead of the first message.
    private func choose(_ wanted: Compression?, _ shared: inout Shared) -> Compression? {
        if let chosen = shared.compression { return chosen }
        let chosen = wanted.flatMap { acceptedCompressions.contains($0) ? $0 : nil } ?? acceptedCompressions.first
        shared.compression = .some(chosen)
        return chosen
    }

    func noteHold(nanoseconds: UInt64) {
        if let context { connection.noteHold(of: context.method, nanoseconds: nanoseconds) }
    }

    /// Takes no more outcome. Readers and writers who go on nevertheless get the error.
    func finish(_ end: End) {
        hasEnded = true
        pending = []
        let (ended, reason): (Ended, ServerContext.CancellationReason?) =
            switch end {
            case .answered: (.answered, nil)
            case .cancelled(let reason, let error): (.failed(error), reason)
            }
        let writer = shared.withLock { shared in
            shared.end = ended
            return shared.writer.take()
        }
        writer?.resume()
        inbound?.fail(ended.error, keepsWaiting: false)
        if hasReturned { return dropContext() }
        guard let reason else { return }
        context?.cancel(reason)
        runner?.cancel()
        task?.cancel()
    }
}

extension ServerCall.Ended {
    /// What readers and writers get.
    var error: RPCError {
        switch self {
        case .answered: RPCError(.cancelled, "the call has ended: its outcome is sent")
        case .failed(let error): error
        }
    }
}
