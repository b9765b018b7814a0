internal import MartletCore
internal import NIOCore

/// The server's side of one connection on the native wire.
///
/// ```
///                         Hello                     a wrong frame
///     ( awaitingHello ) ─────────────→ ( open ) ─────────────────────→ ( failed )
///             │                                                            ↑
///             └──────────────── anything but a usable Hello ───────────────┘
///
/// One stream:
///                 Request                 respond, finish: after what is queued; fail: at once
///     ( unused ) ──────────→ ( open ) ──────────────────────────────────────────────────────→ ( answered )
///          │                                                                                       ↑
///          └── Request that is refused: too many, draining, … ─────────────────────────────────────┘
/// ```
/// Cancel changes no state, but drops an answer that is queued: a cancelled stream is open until it is answered.
/// `goAway` starts draining in either of the first two states: later requests are refused.
///
/// Only streams that have more messages than one each way, or a message that doesn't fit, have an entry in the table.
struct NativeServerMachine: ~Copyable {
    enum State {
        case awaitingHello
        case open
        case failed
    }

    var state = State.awaitingHello
    var isDraining = false
    var connection: NativeConnection
    /// The client has half-closed this stream, whose last message was the event before.
    var halfClosed: NativeStream?
    let implementation: NativeImplementation

    /// Requests that have been handed out and whose Response isn't written.
    var openStreams = 0
    var bytesNeeded = FrameHeader.byteCount

    init(limits: WireLimits, implementation: NativeImplementation, blocks: SpareBlocks) {
        connection = NativeConnection(limits: limits, blocks: blocks)
        self.implementation = implementation
    }

    var peer: HelloInfo? { state == .open ? connection.peer : nil }

    // MARK: Answers

    mutating func sendInitialMetadata(
        stream: UInt32, _ metadata: borrowing Metadata, into output: inout ByteBuffer
    ) -> RPCError? {
        guard state == .open else { return nil }
        precondition(
            connection.stream(stream)?.sending.hasMessage != true, "initial metadata is sent after the first message")
        var fields = FieldWriter()
        fields.metadata(1, metadata)
        do throws(RPCError) {
            try connection.peerLimits.check(metadata)
            try connection.peerLimits.check("initial metadata", frameSize: fields.bytes.count)
        } catch {
            return error
        }
        output.writeFrame(.metadata, stream: stream, fields)
        return nil
    }

    mutating func sendMessage(
        stream id: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer?, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard state == .open else { return .closed }
        let stream = connection.stream(id) ?? connection.add(id)
        if stream.sending.isClosed { return .closed }
        do throws(RPCError) {
            try connection.peerLimits.check("message", size: size)
        } catch {
            return .rejected(error)
        }
        connection.budget.earn()
        let isSent = connection.outbox.send(
            on: stream, size: size, isCompressed: isCompressed, ready: ready, into: &output, write: write)
        return isSent ? .sent : .queued
    }

    mutating func respond(
        stream id: UInt32, payloadSize: Int, isCompressed: Bool, ready: ByteBuffer?, trailers: borrowing Metadata,
        into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        let stream = connection.stream(id)
        precondition(stream?.sending.queued == nil, "a response is sent while the stream's last message is queued")
        guard isOpen(stream) else { return nil }
        let payloadFieldSize = payloadSize == 0 ? 0 : FrameWriter.fieldSize(length: payloadSize)
        var fields = FieldWriter()
        fields.metadata(ResponseField.metadata, trailers)
        do throws(RPCError) {
            try connection.peerLimits.check(trailers)
            try connection.peerLimits.check("response", size: payloadSize)
            try connection.peerLimits.check("response", frameSize: fields.bytes.count)
        } catch {
            fail(stream: id, error, into: &output)
            return error
        }
        connection.budget.earn()
        let length = payloadFieldSize + fields.bytes.count
        guard connection.outbox.pay(envelope: length, message: payloadSize, of: stream, output) else {
            let stream = stream ?? connection.add(id)
            let isSent = connection.outbox.send(
                on: stream, size: payloadSize, isCompressed: isCompressed, ready: ready, into: &output, write: write)
            end(stream, fields, isQueued: !isSent, &output)
            return nil
        }
        let flags: FrameFlags = isCompressed ? .compressed : []
        output.writeFrame(FrameHeader(length: length, stream: id, type: .response, flags: flags)) { frame in
            if payloadSize > 0 {
                frame.fieldHeader(ResponseField.payload, length: payloadSize)
                frame.payload(count: payloadSize, write)
            }
            frame.bytes(fields.bytes)
        }
        close(stream)
        return nil
    }

    mutating func finish(
        stream id: UInt32, trailers: borrowing Metadata, into output: inout ByteBuffer
    ) -> RPCError? {
        let stream = connection.stream(id)
        guard isOpen(stream) else { return nil }
        var fields = FieldWriter()
        fields.metadata(ResponseField.metadata, trailers)
        do throws(RPCError) {
            try connection.peerLimits.check(trailers)
            try connection.peerLimits.check("response", frameSize: fields.bytes.count)
        } catch {
            fail(stream: id, error, into: &output)
            return error
        }
        if let stream {
            end(stream, fields, isQueued: stream.sending.queued != nil, &output)
        } else {
            output.writeFrame(.response, stream: id, fields)
            close(nil)
        }
        return nil
    }

    mutating func fail(stream id: UInt32, _ error: RPCError, into output: inout ByteBuffer) {
        let stream = connection.stream(id)
        guard isOpen(stream) else { return }
        writeError(error, stream: id, into: &output)
        close(stream)
    }

    /// False if the connection has failed, so that nobody is there to answer: the stream is forgotten.
    private mutating func isOpen(_ stream: NativeStream?) -> Bool {
        precondition(openStreams > 0 && stream?.sending.isClosed != true, "a stream is answered that isn't open")
        if state == .open { return true }
        close(stream)
        return false
    }

    /// Ends a stream with success, now or after the queued message.
    private mutating func end(
        _ stream: NativeStream, _ fields: FieldWriter, isQueued: Bool, _ output: inout ByteBuffer
    ) {
        guard !isQueued else {
            stream.sending.isClosed = true
            stream.sending.end = .response(fields)
            return
        }
        output.writeFrame(.response, stream: stream.id, fields)
        close(stream)
    }

    private mutating func close(_ stream: NativeStream?) {
        openStreams -= 1
        if let stream { connection.remove(stream) }
    }

    func writeError(_ error: RPCError, stream: UInt32, into output: inout ByteBuffer) {
        output.writeFrame(.response, stream: stream, WireResponse.fields(of: error, limits: connection.peerLimits))
    }

    // MARK: What is queued

    mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        let end = output.readableBytes + room
        while output.readableBytes < end, !slices.isFull {
            switch connection.turn(into: &output, &slices) {
            case .none: return
            case .part: break
            case .message(let stream):
                guard case .response(let fields) = stream.sending.end else {
                    connection.noteSent(stream)
                    continue
                }
                self.end(stream, fields, isQueued: false, &output)
            }
        }
    }

    /// The client doesn't want the answer that is queued, and gives no more credit for it.
    mutating func dropQueuedAnswer(_ stream: NativeStream, _ code: StatusCode, _ output: inout ByteBuffer) {
        guard case .response = stream.sending.end else { return }
        writeError(RPCError(code, "the client no longer waits for the call"), stream: stream.id, into: &output)
        close(stream)
    }

    // MARK: The connection

    mutating func ping(_ opaque: UInt64, into output: inout ByteBuffer) -> Bool {
        guard state == .open else { return false }
        output.writePing(opaque, flags: [])
        return true
    }

    mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        if state == .failed { return }
        isDraining = true
        let goAway = GoAway(lastStream: connection.lastStream, code: code, text: text)
        output.writeFrame(.goAway, stream: 0, goAway.fields)
    }

    mutating func fail(_ error: WireError, _ output: inout ByteBuffer) {
        goAway(code: error.code, text: error.message, into: &output)
        state = .failed
        halfClosed = nil
        openStreams -= connection.streams.entries.count { $0.value.sending.end != nil }
        connection.removeAll()
    }
}
