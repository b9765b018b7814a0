internal import MartletCore
internal import MartletWire
internal import NIOCore

/// What a client's connection shares between the threads that call and its event loop: the wire, the output, and the
/// calls under way. It decides; it neither waits, nor sends, nor resumes anybody.
///
/// ```
///   open ── drain, go-away, ids used up ──▶ draining ── no call left, channel closed ──▶ closed
/// ```
struct ClientConnectionState: ~Copyable {
    private enum Phase {
        case open
        /// Takes no new calls and closes when the open ones have ended.
        case draining
        case closed
    }

    /// What became of an attempt to make a call.
    enum Start {
        /// `isQueued`: its message waits in the wire.
        case started(isQueued: Bool)
        /// Nothing was sent, and nothing will be.
        case failed(RPCError)
        /// Nothing was sent: the connection takes no more calls; another may.
        case refused
        /// Nothing was sent: there is no room. Wait for it and try again.
        case full
    }

    private var phase = Phase.open
    private(set) var wire: ClientWire
    private var output = ByteBuffer()
    private var calls = StreamTable<OutgoingCall>()
    private var deadlines = DeadlineQueue()
    private var waiters = WaiterQueue()
    /// Waiters that were told to go on and haven't yet.
    private var reservations = 0
    private var isFlushPlanned = false
    private let maxQueuedBytes: Int
    private(set) var isEstablished = false
    private var lastStream: UInt32 = 0
    /// The last stream whose request, or the beginning of it, went to the socket.
    private var lastFlushedStream: UInt32 = 0

    init(_ configuration: ClientConnectionConfiguration, blocks: SpareBlocks) {
        wire = ClientWire(
            configuration.wire, limits: configuration.limits, implementation: .martlet,
            authority: configuration.authority, isSecured: configuration.isSecured, blocks: blocks)
        wire.start(into: &output)
        maxQueuedBytes = configuration.maxQueuedBytes
    }

    // MARK: - Calls

    /// - Parameter now: Nanoseconds on the deadline's clock; any number without a deadline.
    mutating func start(
        _ call: OutgoingCall, form: RequestForm, size: Int, isCompressed: Bool, ready: ByteBuffer?, now: UInt64,
        hasReservation: Bool, _ write: (UnsafeMutableRawPointer) -> Void
    ) -> Start {
        if hasReservation { reservations -= 1 }
        guard phase == .open else { return .refused }
        if call.isCancelled { return .failed(call.cancelledError) }
        // Who hasn't waited doesn't go ahead of those who do. Any call's end takes out those of them who gave up.
        guard hasReservation ? !isOutputFull : waiters.isUsedUp && hasRoom else { return .full }
        var timeout: Int64?
        if let deadline = call.deadline {
            guard now < deadline else { return .failed(call.expiredError(stage: "before the request was sent")) }
            timeout = Int64(clamping: deadline - now)
        }
        let outcome = wire.request(
            service: call.method.service, method: call.method.name, form: form, payloadSize: size,
            isCompressed: isCompressed, compression: call.options.compression, ready: ready,
            timeoutNanoseconds: timeout,
            metadata: call.metadata,
            into: &output, write: write)
        switch outcome {
        case .sent(let stream, let isQueued):
            call.stream = stream
            lastStream = stream
            if let deadline = call.deadline {
                let calls = calls
                deadlines.insert(deadline, stream: stream, openCalls: calls.count) { calls[$0] != nil }
            }
            calls.insert(call, stream: stream)
            return .started(isQueued: isQueued)
        case .notNow:
            return .full
        case .rejected(let error):
            return .failed(error)
        case .exhausted:
            phase = .draining
            return .refused
        }
    }

    /// Whether the call was open; then the server is told, and the caller is to be.
    mutating func cancel(_ call: OutgoingCall, code: StatusCode) -> Bool {
        guard let stream = call.stream, calls[stream] === call else { return false }
        calls.remove(stream)
        wire.cancel(stream: stream, code: code, into: &output)
        return true
    }

    /// Takes out the calls whose deadline has passed.
    mutating func expire(at now: UInt64) -> [OutgoingCall] {
        var expired: [OutgoingCall] = []
        while let stream = deadlines.popExpired(at: now) {
            guard let call = calls.remove(stream) else { continue }
            wire.cancel(stream: stream, code: .deadlineExceeded, into: &output)
            expired.append(call)
        }
        let calls = calls
        deadlines.dropEnded { calls[$0] != nil }
        return expired
    }

    var earliestDeadline: UInt64? { deadlines.earliest }

    var hasCalls: Bool { !calls.isEmpty }

    /// Takes out the calls that the server won't run, and takes no new ones.
    mutating func refuse(after lastStream: UInt32) -> (calls: [OutgoingCall], waiters: [Waiter]) {
        let refused = calls.entries.filter { $0.stream > lastStream }
        for (stream, _) in refused { calls.remove(stream) }
        return (refused.map(\.value), stopTakingCalls())
    }

    /// Takes no new calls, and tells the server so. Those that wait for room are to look elsewhere.
    mutating func drain(_ reason: String) -> [Waiter] {
        if phase == .open { wire.goAway(code: .ok, text: reason, into: &output) }
        return stopTakingCalls()
    }

    private mutating func stopTakingCalls() -> [Waiter] {
        if phase == .open { phase = .draining }
        return takeWaiters()
    }

    /// Takes out the calls that wait for room.
    mutating func takeWaiters() -> [Waiter] { waiters.removeAll() }

    /// Takes everybody out. A call whose stage is `opening` was never sent.
    mutating func close() -> (calls: [(call: OutgoingCall, stage: ConnectionFailure.Stage)], waiters: [Waiter]) {
        phase = .closed
        output = ByteBuffer()
        let lastFlushedStream = lastFlushedStream
        let left = calls.removeAll().map { stream, call in
            (call: call, stage: stream > lastFlushedStream ? .opening : call.isQueued ? .sending : .awaitingResponse)
                as (call: OutgoingCall, stage: ConnectionFailure.Stage)
        }
        return (left, waiters.removeAll())
    }

    /// Whether a draining connection has nothing left to do.
    var isFinished: Bool { phase == .draining && calls.isEmpty && output.readableBytes == 0 && !wire.canPump }

    // MARK: - Streams

    /// Nil: the call isn't here any more.
    mutating func send(
        on call: OutgoingCall, size: Int, isCompressed: Bool, ready: ByteBuffer?,
        _ write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome? {
        guard let stream = call.stream, calls[stream] === call else { return nil }
        let outcome = wire.sendMessage(
            stream: stream, size: size, isCompressed: isCompressed, ready: ready, into: &output, write: write)
        if case .queued = outcome { call.isQueued = true }
        return outcome
    }

    mutating func halfClose(_ call: OutgoingCall) {
        guard let stream = call.stream, calls[stream] === call else { return }
        wire.halfClose(stream: stream, into: &output)
    }

    mutating func consumed(_ call: OutgoingCall, bytes: Int, messages: Int) {
        guard let stream = call.stream, calls[stream] === call else { return }
        wire.consumed(stream: stream, bytes: bytes, messages: messages, into: &output)
    }

    // MARK: - Room

    /// Nil: the waiter is in the queue.
    mutating func waitForRoom(_ waiter: Waiter) -> Waiter.Outcome? {
        guard phase == .open else { return .lookElsewhere }
        if waiters.isEmpty, hasRoomForWaiter {
            reservations += 1
            return .goOn
        }
        waiters.append(waiter)
        return nil
    }

    /// Takes out the waiters for which there is room now; each has a reservation.
    mutating func admitWaiters() -> [Waiter] {
        var admitted: [Waiter] = []
        while phase == .open, hasRoomForWaiter, let waiter = waiters.popFirst() {
            reservations += 1
            admitted.append(waiter)
        }
        return admitted
    }

    mutating func releaseReservation() { reservations -= 1 }

    /// Whether the server's Hello may still come. A connection that ended without it refuses calls instead.
    private var awaitsHello: Bool { phase == .open && !isEstablished }

    /// Whether it is known what messages may be compressed with.
    var knowsCompression: Bool { isEstablished || !wire.agreesOnCompression }

    /// What a call's only request may be compressed with, if anything. Nil: that comes with the server's Hello.
    func compression(_ wanted: Compression) -> Compression?? {
        awaitsHello && wire.agreesOnCompression ? nil : .some(wire.compression(wanted))
    }

    /// Whether one more call may be sent beside those that waited before it.
    var hasRoom: Bool { hasStreamsLeft && !isOutputFull }

    private var hasStreamsLeft: Bool { wire.openStreams + reservations < wire.maxConcurrentStreams }

    /// Whether the server has said how many calls it allows, and they are open.
    var hasAllStreams: Bool { isEstablished && phase == .open && !hasStreamsLeft }

    /// Until the server's Hello no waiter may go on: it brings the limits.
    private var hasRoomForWaiter: Bool { isEstablished && hasRoom }

    private var isOutputFull: Bool { output.readableBytes >= maxQueuedBytes }

    // MARK: - Bytes in

    /// Reads frames. What isn't for a call is for the connection.
    ///
    /// - Parameters:
    ///   - now: Nanoseconds on the deadlines' clock.
    ///   - touched: Gets the calls that have something to tell.
    mutating func receive(
        _ input: inout InputBuffer, now: UInt64, touched: inout [OutgoingCall]
    ) -> [ClientWireEvent] {
        var control: [ClientWireEvent] = []
        repeat {
            guard var bytes = input.take(needed: wire.bytesNeeded) ?? (wire.hasEvents ? ByteBuffer() : nil) else {
                break
            }
            while let event = wire.next(&bytes, output: &output) { receive(event, now, &touched, &control) }
            input.keep(bytes)
        } while input.hasMore
        return control
    }

    private mutating func receive(
        _ event: ClientWireEvent, _ now: UInt64, _ touched: inout [OutgoingCall], _ control: inout [ClientWireEvent]
    ) {
        switch event {
        case .message(let stream, let message):
            if let call = calls[stream] { note(call.received(MessageRun(message)), of: call, &touched) }
        case .messages(let stream, let messages):
            if let call = calls[stream] { note(call.received(messages), of: call, &touched) }
        case .response(let response):
            if let call = calls.remove(response.stream) {
                note(
                    call.received(call.outcome(response.result, now: now), response.trailingMetadata), of: call,
                    &touched)
            }
        case .initialMetadata(let stream, let metadata):
            if let call = calls[stream] { note(call.received(initialMetadata: metadata), of: call, &touched) }
        case .failedStream(let stream, let error):
            if let call = calls.remove(stream) { note(call.received(.failure(error), [:]), of: call, &touched) }
        case .established:
            isEstablished = true
            control.append(event)
        case .goAway, .pong, .failed:
            control.append(event)
        }
    }

    private mutating func note(
        _ reaction: OutgoingCall.Reaction, of call: OutgoingCall, _ touched: inout [OutgoingCall]
    ) {
        if reaction.isFirst { touched.append(call) }
        if let (bytes, messages) = reaction.consumed, let stream = call.stream {
            wire.consumed(stream: stream, bytes: bytes, messages: messages, into: &output)
        }
    }

    /// To be called about once a second while bytes come in.
    mutating func tick() { wire.tick() }

    /// The calls whose writers wait for the Hello.
    var openCalls: [OutgoingCall] { calls.entries.map(\.value) }

    // MARK: - Bytes out

    /// False: this wire has no ping.
    mutating func ping(_ number: UInt64) -> Bool { wire.ping(number, into: &output) }

    mutating func goAway(code: StatusCode, text: String) { wire.goAway(code: code, text: text, into: &output) }

    /// Whether somebody must make sure that the output is flushed; nobody else is told so before it is taken.
    mutating func planFlush() -> Bool {
        guard output.readableBytes > 0 || wire.canPump, !isFlushPlanned else { return false }
        isFlushPlanned = true
        return true
    }

    /// The socket can't take anything now: the next output, or the socket's readiness, plans the flush again.
    mutating func postponeFlush() { isFlushPlanned = false }

    /// Hands out the output and goes on with an empty buffer.
    ///
    /// - Parameters:
    ///   - slices: Gets what belongs between the output's bytes.
    ///   - sent: Gets the calls whose queued message has left with it.
    mutating func takeOutput(
        replacement: consuming ByteBuffer, slices: inout OutputSlices, sent: inout [OutgoingCall]
    ) -> ByteBuffer {
        isFlushPlanned = false
        if wire.hasQueued {
            if wire.canPump {
                wire.pump(into: &output, &slices, room: max(0, Self.flushBytes - output.readableBytes))
            }
            for stream in wire.takeSent() {
                guard let call = calls[stream] else { continue }
                call.isQueued = false
                sent.append(call)
            }
        }
        lastFlushedStream = lastStream
        swap(&output, &replacement)
        return replacement
    }

    /// Of queued messages, that one flush takes along.
    static let flushBytes = 256 << 10

    // MARK: - Statistics

    var queuedBytes: Int { output.readableBytes + wire.queuedBytes }

    var counts: (calls: Int, streams: Int) {
        (calls.count, calls.entries.count { $0.value is StreamCall })
    }
}
