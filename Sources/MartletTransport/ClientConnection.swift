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
package final class ClientConnection: ChannelInboundHandler, FlushableConnection, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package let executor: LoopExecutor
    /// The server, as errors name it.
    package let peer: String
    private let observer: any ClientConnectionObserver
    private let lock = NIOLock()
    private var shared: ClientConnectionState

    private var context: ChannelHandlerContext?
    private var input = InputBuffer()
    private var deadlineTimer = DeadlineTimer()
    private var isReading = false
    private var isHelloDone = false
    private var closeReason: String?

    package init(
        executor: LoopExecutor, peer: String, configuration: ClientConnectionConfiguration,
        observer: any ClientConnectionObserver
    ) {
        self.executor = executor
        self.peer = peer
        self.observer = observer
        self.shared = ClientConnectionState(configuration)
    }

    // MARK: - Calls, on any thread

    /// Sends a request and waits for the outcome. Cancelling the task gives the call up.
    ///
    /// - Parameter hasReservation: Whether the caller has waited for room.
    package nonisolated(nonsending) func send<Request: Message>(
        _ request: Request, for call: OutgoingCall, hasReservation: Bool
    ) async -> OutgoingCall.Outcome {
        call.stream = nil
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                call.setContinuation(continuation)
                if let outcome = start(call, request: request, hasReservation: hasReservation) {
                    call.resume(with: outcome)
                }
            }
        } onCancel: {
            cancel(call)
        }
    }

    /// Nil: the call is under way.
    private func start<Request: Message>(
        _ call: OutgoingCall, request: Request, hasReservation: Bool
    ) -> OutgoingCall.Outcome? {
        do throws(EncodingError) {
            return try request.withSerialized { size, write in
                let (outcome, needsFlush) = withShared { shared in
                    let outcome = shared.start(
                        call, size: size, now: executor.uptimeNanoseconds, hasReservation: hasReservation, write)
                    return (outcome, shared.planFlush())
                }
                if needsFlush { flushSoon() }
                return outcome
            }
        } catch {
            if hasReservation { releaseReservation() }
            return .ended(.failure(RPCError(encoding: error)))
        }
    }

    /// Gives a call up: tells the server and resumes the caller with CANCELLED. Does nothing once the call has ended.
    package func cancel(_ call: OutgoingCall) {
        let error = call.cancelledError
        let (isOpen, needsFlush) = withShared { ($0.cancel(call, code: error.code), $0.planFlush()) }
        if needsFlush { flushSoon() }
        if isOpen {
            call.resume(with: .ended(.failure(error)))
            executor.onLoop { self.callsEnded() }
        }
    }

    /// Waits until there is room for one more call; then ``send(_:for:hasReservation:)`` must follow.
    package func waitForRoom(_ waiter: Waiter) {
        let outcome = withShared { $0.waitForRoom(waiter) }
        if let outcome, !waiter.resolve(outcome) { releaseReservation() }
    }

    private func releaseReservation() {
        withShared { $0.releaseReservation() }
        executor.onLoop { self.callsEnded() }
    }

    private func withShared<R>(_ body: (inout ClientConnectionState) -> R) -> R { lock.withLock { body(&shared) } }

    // MARK: - Output

    private func flushSoon() {
        if executor.isOnLoop {
            executor.flushAfterTurn(self)
        } else {
            executor.loop.execute { self.flushOutput() }
        }
    }

    package func flushOutput() {
        guard let context, context.channel.isActive else { return }
        if let earliest = withShared({ $0.earliestDeadline }) { armDeadlineTimer(earliest) }
        guard context.channel.isWritable else { return withShared { $0.postponeFlush() } }
        let output = withShared { $0.takeOutput(replacement: executor.takeOutputBuffer()) }
        if output.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(output), promise: nil) }
        executor.giveBack(output)
        callsEnded()
    }

    // MARK: - Deadlines

    private func armDeadlineTimer(_ earliest: UInt64) {
        deadlineTimer.arm(at: earliest, on: executor.loop) { self.expireCalls() }
    }

    private func expireCalls() {
        deadlineTimer.fired()
        let now = executor.uptimeNanoseconds
        let (expired, earliest, needsFlush) = withShared { shared in
            (shared.expire(at: now), shared.earliestDeadline, shared.planFlush())
        }
        if needsFlush { flushSoon() }
        for call in expired {
            call.resume(with: .ended(.failure(call.expiredError(stage: "while waiting for \(peer)"))))
        }
        if let earliest { armDeadlineTimer(earliest) }
        callsEnded()
    }

    // MARK: - Input

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func channelActive(context: ChannelHandlerContext) {
        flushOutput()
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        executor.beginTurn()
        input.append(unwrapInboundIn(data))
        process()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        guard isReading else { return }
        isReading = false
        executor.endTurn()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flushOutput() }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        closeReason = "the connection failed: \(causeText(error))"
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        deadlineTimer.cancel()
        let (calls, waiters) = withShared { $0.close() }
        let reason = closeReason ?? "the server closed the connection"
        for call in calls {
            let error = RPCError(.unavailable, "\(peer): \(reason) before it answered \(call.method)")
            call.resume(with: .ended(.failure(error)))
        }
        for waiter in waiters { waiter.resolve(.goOn) }
        observer.connectionClosed(self, reason: reason, wasEstablished: isHelloDone)
        if isReading {
            isReading = false
            executor.endTurn()
        }
        context.fireChannelInactive()
    }

    private func process() {
        guard var bytes = input.take() else { return }
        let (received, needsFlush) = withShared { ($0.receive(&bytes), $0.planFlush()) }
        if needsFlush { executor.flushAfterTurn(self) }
        input.keep(bytes)
        for (call, result) in received.outcomes { call.resume(with: .ended(result)) }
        for event in received.control { handle(event) }
        if !received.outcomes.isEmpty { callsEnded() }
    }

    private func handle(_ event: ClientWireEvent) {
        switch event {
        case .established:
            isHelloDone = true
            observer.connectionEstablished(self)
            callsEnded()
        case .goAway(let lastStream, let code, let text):
            if code != .ok { closeReason = "the server closed the connection (\(text))" }
            refuseCalls(after: lastStream, reason: text)
        case .failed(let error):
            closeReason = error.message
            flushOutput()
            context?.close(promise: nil)
        case .response, .initialMetadata, .message, .failedStream, .pong:
            break
        }
    }

    /// The server won't run calls with greater stream ids.
    private func refuseCalls(after lastStream: UInt32, reason: String) {
        let (refused, waiters) = withShared { $0.refuse(after: lastStream) }
        observer.connectionDraining(self)
        for call in refused {
            let error = RPCError(
                .unavailable, "\(peer) refused \(call.method) without running it: \(reason)", isSafeToRetry: true)
            call.resume(with: .ended(.failure(error)))
        }
        for waiter in waiters { waiter.resolve(.goOn) }
        callsEnded()
    }

    // MARK: - The end

    /// Takes no new calls and closes when the open ones have ended. On any thread.
    package func drain() {
        let waiters = withShared { $0.drain() }
        for waiter in waiters { waiter.resolve(.goOn) }
        executor.onLoop { self.callsEnded() }
    }

    /// Fails the open calls and closes. On any thread.
    package func close(reason: String) {
        executor.onLoop {
            self.closeReason = reason
            self.context?.close(promise: nil)
        }
    }

    /// Lets waiting calls go on, or closes a draining connection that has none left. On the loop only.
    private func callsEnded() {
        let (waiters, isFinished) = withShared { ($0.admitWaiters(), $0.isFinished) }
        for waiter in waiters where !waiter.resolve(.goOn) { releaseReservation() }
        if isFinished { context?.close(promise: nil) }
    }
}
