internal import MartletCore
internal import NIOCore

/// The client's side of a connection with a plain ttrpc server.
///
/// ```
/// One stream:
///              request              Response, Data[closed], cancel
///     ( unused ) ─────→ ( open ) ───────────────────────────────────→ ( gone )
/// ```
/// ttrpc has no cancel: a stream that is given up is gone here at once, and what the server still sends for it is
/// dropped. The server goes on with it until it has ended by itself.
struct TTRPCClientMachine: ~Copyable {
    private enum State {
        case idle
        /// Nothing has come from the server.
        case started
        case open
        case failed
    }

    private struct Stream {
        /// Whether the server may send Data.
        let isUnary: Bool
        var maySend: Bool
    }

    private var state = State.idle
    private var isEstablished = false
    private var isDraining = false
    /// The highest stream id used.
    private var lastStream: UInt32 = 0
    private var streams: [UInt32: Stream] = [:]
    private var input = TTRPCInput()
    /// What the last frame had to tell beside its event.
    private var pending: ClientWireEvent?
    private(set) var queue = FrameQueue()
    private let limits: WireLimits

    init(limits: WireLimits) {
        self.limits = limits
    }

    var bytesNeeded: Int { input.bytesNeeded }
    /// Requests that wait for their end; not those that were cancelled.
    var openStreams: Int { streams.count }

    // MARK: Requests

    mutating func start() {
        guard case .idle = state else { preconditionFailure("a connection is started twice") }
        state = .started
    }

    mutating func request(
        service: String, method: String, form: RequestForm, payloadSize: Int, timeoutNanoseconds: Int64?,
        metadata: borrowing Metadata, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RequestOutcome {
        switch state {
        case .idle: preconditionFailure("a request is sent before start(into:)")
        case .failed: return .exhausted
        case .started, .open: break
        }
        guard !isDraining, lastStream < .max else { return .exhausted }
        let envelope = RequestFrame(
            service: service, method: method, payloadSize: payloadSize, timeoutNanoseconds: timeoutNanoseconds,
            metadata: metadata)
        do throws(RPCError) { try TTRPC.checkFrame("request", size: envelope.size) } catch { return .rejected(error) }
        lastStream = lastStream == 0 ? 1 : lastStream + 2
        let flags: FrameFlags
        switch form {
        case .only(streamsResponses: false): flags = []
        case .only(streamsResponses: true): flags = .remoteClosed
        case .open: flags = .remoteOpen
        }
        streams[lastStream] = Stream(isUnary: flags.isEmpty, maySend: flags == .remoteOpen)
        output.writeFrame(FrameHeader(length: envelope.size, stream: lastStream, type: .request, flags: flags)) {
            envelope.write(into: &$0, payload: write)
        }
        return .sent(stream: lastStream, isQueued: false)
    }

    mutating func sendMessage(
        stream: UInt32, size: Int, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard streams[stream]?.maySend == true else { return .closed }
        do throws(RPCError) { try TTRPC.checkFrame("message", size: size) } catch { return .rejected(error) }
        return queue.send(stream: stream, size: size, into: &output, write: write)
    }

    /// In a frame of its own, since containerd's server takes no message with it.
    mutating func halfClose(stream: UInt32, into output: inout ByteBuffer) {
        guard streams[stream]?.maySend == true else { return }
        streams[stream]!.maySend = false
        var frame = ByteBuffer()
        frame.writeFrame(FrameHeader(length: 0, stream: stream, type: .data, flags: [.remoteClosed, .noData])) { _ in }
        if queue.contains(stream) {
            queue.append(end: frame, stream: stream)
        } else {
            output.writeImmutableBuffer(frame)
        }
    }

    mutating func cancel(stream: UInt32) {
        precondition(stream % 2 == 1 && stream <= lastStream, "a stream is cancelled that was never opened")
        close(stream)
    }

    /// No more requests are sent.
    mutating func drain() { isDraining = true }

    mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        _ = queue.pump(into: &output, &slices, room: room)
    }

    mutating func takeSent() -> [UInt32] { queue.takeSent() }

    // MARK: Input

    mutating func next(_ bytes: inout ByteBuffer) -> ClientWireEvent? {
        guard isEstablished else {
            isEstablished = true
            return .established(nil)
        }
        if let event = pending.take() { return event }
        while true {
            if case .failed = state {
                bytes.moveReaderIndex(to: bytes.writerIndex)
                return nil
            }
            if case .started = state, let error = problem(ofFirst: bytes) {
                state = .failed
                bytes.moveReaderIndex(to: bytes.writerIndex)
                return .failed(error)
            }
            guard let frame = input.next(&bytes) else { return nil }
            state = .open
            let event =
                switch frame {
                case .whole(let header, let data): handle(header, data)
                case .tooLarge(let header): breakOff(header.stream, .frameTooLarge(header))
                }
            if let event { return event }
        }
    }

    private func problem(ofFirst bytes: borrowing ByteBuffer) -> WireError? {
        guard let header = FrameHeader(peekingAt: bytes) else { return nil }
        if header.type == .response || header.type == .data, header.hasClientStream { return nil }
        return WireError(
            stage: .handshake, code: .failedPrecondition,
            message: """
                the server began with \(describeFirstBytes(bytes, header)) instead of ttrpc's Response or Data; the \
                target must be a port that serves plain ttrpc
                """)
    }

    /// Acts on a whole frame. Nil: nobody waits for it.
    private mutating func handle(_ header: FrameHeader, _ data: ByteBuffer) -> ClientWireEvent? {
        switch header.type {
        case .response: handleResponse(header, data)
        case .data: handleData(header, data)
        default: nil
        }
    }

    private mutating func handleResponse(_ header: FrameHeader, _ data: ByteBuffer) -> ClientWireEvent? {
        let stream = header.stream
        guard let isUnary = streams[stream]?.isUnary else { return nil }
        let response: WireResponse
        do throws(MalformedMessage) {
            let metadataLimit = limits.maxMetadataBytes
            let envelope = try data.readFields { (reader) throws(MalformedMessage) in
                try ResponseEnvelope(&reader, metadataLimit: metadataLimit)
            }
            response = WireResponse(stream: stream, data, envelope)
        } catch {
            return breakOff(stream, RPCError(.internalError, "\(header.name) is malformed: \(error)"))
        }
        guard case .success(let message) = response.result, message.bytes.readableBytes > 0 else {
            close(stream)
            return .response(response)
        }
        guard message.bytes.readableBytes <= limits.maxMessageBytes else {
            return breakOff(
                stream, .messageTooLarge(message.bytes.readableBytes, limit: limits.maxMessageBytes))
        }
        close(stream)
        if isUnary { return .response(response) }
        // The last message of the stream.
        pending = .response(.empty(stream))
        return .message(stream: stream, message)
    }

    private mutating func handleData(_ header: FrameHeader, _ data: ByteBuffer) -> ClientWireEvent? {
        let stream = header.stream
        guard let isUnary = streams[stream]?.isUnary else { return nil }
        if isUnary {
            return breakOff(stream, RPCError(.internalError, "\(header.name), whose call expects a Response only"))
        }
        let isLast = header.flags.contains(.remoteClosed)
        if header.flags.contains(.noData) {
            if !isLast { return nil }
            close(stream)
            return .response(.empty(stream))
        }
        guard data.readableBytes <= limits.maxMessageBytes else {
            return breakOff(stream, .messageTooLarge(data.readableBytes, limit: limits.maxMessageBytes))
        }
        if isLast {
            close(stream)
            pending = .response(.empty(stream))
        }
        return .message(stream: stream, WireMessage(bytes: data))
    }

    /// Ends a call whose frame can't be used, unless nobody waits for it.
    private mutating func breakOff(_ stream: UInt32, _ error: RPCError) -> ClientWireEvent? {
        guard streams[stream] != nil else { return nil }
        close(stream)
        return .failedStream(stream: stream, error)
    }

    private mutating func close(_ stream: UInt32) {
        guard streams.removeValue(forKey: stream) != nil else { return }
        queue.drop(stream)
    }
}

extension WireResponse {
    /// The end of a stream whose messages have come.
    fileprivate static func empty(_ stream: UInt32) -> WireResponse {
        WireResponse(stream: stream, result: .success(WireMessage(bytes: ByteBuffer())), trailingMetadata: [:])
    }
}
