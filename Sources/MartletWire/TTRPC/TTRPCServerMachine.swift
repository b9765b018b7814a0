internal import MartletCore
internal import NIOCore

/// The server's side of a connection with a plain ttrpc client. No frame ends it: what is wrong is answered on its
/// stream, as containerd's server does.
///
/// ```
/// One stream, of a Request with streaming flags (others have no state; they are answered or not):
///                 Request               Data[closed]                      respond, finish, fail
///     ( unused ) ─────────→ ( reading ) ────────────→ ( half-closed ) ─────────────────────────→ ( gone )
///                                │                          │ Data                                  ↑
///                                └─ Data over the limit, … ─┴─→ ( broken ) ──── fail ───────────────┘
/// ```
struct TTRPCServerMachine: ~Copyable {
    enum Reading {
        case open
        case halfClosed
        /// The client broke a rule: what it sends on is dropped.
        case broken
    }

    private var isEstablished = false
    private var isDraining = false
    /// The highest stream id that the client has used.
    private var lastStream: UInt32 = 0
    /// Those that aren't unary.
    var streams: [UInt32: Reading] = [:]
    private var input = TTRPCInput()
    /// What the last frame had to tell beside its event.
    private var pending: ServerWireEvent?
    var queue = FrameQueue()
    private let limits: WireLimits

    /// Requests handed out whose end isn't in the output yet.
    var openStreams = 0

    init(limits: WireLimits) {
        self.limits = limits
    }

    var bytesNeeded: Int { input.bytesNeeded }

    // MARK: Input

    mutating func next(_ bytes: inout ByteBuffer, output: inout ByteBuffer) -> ServerWireEvent? {
        guard isEstablished else {
            isEstablished = true
            return .established(nil)
        }
        if let event = pending.take() { return event }
        while let frame = input.next(&bytes) {
            let event =
                switch frame {
                case .whole(let header, let data): handle(header, data, &output)
                case .tooLarge(let header): handleTooLarge(header, &output)
                }
            if let event { return event }
        }
        return nil
    }

    /// Refuses later requests. The client isn't told: ttrpc has no word for it.
    mutating func drain() { isDraining = true }

    private mutating func handle(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) -> ServerWireEvent? {
        guard header.hasClientStream else { return refuseEven(header, &output) }
        return switch header.type {
        case .request: handleRequest(header, data, &output)
        case .data: handleData(header, data, &output)
        default: nil
        }
    }

    private mutating func handleTooLarge(_ header: FrameHeader, _ output: inout ByteBuffer) -> ServerWireEvent? {
        guard header.hasClientStream else { return refuseEven(header, &output) }
        switch header.type {
        case .request: return admit(header, &output) ?? refuse(header.stream, .frameTooLarge(header), &output)
        case .data:
            guard streams[header.stream] != nil else { return handleData(header, ByteBuffer(), &output) }
            return breakOff(header.stream, .frameTooLarge(header))
        default: return nil
        }
    }

    private mutating func handleRequest(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) -> ServerWireEvent {
        if let refusal = admit(header, &output) { return refusal }
        let stream = header.stream
        let isOpen = header.flags.contains(.remoteOpen)
        let envelope: RequestEnvelope
        do throws(MalformedMessage) {
            let metadataLimit = limits.maxMetadataBytes
            envelope = try data.readFields { (reader) throws(MalformedMessage) in
                try RequestEnvelope(&reader, metadataLimit: metadataLimit)
            }
        } catch {
            return refuse(stream, RPCError(.invalidArgument, "\(header.name) is malformed: \(error)"), &output)
        }
        guard envelope.timeout >= 0 else {
            // As clients send it that have waited too long for their turn.
            let problem = "the timeout of \(envelope.timeout) ns had passed before the request was sent"
            return refuse(stream, RPCError(.deadlineExceeded, problem), &output)
        }
        do throws(RPCError) {
            let request = try WireRequest(stream: stream, isHalfClosed: !isOpen, data, envelope)
            let payload = request.payload.readableBytes
            guard payload <= limits.maxMessageBytes else {
                return refuse(stream, .messageTooLarge(payload, limit: limits.maxMessageBytes), &output)
            }
            openStreams += 1
            if !header.flags.isDisjoint(with: .streaming) {
                streams[stream] = isOpen ? .open : .halfClosed
                if isOpen, payload > 0 { pending = .message(stream: stream, WireMessage(bytes: request.payload)) }
            }
            return .request(request)
        } catch {
            return refuse(stream, error, &output)
        }
    }

    /// The answer to a request that can't be taken, whatever is in it.
    private mutating func admit(_ header: FrameHeader, _ output: inout ByteBuffer) -> ServerWireEvent? {
        let stream = header.stream
        guard stream > lastStream else {
            return refuse(
                stream, RPCError(.invalidArgument, "stream id \(stream) doesn't rise: the last was \(lastStream)"),
                &output)
        }
        lastStream = stream
        if isDraining {
            return refuse(
                stream, RPCError(.unavailable, "the server is shutting down: retry on another connection"), &output)
        }
        guard openStreams < limits.maxConcurrentStreams else {
            let problem = "the connection has its \(limits.maxConcurrentStreams) open calls: retry when one has ended"
            return refuse(stream, RPCError(.unavailable, problem), &output)
        }
        return nil
    }

    private mutating func handleData(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) -> ServerWireEvent? {
        let stream = header.stream
        guard let reading = streams[stream] else {
            // It crossed the end of its stream, or follows a unary Request: neither has an effect.
            if stream <= lastStream { return nil }
            return refuse(stream, RPCError(.invalidArgument, "\(header.name), which no Request opened"), &output)
        }
        switch reading {
        case .broken: return nil
        case .halfClosed:
            return breakOff(stream, RPCError(.invalidArgument, "\(header.name), which the client had closed"))
        case .open: break
        }
        let isLast = header.flags.contains(.remoteClosed)
        if isLast { streams[stream] = .halfClosed }
        if header.flags.contains(.noData) {
            return isLast ? .halfClosed(stream: stream) : nil
        }
        guard data.readableBytes <= limits.maxMessageBytes else {
            return breakOff(stream, .messageTooLarge(data.readableBytes, limit: limits.maxMessageBytes))
        }
        if isLast { pending = .halfClosed(stream: stream) }
        return .message(stream: stream, WireMessage(bytes: data))
    }

    private mutating func breakOff(_ stream: UInt32, _ error: RPCError) -> ServerWireEvent {
        streams[stream] = .broken
        return .failedStream(stream: stream, error)
    }

    private func refuseEven(_ header: FrameHeader, _ output: inout ByteBuffer) -> ServerWireEvent {
        let problem = "stream id \(header.stream) is even: a client's are odd"
        return refuse(header.stream, RPCError(.invalidArgument, problem), &output)
    }

    private func refuse(_ stream: UInt32, _ error: RPCError, _ output: inout ByteBuffer) -> ServerWireEvent {
        output.writeError(error, stream: stream)
        return .refused(stream: stream, error)
    }
}
