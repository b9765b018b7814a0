internal import MartletCore
internal import MartletWire
package import NIOCore

/// What comes from the channel: on the loop only.
extension ClientConnection {
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
        input.endRead()
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
        for waiter in waiters { waiter.resolve(.lookElsewhere) }
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

    func process() {
        let now = executor.uptimeNanoseconds
        clock.received(at: now)
        var touched: [OutgoingCall] = []
        swap(&touched, &self.touched)
        let (control, makesRoom) = flushing { shared in
            let openStreams = shared.wire.openStreams
            if now &- lastTick >= 1_000_000_000 {
                lastTick = now
                shared.tick()
            }
            let control = shared.receive(&input, now: now, touched: &touched)
            return (control, shared.wire.openStreams < openStreams)
        }
        for call in touched {
            call.deliver()
            if let stream = call as? StreamCall, isTooFarBehind(stream) { behind.append(stream) }
        }
        for event in control { handle(event) }
        if !touched.isEmpty { clock.callsEnded(at: now) }
        // The response to a cancelled call touches nobody, and makes room all the same.
        if makesRoom || !touched.isEmpty { callsEnded() }
        touched.removeAll(keepingCapacity: true)
        swap(&touched, &self.touched)
    }

    private func handle(_ event: ClientWireEvent) {
        switch event {
        case .established:
            isEstablished = true
            clock.established(at: executor.uptimeNanoseconds, hasPing: withShared { $0.wire.hasPing })
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
        case .response, .message, .messages, .initialMetadata, .failedStream, .pong:
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
        for waiter in waiters { waiter.resolve(.lookElsewhere) }
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

    func readOn() {
        behind.removeAll { !isTooFarBehind($0) }
        guard behind.isEmpty, wantsRead else { return }
        wantsRead = false
        context?.read()
    }
}
