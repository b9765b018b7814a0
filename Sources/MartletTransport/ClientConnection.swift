package import Logging
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

    /// State that callers and the loop share.
    private struct Shared: ~Copyable {
        enum Phase {
            case open
            /// Takes no new calls and closes when the open ones have ended.
            case draining
            case closed
        }

        var phase = Phase.open
        var wire: NativeClientMachine
        var output = ByteBuffer()
        var calls = StreamTable<ClientCall>()
        var deadlines = DeadlineQueue()
        var waiters = WaiterQueue()
        /// Waiters that were told to go on and haven't yet.
        var reservations = 0
        var isFlushPlanned = false

        /// Whether one more call may be sent beside those that waited before it.
        var hasRoom: Bool {
            let limits = wire.peer?.limits ?? .initial
            return wire.openStreams + reservations < limits.maxConcurrentStreams && !isOutputFull
        }

        var isOutputFull: Bool { output.readableBytes >= maxQueuedBytes }

        let maxQueuedBytes: Int

        /// Whether a call that had to wait may go on. Until the server's Hello none may: it brings the limits.
        var hasRoomForWaiter: Bool { wire.peer != nil && hasRoom }

        mutating func planFlush() -> Bool {
            guard output.readableBytes > 0, !isFlushPlanned else { return false }
            isFlushPlanned = true
            return true
        }

        mutating func dropEndedDeadlines() {
            let calls = calls
            deadlines.dropEnded { calls[$0] != nil }
        }
    }

    package let executor: LoopExecutor
    /// The server, as errors name it.
    package let peer: String
    private let observer: any ClientConnectionObserver
    private let logger: Logger
    private let lock = NIOLock()
    private var shared: Shared

    private var context: ChannelHandlerContext?
    private var input = InputBuffer()
    private var deadlineTimer: (nanoseconds: UInt64, task: Scheduled<Void>)?
    private var isReading = false
    private var isHelloDone = false

    package init(
        executor: LoopExecutor, peer: String, configuration: ClientConnectionConfiguration,
        observer: any ClientConnectionObserver, logger: Logger
    ) {
        self.executor = executor
        self.peer = peer
        self.observer = observer
        self.logger = logger
        var wire = NativeClientMachine(limits: configuration.limits, implementation: .martlet)
        var output = ByteBuffer()
        wire.start(into: &output)
        self.shared = Shared(wire: wire, output: output, maxQueuedBytes: configuration.maxQueuedBytes)
    }

    // MARK: - Calls, on any thread

    /// Sends a request and waits for the outcome. Cancelling the task gives the call up.
    ///
    /// - Parameter hasReservation: Whether the caller has waited for room.
    package nonisolated(nonsending) func send<Request: Message>(
        _ request: Request, for call: ClientCall, hasReservation: Bool
    ) async -> ClientCall.Outcome {
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
        _ call: ClientCall, request: Request, hasReservation: Bool
    ) -> ClientCall.Outcome? {
        do throws(EncodingError) {
            return try request.withSerialized { size, write in
                let (outcome, needsFlush) = withShared { shared in
                    if hasReservation { shared.reservations -= 1 }
                    let outcome = start(call, size: size, hasReservation: hasReservation, in: &shared, write)
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

    private func start(
        _ call: ClientCall, size: Int, hasReservation: Bool, in shared: inout Shared,
        _ write: (UnsafeMutableRawPointer) -> Void
    ) -> ClientCall.Outcome? {
        guard shared.phase == .open else { return .refused }
        if call.isCancelled { return .ended(.failure(call.cancelledError)) }
        guard hasReservation ? !shared.isOutputFull : shared.hasRoom else { return .full }
        var timeout: Int64?
        if let deadline = call.deadline {
            let now = executor.uptimeNanoseconds
            guard now < deadline else {
                return .ended(.failure(call.expiredError(stage: "before the request was sent")))
            }
            timeout = Int64(clamping: deadline - now)
        }
        let result = shared.wire.request(
            service: call.method.service, method: call.method.name, payloadSize: size,
            timeoutNanoseconds: timeout, metadata: call.metadata, into: &shared.output, write: write)
        switch result {
        case .sent(let stream):
            call.stream = stream
            if let deadline = call.deadline {
                let calls = shared.calls
                shared.deadlines.insert(deadline, stream: stream, openCalls: calls.count) { calls[$0] != nil }
            }
            shared.calls.insert(call, stream: stream)
            return nil
        case .notNow:
            return .full
        case .rejected(let error):
            return .ended(.failure(error))
        case .exhausted:
            shared.phase = .draining
            return .refused
        }
    }

    /// Gives a call up: tells the server and resumes the caller with CANCELLED. Does nothing once the call has ended.
    package func cancel(_ call: ClientCall) {
        let error = call.cancelledError
        let (isOpen, needsFlush) = withShared { shared in
            call.isCancelled = true
            guard let stream = call.stream, shared.calls.remove(stream) != nil else { return (false, false) }
            shared.wire.cancel(stream: stream, code: error.code, into: &shared.output)
            return (true, shared.planFlush())
        }
        if needsFlush { flushSoon() }
        if isOpen {
            call.resume(with: .ended(.failure(error)))
            onLoop { self.callsEnded() }
        }
    }

    /// Waits until there is room for one more call; then ``send(_:for:hasReservation:)`` must follow.
    package func waitForRoom(_ waiter: Waiter) {
        let outcome: Waiter.Outcome? = withShared { shared in
            guard shared.phase == .open else { return .goOn }
            if shared.hasRoomForWaiter {
                shared.reservations += 1
                return .goOn
            }
            shared.waiters.append(waiter)
            return nil
        }
        if let outcome, !waiter.resolve(outcome) { releaseReservation() }
    }

    private func releaseReservation() {
        withShared { $0.reservations -= 1 }
        onLoop { self.callsEnded() }
    }

    private func withShared<R>(_ body: (inout Shared) -> R) -> R { lock.withLock { body(&shared) } }

    // MARK: - Output

    private func flushSoon() {
        if executor.loop.inEventLoop {
            executor.flushAfterTurn(self)
        } else {
            executor.loop.execute { self.flushOutput() }
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if executor.loop.inEventLoop { body() } else { executor.loop.execute(body) }
    }

    package func flushOutput() {
        guard let context, context.channel.isActive else { return }
        guard context.channel.isWritable else {
            withShared { $0.isFlushPlanned = false }
            return
        }
        let spare = executor.takeOutputBuffer()
        let (output, earliest) = withShared { shared in
            shared.isFlushPlanned = false
            var output = spare
            swap(&output, &shared.output)
            return (output, shared.deadlines.earliest)
        }
        if output.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(output), promise: nil) }
        executor.giveBack(output)
        if let earliest { armDeadlineTimer(earliest) }
        callsEnded()
    }

    // MARK: - Deadlines

    private func armDeadlineTimer(_ earliest: UInt64) {
        if let deadlineTimer {
            guard earliest < deadlineTimer.nanoseconds else { return }
            deadlineTimer.task.cancel()
        }
        let task = executor.loop.scheduleTask(deadline: .uptimeNanoseconds(min(earliest, UInt64(Int64.max)))) {
            self.expireCalls()
        }
        deadlineTimer = (earliest, task)
    }

    private func expireCalls() {
        deadlineTimer = nil
        let now = executor.uptimeNanoseconds
        let (expired, earliest, needsFlush) = withShared { shared in
            var expired: [ClientCall] = []
            while let stream = shared.deadlines.popExpired(at: now) {
                guard let call = shared.calls.remove(stream) else { continue }
                shared.wire.cancel(stream: stream, code: .deadlineExceeded, into: &shared.output)
                expired.append(call)
            }
            shared.dropEndedDeadlines()
            return (expired, shared.deadlines.earliest, shared.planFlush())
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
        deadlineTimer?.task.cancel()
        deadlineTimer = nil
        let (calls, waiters) = withShared { shared in
            shared.phase = .closed
            shared.output = ByteBuffer()
            return (shared.calls.removeAll(), shared.waiters.removeAll())
        }
        let reason = closeReason ?? "the server closed the connection"
        for (_, call) in calls {
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

    private var closeReason: String?

    private func process() {
        guard var bytes = input.take() else { return }
        var outcomes: [(ClientCall, Result<ByteBuffer, RPCError>)] = []
        var control: [NativeClientEvent] = []
        let needsFlush = withShared { shared in
            while let event = shared.wire.next(&bytes, output: &shared.output) {
                if case .response(let response) = event {
                    if let call = shared.calls.remove(response.stream) { outcomes.append((call, response.result)) }
                } else {
                    control.append(event)
                }
            }
            return shared.planFlush()
        }
        if needsFlush { executor.flushAfterTurn(self) }
        input.keep(bytes)
        for (call, result) in outcomes { call.resume(with: .ended(result)) }
        for event in control { handle(event) }
        if !outcomes.isEmpty { callsEnded() }
    }

    private func handle(_ event: NativeClientEvent) {
        switch event {
        case .hello:
            isHelloDone = true
            observer.connectionEstablished(self)
            callsEnded()
        case .goAway(let lastStream, _, let text):
            refuseCalls(after: lastStream, reason: text)
        case .failed(let error):
            closeReason = error.message
            flushOutput()
            context?.close(promise: nil)
        case .response:
            break
        }
    }

    /// The server won't run calls with greater stream ids.
    private func refuseCalls(after lastStream: UInt32, reason: String) {
        let (refused, waiters) = withShared { shared in
            if shared.phase == .open { shared.phase = .draining }
            let refused = shared.calls.entries.filter { $0.stream > lastStream }
            for (stream, _) in refused { shared.calls.remove(stream) }
            return (refused, shared.waiters.removeAll())
        }
        observer.connectionDraining(self)
        for (_, call) in refused {
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
        let waiters = withShared { shared in
            if shared.phase == .open { shared.phase = .draining }
            return shared.waiters.removeAll()
        }
        for waiter in waiters { waiter.resolve(.goOn) }
        onLoop { self.callsEnded() }
    }

    /// Fails the open calls and closes. On any thread.
    package func close(reason: String) {
        onLoop {
            self.closeReason = reason
            self.context?.close(promise: nil)
        }
    }

    /// Lets waiting calls go on, or closes a draining connection that has none left. On the loop only.
    private func callsEnded() {
        let (waiters, isFinished) = withShared { shared in
            var admitted: [Waiter] = []
            while shared.phase == .open, shared.hasRoomForWaiter, let waiter = shared.waiters.popFirst() {
                shared.reservations += 1
                admitted.append(waiter)
            }
            return (admitted, shared.phase == .draining && shared.calls.isEmpty && shared.output.readableBytes == 0)
        }
        for waiter in waiters where !waiter.resolve(.goOn) { releaseReservation() }
        if isFinished { context?.close(promise: nil) }
    }
}
