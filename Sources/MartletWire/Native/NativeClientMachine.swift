package import MartletCore
package import NIOCore

/// The client's side of one connection.
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
/// GoAway ends sending in either of the middle states; what is open goes on.
package struct NativeClientMachine: ~Copyable {
    private enum State {
        case idle
        case awaitingHello
        indirect case open(HelloInfo)
        case failed
    }

    private var state = State.idle
    private var hasGoAway = false
    /// The highest stream id used.
    private var lastStream: UInt32 = 0
    private let limits: WireLimits
    private let implementation: NativeImplementation

    /// Requests sent whose response hasn't come.
    package private(set) var openStreams = 0
    /// Bytes that `next` needs, beyond those in `input`, to go on. Reserve memory only as bytes arrive: a peer may
    /// announce a large frame and never send it.
    package private(set) var bytesNeeded = FrameHeader.byteCount

    package init(limits: WireLimits = WireLimits(), implementation: NativeImplementation) {
        limits.validate()
        self.limits = limits
        self.implementation = implementation
    }

    /// The server's Hello, once it has come and while the connection hasn't failed.
    package var peer: HelloInfo? {
        if case .open(let hello) = state { hello } else { nil }
    }

    /// Writes our Hello: once, before anything else.
    package mutating func start(into output: inout ByteBuffer) {
        guard case .idle = state else { preconditionFailure("a connection is started twice") }
        state = .awaitingHello
        output.writeFrame(.hello, stream: 0, HelloInfo(limits: limits, implementation: implementation).fields)
    }

    /// Sends a request. `write` puts exactly `payloadSize` bytes at the place it is given.
    ///
    /// - Parameters:
    ///   - timeoutNanoseconds: How long the server may take; nil without end. Zero or less is sent as 1.
    ///   - metadata: Must be valid (`Metadata.validate`): the server refuses other.
    package mutating func request(
        service: String, method: String, payloadSize: Int, timeoutNanoseconds: Int64?, metadata: borrowing Metadata,
        into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RequestOutcome {
        switch state {
        case .idle: preconditionFailure("a request is sent before start(into:)")
        case .failed: return .exhausted
        case .awaitingHello, .open: break
        }
        guard !hasGoAway, lastStream < .max else { return .exhausted }
        guard openStreams < peerLimits.maxConcurrentStreams else { return .notNow }

        let names = (service: service.utf8.count, method: method.utf8.count)
        let timeout = timeoutNanoseconds.map { UInt64(max(1, $0)) }
        var fields = FieldWriter()
        fields.metadata(RequestField.metadata, metadata)
        let length =
            FrameWriter.fieldSize(length: names.service) + FrameWriter.fieldSize(length: names.method)
            + (payloadSize == 0 ? 0 : FrameWriter.fieldSize(length: payloadSize))
            + (timeout.map { 1 + FrameWriter.varintSize($0) } ?? 0) + fields.bytes.count
        do throws(RPCError) {
            try peerLimits.check(metadata)
            try peerLimits.check("request", payloadSize: payloadSize, frameSize: length)
        } catch {
            // Before the Hello the limits are the initial ones, and may rise.
            if case .awaitingHello = state, error.code == .resourceExhausted { return .notNow }
            return .rejected(error)
        }

        // 1, 3, 5, …
        lastStream = lastStream == 0 ? 1 : lastStream + 2
        openStreams += 1
        output.writeFrame(FrameHeader(length: length, stream: lastStream, type: .request, flags: [])) { frame in
            frame.string(RequestField.service, service, byteCount: names.service)
            frame.string(RequestField.method, method, byteCount: names.method)
            if payloadSize > 0 {
                frame.fieldHeader(RequestField.payload, length: payloadSize)
                frame.payload(count: payloadSize, write)
            }
            if let timeout { frame.integer(RequestField.timeout, timeout) }
            frame.bytes(fields.bytes)
        }
        return .sent(stream: lastStream, isQueued: false)
    }

    /// Tells the server that nobody waits for a response any more. `code` is CANCELLED or DEADLINE_EXCEEDED.
    package mutating func cancel(stream: UInt32, code: StatusCode, into output: inout ByteBuffer) {
        precondition(stream % 2 == 1 && stream <= lastStream, "a stream is cancelled that was never opened")
        if case .failed = state { return }
        output.writeFrame(.cancel, stream: stream, Cancel(code: code).fields)
    }

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ClientWireEvent? {
        do throws(WireError) {
            while true {
                if case .failed = state {
                    input.moveReaderIndex(to: input.writerIndex)
                    return nil
                }
                guard let header = FrameHeader(peekingAt: input) else {
                    bytesNeeded = FrameHeader.byteCount - input.readableBytes
                    return nil
                }
                try check(header, input)
                guard let data = input.readFrameData(header) else {
                    bytesNeeded = FrameHeader.byteCount + header.length - input.readableBytes
                    return nil
                }
                if let event = try handle(header, data) { return event }
            }
        } catch {
            output.writeFrame(.goAway, stream: 0, GoAway(lastStream: 0, code: error.code, text: error.message).fields)
            state = .failed
            input.moveReaderIndex(to: input.writerIndex)
            return .failed(error)
        }
    }

    private var peerLimits: WireLimits {
        if case .open(let hello) = state { hello.limits } else { .initial }
    }

    /// Judges a frame by its header, before its data has come.
    private func check(_ header: FrameHeader, _ input: borrowing ByteBuffer) throws(WireError) {
        if case .open = state { return try header.checkLength(limit: limits.maxFrameBytes, stage: .established) }
        guard header.type == .hello || header.type == .goAway, header.stream == 0 else {
            let problem = "the server began with \(describeFirstBytes(input, header)) instead of a Hello"
            let advice = "the target must be a port that serves Martlet's native wire, without TLS"
            throw WireError(stage: .handshake, code: .failedPrecondition, message: "\(problem); \(advice)")
        }
        try header.checkLength(limit: WireLimits.initial.maxFrameBytes, stage: .handshake)
    }

    /// Acts on a whole frame. Nil: there is nothing to tell.
    private mutating func handle(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) -> ClientWireEvent? {
        switch header.type {
        case .response: return try handleResponse(header, data)
        case .hello:
            guard case .awaitingHello = state else { throw .violation("a second Hello") }
            let hello = try HelloInfo(header, data)
            state = .open(hello)
            return .established(hello)
        case .goAway:
            let goAway = try header.read(data, GoAway.init(_:))
            hasGoAway = true
            return .goAway(lastStream: goAway.lastStream, code: goAway.code, text: goAway.text)
        case .request, .cancel: throw .violation("\(header.name): only a client sends it")
        default: return nil
        }
    }

    private mutating func handleResponse(
        _ header: FrameHeader, _ data: ByteBuffer
    ) throws(WireError) -> ClientWireEvent {
        try header.checkFlags()
        guard header.hasClientStream, header.stream <= lastStream, openStreams > 0 else {
            throw .violation("\(header.name), which has no open call")
        }
        do throws(MalformedMessage) {
            let response = try WireResponse(
                stream: header.stream, frame: data, metadataLimit: limits.maxMetadataBytes)
            openStreams -= 1
            return .response(response)
        } catch {
            throw header.malformed(error)
        }
    }
}
