package import MartletCore
internal import MartletWire
private import NIOConcurrencyHelpers
package import NIOCore

/// One connection to a server: carries calls of any thread and hands their outcomes back.
///
/// Callers write their requests into the shared output under a lock, and the first of a turn wakes the loop, which
/// sends them all in one write. A caller on the loop needs no wake-up.
///
/// Unchecked: `shared` is touched under the lock only, all else on the loop only. What isn't private is for the extensions
/// in the files beside this one.
package final class ClientConnection: ChannelDuplexHandler, FlushableConnection, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package let executor: LoopExecutor
    /// The server, as errors name it.
    package let peer: String
    let configuration: ClientConnectionConfiguration
    let attempt: Int
    package let observer: any ClientConnectionObserver
    private let lock = NIOLock()
    var shared: ClientConnectionState

    var context: ChannelHandlerContext?
    var input = InputBuffer()
    var deadlineTimer = DeadlineTimer()
    var clock: ConnectionClock
    var clockTimer: Scheduled<Void>?
    var lastTick: UInt64 = 0
    var isReading = false
    var hasReceived = false
    /// Whether the server has said Hello. On the loop only.
    package internal(set) var isEstablished = false
    var closing: (cause: ConnectionFailure.Cause, text: String)?
    /// Why it is gone, once it is. On the loop only.
    package internal(set) var end: (failure: ConnectionFailure, text: String)?
    /// Calls that the current read has brought something for.
    var touched: [OutgoingCall] = []
    /// Calls whose reader is too far behind; the socket isn't read until they have caught up.
    var behind: [StreamCall] = []
    var wantsRead = false

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
        self.shared = ClientConnectionState(configuration, blocks: executor.blocks)
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

    /// Sends a call's only request, of so many bytes. False: nothing was done; ``start(_:_:hasReservation:)`` says why.
    package func tryStart(_ call: OutgoingCall, size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> Bool {
        guard call.options.compression == nil, call.settle(on: self) else { return false }
        let start = start(
            call, form: .only(streamsResponses: call.method.shape.streamsResponses), size: size, isCompressed: false,
            hasReservation: false, write)
        switch start {
        case .started(let isQueued): call.placed(on: self, isQueued: isQueued)
        case .failed(let error): call.end(error, dropsMessages: true)
        case .refused, .full: return false
        }
        return true
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
        if let wanted = call.options.compression, request != nil {
            // Waiters for room wait for the server's Hello.
            guard let possible = withShared({ $0.compression(wanted) }) else { return .full }
            compression = possible
        }
        let start: ClientConnectionState.Start
        do throws(RPCError) {
            start = try self.start(call, request, compression, hasReservation: hasReservation)
        } catch {
            if hasReservation { withShared { $0.releaseReservation() } }
            start = .failed(error)
        }
        switch start {
        case .started(let isQueued): call.placed(on: self, isQueued: isQueued)
        case .failed(let error):
            call.end(error, dropsMessages: true)
            // Another may have its reservation.
            if hasReservation { executor.onLoop { self.callsEnded() } }
        case .refused: return .refused
        case .full: return .full
        }
        return .done
    }

    private func start<Request: Message>(
        _ call: OutgoingCall, _ request: Request?, _ compression: Compression?, hasReservation: Bool
    ) throws(RPCError) -> ClientConnectionState.Start {
        guard let request else {
            return start(
                call, form: .open(streamsResponses: call.method.shape.streamsResponses), size: 0, isCompressed: false,
                hasReservation: hasReservation
            ) { _ in }
        }
        let form = RequestForm.only(streamsResponses: call.method.shape.streamsResponses)
        if compression != nil {
            let message = try EncodedMessage(request, compression: compression, always: false, executor.blocks)
            return start(
                call, form: form, size: message.size, isCompressed: message.isCompressed, ready: message.bytes,
                hasReservation: hasReservation, message.bytes.write)
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
        _ call: OutgoingCall, form: RequestForm, size: Int, isCompressed: Bool, ready: ByteBuffer? = nil,
        hasReservation: Bool, _ write: (UnsafeMutableRawPointer) -> Void
    ) -> ClientConnectionState.Start {
        if let error = call.sizeError(size) {
            if hasReservation { withShared { $0.releaseReservation() } }
            return .failed(error)
        }
        if ready == nil, let bytes = encodedIfLarge(size: size, write) {
            return start(
                call, form: form, size: size, isCompressed: isCompressed, ready: bytes, hasReservation: hasReservation,
                bytes.write)
        }
        return flushing { shared in
            shared.start(
                call, form: form, size: size, isCompressed: isCompressed, ready: ready,
                now: call.deadline == nil ? 0 : executor.uptimeNanoseconds, hasReservation: hasReservation, write)
        }
    }

    /// A message of at least so many bytes is encoded before the lock is taken, so that no small call waits for it.
    private static let encodedEarly = 256 << 10

    /// The bytes of a message that is large enough to be encoded before the lock is taken.
    func encodedIfLarge(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> ByteBuffer? {
        size < Self.encodedEarly ? nil : executor.blocks.bytes(size: size, write)
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
        guard let outcome, !waiter.resolve(outcome) else { return }
        if case .goOn = outcome { releaseReservation() }
    }

    /// Lets the calls that wait for room look for it elsewhere.
    package func releaseWaiters() {
        for waiter in withShared({ $0.takeWaiters() }) { waiter.resolve(.lookElsewhere) }
    }

    /// Undoes what a waiter for room was given, if it can't use it.
    func releaseReservation() {
        withShared { $0.releaseReservation() }
        executor.onLoop { self.callsEnded() }
    }

    /// Whether one more call may be sent now. On any thread.
    package var hasRoom: Bool { withShared { $0.hasRoom } }

    /// Whether as many calls are open as the server allows. On any thread.
    package var hasAllStreams: Bool { withShared { $0.hasAllStreams } }

    // MARK: - Output

    func withShared<R>(_ body: (inout ClientConnectionState) -> R) -> R { lock.withLock { body(&shared) } }

    /// Changes the shared state, and makes sure that what comes of it is sent.
    func flushing<R>(_ body: (inout ClientConnectionState) -> R) -> R {
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
        var slices = OutputSlices(room: ClientConnectionState.flushBytes)
        let output = withShared {
            $0.takeOutput(replacement: executor.takeOutputBuffer(), slices: &slices, sent: &sent)
        }
        context.writeAndFlush(output, slices)
        executor.giveBack(output)
        for call in sent { call.sent() }
        let (needsFlush, hasEvents) = withShared { ($0.planFlush(), $0.wire.hasEvents) }
        if needsFlush { executor.loop.execute { self.flushOutput() } }
        if hasEvents { executor.loop.execute { self.process() } }
        callsEnded()
    }

    // MARK: - The end

    /// Takes no new calls, tells the server so, and closes when the open ones have ended. On any thread.
    package func drain(_ reason: String) {
        let waiters = flushing { $0.drain(reason) }
        for waiter in waiters { waiter.resolve(.lookElsewhere) }
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
    func fail(_ cause: ConnectionFailure.Cause, code: StatusCode, _ text: String) {
        closing = (cause, text)
        withShared { $0.goAway(code: code, text: text) }
        flushOutput()
        context?.close(promise: nil)
    }

    /// Lets waiting calls go on, or closes a draining connection that has none left. On the loop only.
    func callsEnded() {
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
