package import Logging
package import MartletCore
package import MartletWire
package import NIOCore

/// Finds and runs the handlers of what a connection's client calls.
package protocol CallDispatcher: AnyObject, Sendable {
    /// Sets the call's context, and says where its handler runs. On the connection's loop.
    func prepare(_ call: ServerCall, for request: borrowing WireRequest) -> HandlerPlacement

    /// What runs the call's handler to its end, and the call with it unless it throws.
    func body(of call: ServerCall) -> MethodHandler.Asynchronous

    /// What the client is told of an error that it threw.
    func outcome(of error: any Error, in context: ServerContext) -> RPCError

    /// The same for a handler that was placed at once.
    func runSynchronously(_ call: ServerCall)

    /// What answers a method; nil: nothing does.
    func handler(service: String, method: String) -> MethodHandler?
}

package enum HandlerPlacement {
    /// There is none; the call ends with the error.
    case refused(RPCError)
    /// Here and now: the handler doesn't suspend.
    case atOnce
    /// On the connection's loop, when its turn comes.
    case loop
    /// On the global pool.
    case pool
}

/// One accepted connection: turns bytes into calls and outcomes into bytes.
///
/// Its event loop owns it. Output gathers in one buffer and leaves in one write per flush. While
/// the client doesn't read its replies, neither are its requests read, so what is queued stays bounded.
///
/// Unchecked: all state is touched on the loop only.
package final class ServerConnection: ChannelDuplexHandler, FlushableConnection, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// A GoAway is sent; closes when its last call has ended.
        case draining
        /// Closes for writing once all output is with the socket.
        case closing
        /// Closed for writing; waits for the client to close, so that the last words aren't lost to a reset.
        case lingering
        case closed
    }

    let executor: LoopExecutor
    let counters: LoopCounters
    let peer: Peer
    let dispatcher: any CallDispatcher
    let configuration: ServerConnectionConfiguration
    let logger: Logger

    var wire: ServerWire
    var context: ChannelHandlerContext?
    var phase = Phase.open
    var output = ServerOutput()
    var calls = StreamTable<ServerCall>()
    /// HTTP requests whose routes' handlers run.
    var routeCalls: [UInt32: RouteCall] = [:]

    private var input = InputBuffer()
    private var isReading = false
    private var wantsRead = false
    /// Bytes of messages that no handler has read.
    private var unreadBytes = 0
    private var clientPings = 0
    /// As the wire named it after the last read.
    private var unfinishedHeaders: Int?
    /// Calls whose handlers begin once the client has taken some replies.
    private var postponed: [ServerCall] = []
    /// Calls that the current read has brought messages for.
    private var touched: [ServerCall] = []
    private var deadlines = DeadlineQueue()
    private var deadlineTimer = DeadlineTimer()
    var lifecycle: ConnectionLifecycle
    var lifecycleTimer = DeadlineTimer()
    /// When the wire was told last that time goes on.
    private var lastTick: UInt64

    package init(
        executor: LoopExecutor, counters: LoopCounters, peer: Peer, dispatcher: any CallDispatcher,
        configuration: ServerConnectionConfiguration, logger: Logger
    ) {
        self.executor = executor
        self.counters = counters
        self.peer = peer
        self.dispatcher = dispatcher
        self.configuration = configuration
        self.logger = logger
        self.wire = ServerWire(limits: configuration.limits, implementation: .martlet, blocks: executor.blocks)
        let now = executor.uptimeNanoseconds
        self.lifecycle = ConnectionLifecycle(configuration.times, jitter: .random(in: -1...1), now: now)
        self.lastTick = now
    }

    // MARK: - Calls

    func makeCall(_ request: borrowing WireRequest) -> ServerCall {
        let deadline = request.timeoutNanoseconds.map { timeout in
            Deadline(uptimeNanoseconds: executor.nanosecondsThisTurn &+ UInt64(timeout), clock: executor)
        }
        return ServerCall(request, deadline: deadline, connection: self)
    }

    func begin(_ call: ServerCall, _ request: borrowing WireRequest) {
        counters.calls.increment()
        switch dispatcher.prepare(call, for: request) {
        case .refused(let error): return fail(call, with: error, .answered)
        case .atOnce:
            call.runAtOnce()
            if call.hasEnded { return }
        case .loop: executor.handlers.add(call)
        case .pool: call.runOnPool()
        }
        calls.insert(call, stream: call.stream)
        lifecycle.callsBegan()
        if let deadline = call.deadline {
            deadlines.insert(
                deadline.uptimeNanoseconds, stream: call.stream, openCalls: calls.count, isOpen: { calls[$0] != nil })
            armDeadlineTimer()
        }
    }

    /// Whether the call's handler is to begin later.
    func postpones(_ call: ServerCall) -> Bool {
        guard hasMuchToSend, !call.hasEnded else { return false }
        postponed.append(call)
        return true
    }

    /// Ends a call with an error, unless it has ended.
    func fail(_ call: ServerCall, with error: RPCError, _ end: ServerCall.End) {
        guard !call.hasEnded else { return }
        withOutput { wire, output in wire.fail(stream: call.stream, error, into: &output) }
        finish(call, end)
    }

    /// Its outcome is with the wire.
    func finish(_ call: ServerCall, _ end: ServerCall.End) {
        note(unread: -call.unreadBytes, of: call)
        call.finish(end)
        calls.remove(call.stream)
        counters.calls.decrement()
        if calls.isEmpty { lastCallEnded() }
    }

    private func cancel(_ call: ServerCall, _ reason: ServerContext.CancellationReason, _ error: RPCError) {
        fail(call, with: error, .cancelled(reason, error))
    }

    private func receive(_ messages: MessageRun, for call: ServerCall) {
        note(unread: messages.messageBytes, of: call)
        guard let inbound = call.inbound else {
            return consumed(messages.messageBytes, messages: messages.count, of: call)
        }
        if inbound.append(messages) { touched.append(call) }
    }

    private func note(unread size: Int, of call: ServerCall) {
        let wasBehind = isReaderBehind
        call.unreadBytes += size
        unreadBytes += size
        counters.unreadBytes.add(size)
        // The flush goes on with what has come in, and with reading.
        if wasBehind, !isReaderBehind { planFlush() }
    }

    /// The application has taken messages.
    func consumed(_ taken: MessageQueue.Amount, of call: ServerCall) {
        if taken.messages > 0 { consumed(taken.bytes, messages: taken.messages, of: call) }
    }

    private func consumed(_ bytes: Int, messages: Int, of call: ServerCall) {
        guard !call.hasEnded else { return }
        note(unread: -bytes, of: call)
        withOutput { wire, output in
            wire.consumed(stream: call.stream, bytes: bytes, messages: messages, into: &output)
        }
    }

    /// Undoes a message's compression. On any thread.
    func inflated(_ message: WireMessage) throws(RPCError) -> IncomingMessage {
        try IncomingMessage(
            message, limit: configuration.maxMessageBytes)
    }

    func noteHold(of method: MethodDescriptor, nanoseconds: UInt64) {
        configuration.watch?.note(method, nanoseconds: nanoseconds, now: executor.uptimeNanoseconds)
    }

    // MARK: - Deadlines

    private func armDeadlineTimer() {
        deadlines.dropEnded { calls[$0] != nil }
        guard let earliest = deadlines.earliest else { return }
        deadlineTimer.arm(at: earliest, on: executor.loop) { self.expireCalls() }
    }

    private func expireCalls() {
        deadlineTimer.fired()
        let now = executor.uptimeNanoseconds
        while let stream = deadlines.popExpired(at: now) {
            guard let call = calls[stream] else { continue }
            cancel(
                call, .deadline, RPCError(.deadlineExceeded, "the deadline passed while the handler was running"))
        }
        armDeadlineTimer()
    }

    // MARK: - Bytes in

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        counters.connections.increment()
        executor.handlers.connectionOpened(holdWarning: configuration.watch?.threshold)
        armLifecycleTimer()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open || phase == .draining else { return }
        isReading = true
        executor.beginTurn()
        noteReceived()
        input.append(unwrapInboundIn(data))
        process()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        guard isReading else { return }
        isReading = false
        input.endRead()
        executor.endTurn()
        giveBackEmptyOutput()
    }

    /// Reading pauses while replies wait for the client.
    package func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        output.isWritable = context.channel.isWritable
        if output.isWritable { flushOutput() }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("connection failed", metadata: ["peer": "\(peer)", "error": "\(error)"])
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        tearDown()
        context.fireChannelInactive()
    }

    /// Comes also for a channel that never became active, since its client was gone at once.
    package func handlerRemoved(context: ChannelHandlerContext) { tearDown() }

    private func tearDown() {
        guard phase != .closed else { return }
        phase = .closed
        context = nil
        lifecycleTimer.cancel()
        deadlineTimer.cancel()
        input = InputBuffer()
        dropOutput()
        touched = []
        for (_, call) in calls.removeAll() {
            finish(
                call, .cancelled(.connectionLost, RPCError(.cancelled, "the connection to \(peer) was lost")))
        }
        for call in postponed { call.handlerReturned() }
        postponed = []
        dropHTTP()
        counters.connections.decrement()
        executor.handlers.connectionClosed()
        if isReading {
            isReading = false
            executor.endTurn()
        }
    }

    private var takesInput: Bool { (phase == .open || phase == .draining) && !isPaused }

    private var isPaused: Bool { isOutputFull || isReaderBehind || wire.isAnswering && !input.isEmpty }

    private var isOutputFull: Bool { output.bytes.readableBytes >= configuration.maxQueuedBytes || !output.isWritable }

    /// Nothing else stops a client without flow control from sending more than is read.
    private var isReaderBehind: Bool { unreadBytes >= configuration.maxQueuedBytes && !wire.hasFlowControl }

    /// More than is good waits for the socket. What waits for credit doesn't count: it may wait long, and is bounded by
    /// a message for each call.
    private var hasMuchToSend: Bool {
        isOutputFull || wire.readyBytes >= configuration.maxQueuedBytes
    }

    private func process() {
        var isFrameNew = false
        repeat {
            guard var bytes = input.take(needed: wire.bytesNeeded) ?? (wire.hasEvents ? ByteBuffer() : nil) else {
                return
            }
            let available = bytes.readableBytes
            while takesInput {
                guard let event = withOutput({ wire, output in wire.next(&bytes, output: &output) }) else { break }
                handle(event)
            }
            if phase == .closed { return }
            isFrameNew = isFrameNew || bytes.readableBytes < available
            input.keep(bytes)
        } while input.hasMore && takesInput
        noteUnfinishedFrame(isNew: isFrameNew)
        if wire.canPump { planFlush() }
        publishMessages()
        countPings()
        closeIfDrained()
    }

    private func noteUnfinishedFrame(isNew: Bool) {
        let block = wire.unfinishedHeaders
        defer { unfinishedHeaders = block }
        if isPaused || input.isEmpty && block == nil && !wire.isReceiving { return lifecycle.waitsForNothing() }
        let isNew = block.map { $0 != unfinishedHeaders } ?? wire.hasBegunFrame(hasTaken: isNew)
        lifecycle.waitsForFrame(isNew: isNew, now: executor.nanosecondsThisTurn)
        armLifecycleTimer()
    }

    private func countPings() {
        while clientPings < wire.clientPings {
            clientPings += 1
            if let action = lifecycle.clientPinged(now: executor.nanosecondsThisTurn) { perform(action) }
        }
    }

    private func noteReceived() {
        let now = executor.nanosecondsThisTurn
        lifecycle.received(now: now)
        guard now &- lastTick >= 1_000_000_000 else { return }
        lastTick = now
        wire.tick()
    }

    /// Once per read, so that a reader on another thread doesn't come for each message alone.
    private func publishMessages() {
        guard !touched.isEmpty else { return }
        for call in touched {
            if let dropped = call.inbound?.publish() { consumed(dropped, of: call) }
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Goes on with requests that were left unread while replies waited.
    func resumeReading(_ context: ChannelHandlerContext) {
        if !postponed.isEmpty, !hasMuchToSend {
            for call in postponed { executor.handlers.add(call) }
            postponed.removeAll()
        }
        guard !isPaused else { return }
        process()
        if wantsRead, !isPaused {
            wantsRead = false
            context.read()
        }
    }

    private func handle(_ event: ServerWireEvent) {
        switch event {
        case .established:
            lifecycle.established(now: executor.nanosecondsThisTurn)
            armLifecycleTimer()
        case .request(let request):
            begin(makeCall(request), request)
        case .httpRequest(let stream, let request):
            serve(request, stream: stream)
        case .message(let stream, let message):
            if let call = calls[stream] { receive(MessageRun(message), for: call) }
        case .messages(let stream, let messages):
            if let call = calls[stream] { receive(messages, for: call) }
        case .halfClosed(let stream):
            if let call = calls[stream], call.inbound?.end(nil) == true { touched.append(call) }
        case .cancel(let stream, let code):
            if let call = calls[stream] {
                let error = RPCError(code, "the client no longer waits for the call")
                cancel(call, code == .deadlineExceeded ? .deadline : .client, error)
            } else if !routeCalls.isEmpty {
                cancelRoute(stream)
            }
        case .failedStream(let stream, let error):
            if let call = calls[stream] { cancel(call, .client, error) }
        case .goAway:
            drain(reason: "the client sends no more requests")
        case .refused, .pong:
            break
        case .failed(let error):
            logger.info("connection closed for a protocol error", metadata: ["peer": "\(peer)", "error": "\(error)"])
            startClosing()
        }
    }
}
