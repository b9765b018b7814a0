package import Logging
package import MartletCore
package import MartletWire
package import NIOCore

/// Receives what a connection's client calls. Used on the connection's loop.
package protocol CallDispatcher: Sendable {
    func dispatch(_ request: WireRequest, to call: ServerCall)
}

/// One accepted connection: turns bytes into calls and outcomes into bytes.
///
/// Its event loop owns it. Output of a turn gathers in one buffer and leaves in one write at the turn's end. While
/// the client doesn't read its replies, neither are its requests read, so what is queued stays bounded.
///
/// Unchecked: all state is touched on the loop only.
package final class ServerConnection: ChannelDuplexHandler, FlushableConnection, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum Phase {
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
    private let dispatcher: any CallDispatcher
    private let configuration: ServerConnectionConfiguration
    private let logger: Logger

    private var wire: ServerWire
    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    private var input = InputBuffer()
    private var output = ByteBuffer()
    private var isFlushPlanned = false
    private var isReading = false
    private var wantsRead = false
    private var calls = StreamTable<ServerCall>()
    private var deadlines = DeadlineQueue()
    private var deadlineTimer = DeadlineTimer()
    private var handshakeTimer: Scheduled<Void>?
    private var channelBytes = 0

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
        self.wire = ServerWire(limits: configuration.limits, implementation: .martlet)
    }

    // MARK: - Calls

    func respond<Response: Message>(
        to call: ServerCall, with message: Response, trailers: Metadata
    ) throws(RPCError) {
        guard call.end == nil else { return }
        do throws(EncodingError) {
            try message.withSerialized { size, write in
                writeResponse(to: call, size: size, trailers: trailers, write)
            }
        } catch {
            throw RPCError(encoding: error)
        }
    }

    func respond(to call: ServerCall, withBytes bytes: [UInt8], trailers: Metadata) {
        guard call.end == nil else { return }
        writeResponse(to: call, size: bytes.count, trailers: trailers) { target in
            bytes.withUnsafeBytes { source in
                if let start = source.baseAddress { target.copyMemory(from: start, byteCount: source.count) }
            }
        }
    }

    private func writeResponse(
        to call: ServerCall, size: Int, trailers: Metadata, _ write: (UnsafeMutableRawPointer) -> Void
    ) {
        let refusal = withOutput { wire, output in
            wire.respond(stream: call.stream, payloadSize: size, trailers: trailers, into: &output, write: write)
        }
        if let refusal {
            logger.warning("a response was not sent", metadata: ["peer": "\(peer)", "error": "\(refusal)"])
        }
        finish(call, as: .answered)
    }

    func fail(_ call: ServerCall, with error: RPCError, as end: ServerCall.End) {
        guard call.end == nil else { return }
        withOutput { wire, output in wire.fail(stream: call.stream, error, into: &output) }
        finish(call, as: end)
    }

    private func finish(_ call: ServerCall, as end: ServerCall.End) {
        call.finish(end)
        calls.remove(call.stream)
        counters.calls.decrement()
        closeIfDrained()
    }

    private func begin(_ request: WireRequest) {
        let deadline = request.timeoutNanoseconds.map { timeout in
            Deadline(uptimeNanoseconds: executor.uptimeNanoseconds &+ UInt64(timeout), clock: executor)
        }
        let call = ServerCall(stream: request.stream, deadline: deadline, connection: self)
        counters.calls.increment()
        dispatcher.dispatch(request, to: call)
        guard call.end == nil else { return }
        calls.insert(call, stream: call.stream)
        if let deadline {
            deadlines.insert(
                deadline.uptimeNanoseconds, stream: call.stream, openCalls: calls.count, isOpen: { calls[$0] != nil })
            armDeadlineTimer()
        }
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
            fail(
                call, with: RPCError(.deadlineExceeded, "the deadline passed while the handler was running"),
                as: .expired)
        }
        armDeadlineTimer()
    }

    // MARK: - Bytes in

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        counters.connections.increment()
        handshakeTimer = executor.loop.scheduleTask(in: .nanoseconds(configuration.handshakeTimeout.nanoseconds)) {
            self.failHandshake()
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open || phase == .draining else { return }
        isReading = true
        executor.beginTurn()
        input.append(unwrapInboundIn(data))
        process()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        guard isReading else { return }
        isReading = false
        executor.endTurn()
        if output.readableBytes == 0, output.capacity > 0 { executor.giveBack(takeOutput()) }
    }

    /// Reading pauses while replies wait for the client.
    package func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flushOutput() }
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
        handshakeTimer?.cancel()
        deadlineTimer.cancel()
        input = InputBuffer()
        output = ByteBuffer()
        updateQueuedBytes(channelBytes: 0)
        for (_, call) in calls.removeAll() {
            call.finish(.cancelled)
            counters.calls.decrement()
        }
        counters.connections.decrement()
        if isReading {
            isReading = false
            executor.endTurn()
        }
    }

    private var isPaused: Bool {
        output.readableBytes >= configuration.maxQueuedBytes || context?.channel.isWritable == false
    }

    private func process() {
        guard var bytes = input.take() else { return }
        while phase == .open || phase == .draining, !isPaused {
            guard let event = withOutput({ wire, output in wire.next(&bytes, output: &output) }) else { break }
            handle(event)
        }
        if phase != .closed { input.keep(bytes) }
    }

    private func handle(_ event: ServerWireEvent) {
        switch event {
        case .established:
            handshakeTimer?.cancel()
            handshakeTimer = nil
        case .request(let request):
            begin(request)
        case .cancel(let stream, let code):
            if let call = calls[stream] {
                let error = RPCError(code, "the client no longer waits for the call")
                fail(call, with: error, as: code == .deadlineExceeded ? .expired : .cancelled)
            }
        case .goAway:
            drain()
        case .refused, .message, .halfClosed, .failedStream, .pong:
            break
        case .failed(let error):
            logger.info("connection closed for a protocol error", metadata: ["peer": "\(peer)", "error": "\(error)"])
            startClosing()
        }
    }

    private func failHandshake() {
        handshakeTimer = nil
        guard phase == .open else { return }
        withOutput { wire, output in
            wire.goAway(
                code: .deadlineExceeded,
                text: "no HELLO within \(configuration.handshakeTimeout); is the peer a Martlet client?", into: &output)
        }
        logger.info("connection closed: no HELLO in time", metadata: ["peer": "\(peer)"])
        startClosing()
    }

    // MARK: - Bytes out

    /// Gives `body` the wire and the turn's output, and plans the flush if there is any.
    private func withOutput<R>(_ body: (inout ServerWire, inout ByteBuffer) -> R) -> R {
        if output.capacity == 0 { output = executor.takeOutputBuffer() }
        defer { if output.readableBytes > 0 { planFlush() } }
        return body(&wire, &output)
    }

    /// Takes the output out. A connection without any keeps no buffer.
    private func takeOutput() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &output)
        return taken
    }

    private func planFlush() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        executor.flushAfterTurn(self)
    }

    package func flushOutput() {
        isFlushPlanned = false
        guard let context else { return }
        if context.channel.isWritable {
            let bytes = takeOutput()
            if bytes.readableBytes > 0 {
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
                noteChannelBytes(context)
            }
            if channelBytes == 0 { executor.giveBack(consume bytes) }
        }
        if !isPaused {
            process()
            if wantsRead {
                wantsRead = false
                context.read()
            }
        }
        updateQueuedBytes(channelBytes: channelBytes)
        if phase == .closing, output.readableBytes == 0 { linger(context) }
    }

    /// Keeps count of what the socket hasn't taken.
    private func noteChannelBytes(_ context: ChannelHandlerContext) {
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        updateQueuedBytes(channelBytes: buffered)
        guard buffered > 0 else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenSuccess {
            if let context = self.context { self.noteChannelBytes(context) }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    private var reportedBytes = 0

    private func updateQueuedBytes(channelBytes: Int) {
        self.channelBytes = channelBytes
        let queued = channelBytes + output.readableBytes
        counters.queuedBytes.add(queued - reportedBytes)
        reportedBytes = queued
    }

    // MARK: - The end

    /// Accepts no more calls and closes when the open ones have ended. On the loop only.
    package func drain() {
        guard phase == .open else { return }
        phase = .draining
        withOutput { wire, output in wire.goAway(code: .ok, text: "the server is shutting down", into: &output) }
        closeIfDrained()
    }

    /// Cancels the open calls and closes. On the loop only.
    package func close() {
        for (_, call) in calls.entries {
            fail(call, with: RPCError(.unavailable, "the server shut down before the call had ended"), as: .cancelled)
        }
        startClosing()
    }

    private func closeIfDrained() {
        if phase == .draining, calls.isEmpty { startClosing() }
    }

    private func startClosing() {
        guard phase == .open || phase == .draining else { return }
        phase = .closing
        planFlush()
    }

    private func linger(_ context: ChannelHandlerContext) {
        phase = .lingering
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        executor.loop.scheduleTask(in: .nanoseconds(configuration.lingerTime.nanoseconds)) {
            channel.close(promise: nil)
        }
    }
}
