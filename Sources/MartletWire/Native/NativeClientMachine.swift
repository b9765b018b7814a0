internal import MartletCore
internal import NIOCore

/// The client's side of one connection on the native wire.
///
/// ```
///               start                    Hello               a wrong frame
///     ( idle ) ──────→ ( awaitingHello ) ─────→ ( open ) ─────────────────────→ ( failed )
///                             │                                                     ↑
///                             └───────── anything but a usable Hello or GoAway ─────┘
///
/// One stream:
///                  request                Response
///     ( unused ) ──────────→ ( open ) ─────────────────→ ( answered )
/// ```
/// `cancel` changes no state: a cancelled stream is open until its Response comes, so that both sides count alike.
/// GoAway ends sending requests in either of the middle states; what is open goes on.
///
/// Only streams that have more messages than one each way, or a message that doesn't fit, have an entry in the table.
/// There are never more entries than open streams, so that a server can't make up any.
struct NativeClientMachine: ~Copyable {
    enum State {
        case idle
        case awaitingHello
        case open
        case failed
    }

    var state = State.idle
    var takesNoRequests = false
    var connection: NativeConnection
    let implementation: NativeImplementation

    /// Requests sent whose response hasn't come.
    var openStreams = 0
    var bytesNeeded = FrameHeader.byteCount

    init(limits: WireLimits, implementation: NativeImplementation, blocks: SpareBlocks) {
        connection = NativeConnection(limits: limits, blocks: blocks)
        self.implementation = implementation
    }

    var peer: HelloInfo? { state == .open ? connection.peer : nil }

    mutating func start(into output: inout ByteBuffer) {
        guard state == .idle else { preconditionFailure("a connection is started twice") }
        state = .awaitingHello
        connection.writeHello(implementation, into: &output)
    }

    // MARK: Requests

    mutating func request(
        service: String, method: String, form: RequestForm, payloadSize: Int, isCompressed: Bool, ready: ByteBuffer?,
        timeoutNanoseconds: Int64?, metadata: borrowing Metadata, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> RequestOutcome {
        precondition(state != .idle, "a request is sent before start(into:)")
        let lastStream = connection.lastStream
        guard state != .failed, !takesNoRequests, lastStream < .max else { return .exhausted }
        guard openStreams < connection.peerLimits.maxConcurrentStreams else { return .notNow }

        var frame = RequestFrame(
            service: service, method: method, payloadSize: payloadSize, timeoutNanoseconds: timeoutNanoseconds,
            metadata: metadata)
        do throws(RPCError) {
            try connection.peerLimits.check(metadata)
            try connection.peerLimits.check("request", size: payloadSize)
            try connection.peerLimits.check("request", frameSize: frame.sizeWithoutPayload)
        } catch {
            // Before the Hello the limits are the initial ones, and may rise.
            return state == .awaitingHello ? .notNow : .rejected(error)
        }

        // 1, 3, 5, …
        let stream = lastStream == 0 ? 1 : lastStream + 2
        connection.lastStream = stream
        openStreams += 1
        connection.budget.earn()
        if case .only(let streamsResponses) = form {
            if connection.outbox.pay(envelope: frame.size, message: payloadSize, of: nil, output) {
                var flags: FrameFlags = streamsResponses ? .remoteClosed : []
                if isCompressed { flags.insert(.compressed) }
                let header = FrameHeader(length: frame.size, stream: stream, type: .request, flags: flags)
                output.writeFrame(header) { frame.write(into: &$0, payload: write) }
                return .sent(stream: stream, isQueued: false)
            }
        }
        frame.payloadSize = 0
        let header = FrameHeader(length: frame.size, stream: stream, type: .request, flags: .remoteOpen)
        output.writeFrame(header) { frame.write(into: &$0) { _ in } }
        let entry = connection.add(stream)
        if case .open = form { return .sent(stream: stream, isQueued: false) }
        entry.sending.end = .halfClose
        entry.sending.isClosed = true
        let isSent = connection.outbox.send(
            on: entry, size: payloadSize, isCompressed: isCompressed, ready: ready, into: &output, write: write)
        return .sent(stream: stream, isQueued: !isSent)
    }

    mutating func sendMessage(
        stream id: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer?, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard let stream = connection.stream(id), !stream.sending.isClosed else { return .closed }
        // Before the Hello the limit isn't known; the server refuses what is over it.
        if state == .open {
            do throws(RPCError) {
                try connection.peerLimits.check("request", size: size)
            } catch {
                return .rejected(error)
            }
        }
        connection.budget.earn()
        let isSent = connection.outbox.send(
            on: stream, size: size, isCompressed: isCompressed, ready: ready, into: &output, write: write)
        return isSent ? .sent : .queued
    }

    mutating func halfClose(stream id: UInt32, into output: inout ByteBuffer) {
        guard let stream = connection.stream(id), !stream.sending.isClosed else { return }
        stream.sending.isClosed = true
        if stream.sending.queued != nil {
            stream.sending.end = .halfClose
        } else {
            output.writeFrame(
                FrameHeader(length: 0, stream: id, type: .data, flags: [.remoteClosed, .noData])
            ) { _ in }
        }
    }

    mutating func cancel(stream id: UInt32, code: StatusCode, into output: inout ByteBuffer) {
        precondition(id % 2 == 1 && id <= connection.lastStream, "a stream is cancelled that was never opened")
        if state == .failed { return }
        if let stream = connection.stream(id) ?? addEntry(id) { drop(stream) }
        output.writeFrame(.cancel, stream: id, Cancel(code: code).fields)
    }

    /// An entry for a stream that had none; nil if all open streams have one, so that this one isn't open.
    mutating func addEntry(_ stream: UInt32) -> NativeStream? {
        connection.streams.count < openStreams ? connection.add(stream) : nil
    }

    /// Sends nothing more on a stream and takes only its Response.
    mutating func drop(_ stream: NativeStream) {
        connection.outbox.drop(stream)
        connection.inbox.drop(stream)
    }

    // MARK: What is queued

    mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        let end = output.readableBytes + room
        while output.readableBytes < end, !slices.isFull {
            switch connection.turn(into: &output, &slices) {
            case .none: return
            case .part: break
            case .message(let stream): connection.noteSent(stream)
            }
        }
    }

    // MARK: The connection

    mutating func ping(_ opaque: UInt64, into output: inout ByteBuffer) -> Bool {
        guard state == .open else { return false }
        output.writePing(opaque, flags: [])
        return true
    }

    mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        if state == .failed { return }
        takesNoRequests = true
        output.writeFrame(.goAway, stream: 0, GoAway(lastStream: 0, code: code, text: text).fields)
    }

    mutating func fail(_ error: WireError, _ output: inout ByteBuffer) {
        goAway(code: error.code, text: error.message, into: &output)
        state = .failed
        connection.removeAll()
    }
}
