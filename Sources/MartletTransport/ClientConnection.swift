package import MartletCore
internal import MartletWire
private import NIOConcurrencyHelpers
package import NIOCore

/// One connection to a server: carries calls of any thread and hands their outcomes back.
///
/// Callers write their requests into the shared output under a lock, and the first of a turn wakes the loop, which
/// sends them all in one write. A caller on the loop needs no wake-up.
///
/// Unchecked: `shared` is touched under the lock only, all else on the loop only.
package final class ClientConnection: ChannelDuplexHandler, FlushableConnection, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package let executor: LoopExecutor
    /// The server, as errors name it.
    package let peer: String
    let configuration: ClientConnectionConfiguration
    private let attempt: Int
    private let observer: any ClientConnectionObserver
    private let lock = NIOLock()
    private var shared: ClientConnectionState

    private var context: ChannelHandlerContext?
    private var input = InputBuffer()
    private var deadlineTimer = DeadlineTimer()
    private var clock: ConnectionClock
    private var clockTimer: Scheduled<Void>?
    private var lastTick: UInt64 = 0
    private var isReading = false
    private var hasReceived = false
    private var isEstablished = false
    private var closing: (cause: ConnectionFailure.Cause, text: String)?
    /// Why it is gone, once it is. On the loop only.
    package private(set) var end: (failure: ConnectionFailure, text: String)?
    /// Calls that the current read has brought something for.
    private var touched: [OutgoingCall] = []
    /// Calls whose reader is too far behind; the socket isn't read until they have caught up.
    private var behind: [StreamCall] = []
    private var wantsRead = false

    /// - Parameter attempt: Counts the attempts to connect since the last that worked.
    package init(
        executor: LoopExecutor, peer: String, attempt: Int, configuration: ClientConnectionConfiguration,
        observer: any ClientConnectionObserver
    ) {
        self.executor = executor
        self.peer = peer
        self.attempt = attempt
        self.configuration = configuration
        self.observer = observer
        self.shared = ClientConnectionState(configuration)
        self.clock = ConnectionClock(configuration.clock, now: executor.uptimeNanoseconds)
    }

    // MARK: - Calls, on any thread

    package enum Start {
        /// The call is under way, or has ended with an error.
        case done
        /// Nothing was sent: the connection takes no more calls; another may.
        case refused
        /// Nothing was sent: there is no room. Wait for it and try again.
        case full
    }

    /// Sends a call's request, or opens it for messages.
    ///
    /// - Parameters:
    ///   - request: The only one; nil for a method that takes a stream.
    ///   - hasReservation: Whether the caller has waited for room.
    package func start<Request: Message>(_ call: OutgoingCall, _ request: Request?, hasReservation: Bool) -> Start {
        guard call.settle(on: self) else {
            if hasReservation { releaseReservation() }
            call.end(call.cancelledError, dropsMessages: true)
            return .done
        }
        var compression: Compression?
        if call.options.compression != nil, request != nil {
            let (isEstablished, agreed) = withShared { ($0.isEstablished, $0.wire.sendCompression) }
            // Whether the server can undo it is in its Hello, which waiters for room wait for.
            guard isEstablished else { return .full }
            compression = agreed.flatMap(Compression.init(rawValue:))
        }
        let start: ClientConnectionState.Start
        do throws(RPCError) {
            start = try self.start(call, request, compression, hasReservation: hasReservation)
        } catch {
            if hasReservation { releaseReservation() }
            start = .failed(error)
        }
        switch start {
        case .started(let isQueued): call.placed(isQueued: isQueued)
        case .failed(let error): call.end(error, dropsMessages: true)
        case .refused: return .refused
        case .full: return .full
        }
        return .done
    }

    private func start<Request: Message>(
        _ call: OutgoingCall, _ request: Request?, _ compression: Compression?, hasReservation: Bool
    ) throws(RPCError) -> ClientConnectionState.Start {
        guard let request else {
            return start(call, form: .open, size: 0, isCompressed: false, hasReservation: hasReservation) { _ in }
        }
        let form = RequestForm.only(streamsResponses: call.method.shape.streamsResponses)
        if compression != nil {
            let message = try EncodedMessage(request, compression: compression, always: false)
            return start(
                call, form: form, size: message.bytes.count, isCompressed: message.isCompressed,
                hasReservation: hasReservation, message.write)
        }
        do throws(EncodingError) {
            return try request.withSerialized { size, write in
                start(call, form: form, size: size, isCompressed: false, hasReservation: hasReservation, write)
            }
        } catch {
            throw RPCError(encoding: error)
        }
    }

    private func start(
        _ call: OutgoingCall, form: RequestForm, size: Int, isCompressed: Bool, hasReservation: Bool,
        _ write: (UnsafeMutableRawPointer) -> Void
    ) -> ClientConnectionState.Start {
        flushing { shared in
            shared.start(
                call, form: form, size: size, isCompressed: isCompressed, now: executor.uptimeNanoseconds,
                hasReservation: hasReservation, write)
        }
    }

    /// Gives a call up: tells the server and the caller. Does nothing once the call has ended.
    package func cancel(_ call: OutgoingCall) { giveUp(call, call.cancelledError) }

    /// The same with another outcome.
    func giveUp(_ call: OutgoingCall, _ error: RPCError) {
        let code: StatusCode = error.code == .deadlineExceeded ? .deadlineExceeded : .cancelled
        guard flushing({ $0.cancel(call, code: code) }) else { return }
        call.end(error, dropsMessages: true)
        executor.onLoop { self.callsEnded() }
    }

    /// Waits until there is room for one more call; then ``start(_:_:hasReservation:)`` must follow.
    package func waitForRoom(_ waiter: Waiter) {
        let outcome = withShared { $0.waitForRoom(waiter) }
        if let outcome, !waiter.resolve(outcome) { releaseReservation() }
    }

    /// Undoes what a waiter for room was given, if it can't use it.
    private func releaseReservation() {
        withShared { $0.releaseReservation() }
        executor.onLoop { self.callsEnded() }
    }

    // MARK: - Streams, on any thread

    /// Sends a message of a stream. False: it wasn't sent, and the writer has to wait for its turn.
    func send<Element: Message>(
        _ message: Element, on call: StreamCall, compressed: Bool?
    ) throws(RPCError) -> Bool {
        var compression: Compression?
        if compressed ?? (call.options.compression != nil) {
            let (isEstablished, agreed) = withShared { shared in
                if !shared.isEstablished { call.sending.awaitHello() }
                return (shared.isEstablished, shared.wire.sendCompression)
            }
            guard isEstablished else { return false }
            compression = agreed.flatMap(Compression.init(rawValue:))
        }
        let outcome: SendOutcome?
        if compression != nil {
            let message = try EncodedMessage(message, compression: compression, always: compressed == true)
            outcome = send(
                on: call, size: message.bytes.count, isCompressed: message.isCompressed, message.write)
        } else {
            do throws(EncodingError) {
                outcome = try message.withSerialized { size, write in
                    send(on: call, size: size, isCompressed: false, write)
                }
            } catch {
                throw RPCError(encoding: error)
            }
        }
        switch outcome {
        case .sent, .queued: return true
        case .rejected(let error): throw error
        case nil, .closed: return false
        }
    }

    private func send(
        on call: StreamCall, size: Int, isCompressed: Bool, _ write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome? {
        flushing { shared in
            let outcome = shared.send(on: call, size: size, isCompressed: isCompressed, write)
            switch outcome {
            case .sent: call.sending.sent(isQueued: false)
            case .queued: call.sending.sent(isQueued: true)
            case nil, .closed: if call.connection === self { call.sending.unplace() }
            case .rejected: break
            }
            return outcome
        }
    }

    /// No more messages come on a stream.
    func halfClose(_ call: StreamCall) { flushing { $0.halfClose(call) } }

    /// The application has taken messages.
    func consumed(_ call: StreamCall, _ taken: MessageQueue.Untold) {
        flushing { $0.consumed(call, bytes: taken.bytes, messages: taken.messages) }
    }

    /// What compressed messages of the server are compressed with.
    var receiveCompression: String? { withShared { $0.wire.receiveCompression } }

    /// A reader that was too far behind has caught up.
    func resumeReading() { executor.onLoop { self.readOn() } }

    // MARK: - Output

    private func withShared<R>(_ body: (inout ClientConnectionState) -> R) -> R { lock.withLock { body(&shared) } }

    /// Changes the shared state, and makes sure that what comes of it is sent.
    private func flushing<R>(_ body: (inout ClientConnectionState) -> R) -> R {
        let (result, needsFlush) = withShared { shared in
            let result = body(&shared)
            return (result, shared.planFlush())
        }
        if needsFlush {
            if executor.isOnLoop {
                executor.flushAfterTurn(self)
            } else {
                executor.loop.execute { self.flushOutput() }
            }
        }
        return result
    }

    package func flushOutput() {
        guard let context, context.channel.isActive else { return }
        if let earliest = withShared({ $0.earliestDeadline }) { armDeadlineTimer(earliest) }
        guard context.channel.isWritable else { return withShared { $0.postponeFlush() } }
        var sent: [OutgoingCall] = []
        let output = withShared { $0.takeOutput(replacement: executor.takeOutputBuffer(), sent: &sent) }
        if output.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(output), promise: nil) }
        executor.giveBack(output)
        for call in sent { call.sent() }
        if withShared({ $0.planFlush() }) { executor.loop.execute { self.flushOutput() } }
        callsEnded()
    }

    // MARK: - Time

    private func armDeadlineTimer(_ earliest: UInt64) {
        deadlineTimer.arm(at: earliest, on: executor.loop) { self.expireCalls() }
    }

    private func expireCalls() {
        deadlineTimer.fired()
        let now = executor.uptimeNanoseconds
        let (expired, earliest) = flushing { shared in (shared.expire(at: now), shared.earliestDeadline) }
        for call in expired {
            call.end(call.expiredError(stage: "while waiting for \(peer)"), dropsMessages: true)
        }
        if let earliest { armDeadlineTimer(earliest) }
        callsEnded()
    }

    private func checkClock() {
        clockTimer = nil
        guard context != nil else { return }
        let now = executor.uptimeNanoseconds
        switch clock.check(at: now, hasCalls: withShared { $0.hasCalls }) {
        case .wait(let time):
            guard let time else { return }
            clockTimer = executor.loop.scheduleTask(deadline: .uptimeNanoseconds(min(time, UInt64(Int64.max)))) {
                self.checkClock()
            }
        case .ping(let number):
            _ = flushing { $0.ping(number) }
            checkClock()
        case .handshakeTimedOut:
            fail(
                .handshakeTimeout, code: .deadlineExceeded,
                "it said no Hello within \(configuration.clock.handshakeTimeout ?? .zero); is it a Martlet server?")
        case .keepaliveTimedOut:
            fail(
                .keepaliveTimeout, code: .unavailable,
                "it answered no ping within \(configuration.clock.pingTimeout) and is taken for dead")
        case .closeIdle:
            drain("nobody has called for \(configuration.clock.idleTimeout ?? .zero)")
            observer.connectionDraining(self)
        }
    }

    // MARK: - Input

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func channelActive(context: ChannelHandlerContext) {
        clock = ConnectionClock(configuration.clock, now: executor.uptimeNanoseconds)
        flushOutput()
        if configuration.wire == .ttrpc {
            // It is established without a word of the server's.
            input.append(ByteBuffer())
            process()
        }
        checkClock()
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        hasReceived = true
        executor.beginTurn()
        input.append(unwrapInboundIn(data))
        process()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        guard isReading else { return }
        isReading = false
        executor.endTurn()
    }

    /// Reading pauses while a reader is too far behind on a wire without flow control.
    package func read(context: ChannelHandlerContext) {
        if behind.isEmpty { context.read() } else { wantsRead = true }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flushOutput() }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isUntrusted = configuration.isSecured && !hasReceived
        closing = closing ?? (isUntrusted ? .untrusted : .reset, "the connection failed: \(causeText(error))")
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        deadlineTimer.cancel()
        clockTimer?.cancel()
        behind = []
        let (calls, waiters) = withShared { $0.close() }
        let (cause, text) = closing ?? (.closed, "it closed the connection")
        // First of all, so that who calls again at once doesn't meet this connection.
        end = (failure(openingStage, cause), text)
        observer.connectionClosed(
            self, failure: failure(openingStage, cause), text: text, wasEstablished: isEstablished)
        for (call, stage) in calls {
            let isUnsent = stage == .opening
            let error = RPCError(
                failure(isEstablished ? stage : openingStage, cause),
                "\(peer): \(text)\(isUnsent ? ", before \(call.method) was sent" : " before it answered \(call.method)")",
                isSafeToRetry: isUnsent)
            call.end(error, dropsMessages: false)
        }
        for waiter in waiters { waiter.resolve(.goOn) }
        if isReading {
            isReading = false
            executor.endTurn()
        }
        context.fireChannelInactive()
    }

    private var openingStage: ConnectionFailure.Stage {
        isEstablished ? .opening : configuration.isSecured && !hasReceived ? .securing : .greeting
    }

    private func failure(_ stage: ConnectionFailure.Stage, _ cause: ConnectionFailure.Cause) -> ConnectionFailure {
        ConnectionFailure(peer: peer, stage: stage, cause: cause, attempt: attempt)
    }

    private func process() {
        guard var bytes = input.take() else { return }
        let now = executor.uptimeNanoseconds
        clock.received(at: now)
        var touched: [OutgoingCall] = []
        swap(&touched, &self.touched)
        let control = flushing { shared in
            if now &- lastTick >= 1_000_000_000 {
                lastTick = now
                shared.tick()
            }
            return shared.receive(&bytes, touched: &touched)
        }
        input.keep(bytes)
        for call in touched {
            call.deliver()
            if let stream = call as? StreamCall, isTooFarBehind(stream) { behind.append(stream) }
        }
        for event in control { handle(event) }
        if !touched.isEmpty {
            clock.callsEnded(at: now)
            callsEnded()
        }
        touched.removeAll(keepingCapacity: true)
        swap(&touched, &self.touched)
    }

    private func handle(_ event: ClientWireEvent) {
        switch event {
        case .established(let hello):
            isEstablished = true
            clock.established(at: executor.uptimeNanoseconds, hasPing: hello != nil)
            clockTimer?.cancel()
            checkClock()
            observer.connectionEstablished(self)
            for call in withShared({ $0.openCalls }) { call.established() }
            callsEnded()
        case .goAway(let lastStream, let code, let text):
            if code != .ok { closing = (.goAway, "it closed the connection (\(text))") }
            refuseCalls(after: lastStream, reason: text)
        case .failed(let error):
            closing = (.protocolViolation, error.message)
            flushOutput()
            context?.close(promise: nil)
        case .response, .message, .initialMetadata, .failedStream, .pong:
            break
        }
    }

    /// The server won't run calls with greater stream ids.
    private func refuseCalls(after lastStream: UInt32, reason: String) {
        let (refused, waiters) = withShared { $0.refuse(after: lastStream) }
        observer.connectionDraining(self)
        for call in refused {
            let error = RPCError(
                failure(.sending, .goAway), "\(peer) refused \(call.method) without running it: \(reason)",
                isSafeToRetry: true)
            call.end(error, dropsMessages: false)
        }
        for waiter in waiters { waiter.resolve(.goOn) }
        callsEnded()
    }

    // MARK: - Readers that are behind

    private func isTooFarBehind(_ call: StreamCall) -> Bool {
        call.queue.isOver(
            bytes: withShared { $0.wire.hasFlowControl } ? .max : configuration.maxQueuedBytes,
            messages: Self.maxWaitingMessages)
    }

    /// Messages of one stream that may wait for its reader, since messages without bytes need no credit.
    private static let maxWaitingMessages = 16_384

    private func readOn() {
        behind.removeAll { !isTooFarBehind($0) }
        guard behind.isEmpty, wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    // MARK: - The end

    /// Takes no new calls, tells the server so, and closes when the open ones have ended. On any thread.
    package func drain(_ reason: String) {
        let waiters = flushing { $0.drain(reason) }
        for waiter in waiters { waiter.resolve(.goOn) }
        executor.onLoop { self.callsEnded() }
    }

    /// Fails the open calls and closes. On any thread.
    package func close(reason: String) {
        executor.onLoop {
            self.closing = (.shutDown, reason)
            self.context?.close(promise: nil)
        }
    }

    /// Tells the server why, and closes. On the loop only.
    private func fail(_ cause: ConnectionFailure.Cause, code: StatusCode, _ text: String) {
        closing = (cause, text)
        withShared { $0.goAway(code: code, text: text) }
        flushOutput()
        context?.close(promise: nil)
    }

    /// Lets waiting calls go on, or closes a draining connection that has none left. On the loop only.
    private func callsEnded() {
        let (waiters, isFinished) = withShared { ($0.admitWaiters(), $0.isFinished) }
        for waiter in waiters where !waiter.resolve(.goOn) { releaseReservation() }
        if !behind.isEmpty { readOn() }
        if isFinished { context?.close(promise: nil) }
    }

    // MARK: - Statistics

    package struct Statistics: Sendable {
        package let calls: Int
        package let streams: Int
        package let queuedBytes: Int
    }

    /// On any thread.
    package var statistics: Statistics {
        withShared { shared in
            let (calls, streams) = shared.counts
            return Statistics(calls: calls, streams: streams, queuedBytes: shared.queuedBytes)
        }
    }
}
