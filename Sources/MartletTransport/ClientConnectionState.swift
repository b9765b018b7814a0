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

    private var phase = Phase.open
    private var wire: ClientWire
    private var output = ByteBuffer()
    private var calls = StreamTable<OutgoingCall>()
    private var deadlines = DeadlineQueue()
    private var waiters = WaiterQueue()
    /// Waiters that were told to go on and haven't yet.
    private var reservations = 0
    private var isFlushPlanned = false
    private let maxQueuedBytes: Int

    init(_ configuration: ClientConnectionConfiguration) {
        wire = ClientWire(limits: configuration.limits, implementation: .martlet)
        wire.start(into: &output)
        maxQueuedBytes = configuration.maxQueuedBytes
    }

    // MARK: - Calls

    /// Writes a request. Nil: the call is under way.
    mutating func start(
        _ call: OutgoingCall, size: Int, now: UInt64, hasReservation: Bool, _ write: (UnsafeMutableRawPointer) -> Void
    ) -> OutgoingCall.Outcome? {
        if hasReservation { reservations -= 1 }
        guard phase == .open else { return .refused }
        if call.isCancelled { return .ended(.failure(call.cancelledError)) }
        guard hasReservation ? !isOutputFull : hasRoom else { return .full }
        var timeout: Int64?
        if let deadline = call.deadline {
            guard now < deadline else {
                return .ended(.failure(call.expiredError(stage: "before the request was sent")))
            }
            timeout = Int64(clamping: deadline - now)
        }
        let result = wire.request(
            service: call.method.service, method: call.method.name, form: .only(streamsResponses: false),
            payloadSize: size, timeoutNanoseconds: timeout, metadata: call.metadata, into: &output, write: write)
        switch result {
        case .sent(let stream, _):
            call.stream = stream
            if let deadline = call.deadline {
                let calls = calls
                deadlines.insert(deadline, stream: stream, openCalls: calls.count) { calls[$0] != nil }
            }
            calls.insert(call, stream: stream)
            return nil
        case .notNow:
            return .full
        case .rejected(let error):
            return .ended(.failure(error))
        case .exhausted:
            phase = .draining
            return .refused
        }
    }

    /// Whether the call was open; then the server is told, and the caller is to be.
    mutating func cancel(_ call: OutgoingCall, code: StatusCode) -> Bool {
        call.isCancelled = true
        guard let stream = call.stream, calls.remove(stream) != nil else { return false }
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

    /// Takes out the calls that the server won't run, and takes no new ones.
    mutating func refuse(after lastStream: UInt32) -> (calls: [OutgoingCall], waiters: [Waiter]) {
        let refused = calls.entries.filter { $0.stream > lastStream }
        for (stream, _) in refused { calls.remove(stream) }
        return (refused.map(\.value), drain())
    }

    /// Takes no new calls. Those that wait for room are to look elsewhere.
    mutating func drain() -> [Waiter] {
        if phase == .open { phase = .draining }
        return waiters.removeAll()
    }

    mutating func close() -> (calls: [OutgoingCall], waiters: [Waiter]) {
        phase = .closed
        output = ByteBuffer()
        return (calls.removeAll().map(\.value), waiters.removeAll())
    }

    /// Whether a draining connection has nothing left to do.
    var isFinished: Bool { phase == .draining && calls.isEmpty && output.readableBytes == 0 }

    // MARK: - Room

    /// Nil: the waiter is in the queue.
    mutating func waitForRoom(_ waiter: Waiter) -> Waiter.Outcome? {
        guard phase == .open else { return .goOn }
        if hasRoomForWaiter {
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

    /// Whether one more call may be sent beside those that waited before it.
    private var hasRoom: Bool {
        let limits = wire.peer?.limits ?? .initial
        return wire.openStreams + reservations < limits.maxConcurrentStreams && !isOutputFull
    }

    /// Until the server's Hello no waiter may go on: it brings the limits.
    private var hasRoomForWaiter: Bool { wire.peer != nil && hasRoom }

    private var isOutputFull: Bool { output.readableBytes >= maxQueuedBytes }

    // MARK: - Bytes

    /// Reads frames; what isn't a response is for the connection.
    mutating func receive(
        _ bytes: inout ByteBuffer
    ) -> (outcomes: [(call: OutgoingCall, result: Result<ByteBuffer, RPCError>)], control: [ClientWireEvent]) {
        var outcomes: [(call: OutgoingCall, result: Result<ByteBuffer, RPCError>)] = []
        var control: [ClientWireEvent] = []
        while let event = wire.next(&bytes, output: &output) {
            if case .response(let response) = event {
                if let call = calls.remove(response.stream) { outcomes.append((call, response.result.map(\.bytes))) }
            } else {
                control.append(event)
            }
        }
        return (outcomes, control)
    }

    /// Whether somebody must make sure that the output is flushed; nobody else is told so before it is taken.
    mutating func planFlush() -> Bool {
        guard output.readableBytes > 0, !isFlushPlanned else { return false }
        isFlushPlanned = true
        return true
    }

    /// The socket can't take anything now: the next output, or the socket's readiness, plans the flush again.
    mutating func postponeFlush() { isFlushPlanned = false }

    /// Hands out the output and goes on with an empty buffer.
    mutating func takeOutput(replacement: consuming ByteBuffer) -> ByteBuffer {
        isFlushPlanned = false
        swap(&output, &replacement)
        return replacement
    }
}
