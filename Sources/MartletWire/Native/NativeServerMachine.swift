package import MartletCore
package import NIOCore

/// The server's side of one connection.
///
/// ```
///                         Hello                     a wrong frame
///     ( awaitingHello ) ─────────────→ ( open ) ─────────────────────→ ( failed )
///             │                                                            ↑
///             └──────────────── anything but a usable Hello ───────────────┘
///
/// One stream:
///                 Request                respond, fail
///     ( unused ) ──────────→ ( open ) ───────────────────→ ( answered )
///          │                                                     ↑
///          └── Request that is refused: too many, draining, … ───┘
/// ```
/// Cancel changes no state: a cancelled stream is open until it is answered. `goAway` starts draining in
/// either of the first two states: later requests are refused.
package struct NativeServerMachine: ~Copyable {
    private enum State {
        case awaitingHello
        indirect case open(HelloInfo)
        case failed
    }

    private var state = State.awaitingHello
    private var isDraining = false
    /// The highest stream id that the client has used.
    private var lastStream: UInt32 = 0
    private let limits: WireLimits
    private let implementation: NativeImplementation

    /// Requests that have been handed out and not been answered.
    package private(set) var openStreams = 0
    /// Bytes that `next` needs, beyond those in `input`, to go on. Reserve memory only as bytes arrive: a peer may
    /// announce a large frame and never send it.
    package private(set) var bytesNeeded = FrameHeader.byteCount

    package init(limits: WireLimits = WireLimits(), implementation: NativeImplementation) {
        limits.validate()
        self.limits = limits
        self.implementation = implementation
    }

    /// The client's Hello, once it has come and while the connection hasn't failed.
    package var peer: HelloInfo? {
        if case .open(let hello) = state { hello } else { nil }
    }

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ServerWireEvent? {
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
                if let event = try handle(header, data, &output) { return event }
            }
        } catch {
            goAway(code: error.code, text: error.message, into: &output)
            state = .failed
            input.moveReaderIndex(to: input.writerIndex)
            return .failed(error)
        }
    }

    /// Answers a request. `write` puts exactly `payloadSize` bytes at the place it is given.
    ///
    /// A response that is over a limit of the client is replaced by RESOURCE_EXHAUSTED, and that error returned.
    /// Writes nothing once the connection has failed.
    @discardableResult
    package mutating func respond(
        stream: UInt32, payloadSize: Int, trailers: borrowing Metadata, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        guard closeStream() else { return nil }
        let payloadFieldSize = payloadSize == 0 ? 0 : FrameWriter.fieldSize(length: payloadSize)
        var fields = FieldWriter()
        fields.metadata(ResponseField.metadata, trailers)
        let length = payloadFieldSize + fields.bytes.count
        do throws(RPCError) {
            try peerLimits.check(trailers)
            try peerLimits.check("response", payloadSize: payloadSize, frameSize: length)
        } catch {
            writeError(error, stream: stream, into: &output)
            return error
        }
        output.writeFrame(FrameHeader(length: length, stream: stream, type: .response, flags: [])) { frame in
            if payloadSize > 0 {
                frame.fieldHeader(ResponseField.payload, length: payloadSize)
                frame.payload(count: payloadSize, write)
            }
            frame.bytes(fields.bytes)
        }
        return nil
    }

    /// Answers a request with an error, its details and its metadata. `isSafeToRetry` goes along: set it only
    /// where no handler has seen the request. Writes nothing once the connection has failed.
    package mutating func fail(stream: UInt32, _ error: RPCError, into output: inout ByteBuffer) {
        guard closeStream() else { return }
        writeError(error, stream: stream, into: &output)
    }

    /// Begins to drain: requests that came before are still answered, later ones are refused, safe to retry.
    /// A code other than OK says that the connection closes at once.
    package mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        if case .failed = state { return }
        isDraining = true
        output.writeFrame(.goAway, stream: 0, GoAway(lastStream: lastStream, code: code, text: text).fields)
    }

    private var peerLimits: WireLimits {
        if case .open(let hello) = state { hello.limits } else { .initial }
    }

    /// False if the connection has failed, so that nobody is there to answer.
    private mutating func closeStream() -> Bool {
        precondition(openStreams > 0, "a stream is answered that isn't open")
        openStreams -= 1
        if case .failed = state { return false }
        return true
    }

    private func writeError(_ error: RPCError, stream: UInt32, into output: inout ByteBuffer) {
        output.writeFrame(.response, stream: stream, WireResponse.fields(of: error, limits: peerLimits))
    }

    // MARK: Frames

    /// Judges a frame by its header, before its data has come.
    private func check(_ header: FrameHeader, _ input: borrowing ByteBuffer) throws(WireError) {
        guard case .awaitingHello = state else {
            return try header.checkLength(limit: limits.maxFrameBytes, stage: .established)
        }
        guard header.type == .hello, header.stream == 0 else {
            let problem = "the connection began with \(describeFirstBytes(input, header))"
            let advice =
                "this port takes Martlet's native wire and plain ttrpc, without TLS: connect with a Martlet client"
            throw WireError(stage: .handshake, code: .failedPrecondition, message: "\(problem); \(advice)")
        }
        try header.checkLength(limit: WireLimits.initial.maxFrameBytes, stage: .handshake)
    }

    /// Acts on a whole frame. Nil: there is nothing to tell.
    private mutating func handle(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent? {
        switch header.type {
        case .request: return try handleRequest(header, data, &output)
        case .hello: return try handleHello(header, data, &output)
        case .cancel: return try handleCancel(header, data)
        case .goAway:
            let goAway = try header.read(data, GoAway.init(_:))
            return .goAway(code: goAway.code, text: goAway.text)
        case .response: throw .violation("\(header.name): only a server sends it")
        default: return nil
        }
    }

    private mutating func handleHello(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent {
        guard case .awaitingHello = state else { throw .violation("a second Hello") }
        let hello = try HelloInfo(header, data)
        state = .open(hello)
        output.writeFrame(.hello, stream: 0, HelloInfo(limits: limits, implementation: implementation).fields)
        return .established(hello)
    }

    private mutating func handleRequest(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent {
        try header.checkFlags(allowed: .streaming)
        let stream = header.stream
        guard header.hasClientStream else {
            let problem = "stream id \(stream) is even: a client's are odd"
            return refuse(stream, RPCError(.invalidArgument, problem), &output)
        }
        guard stream > lastStream else {
            let problem = "stream id \(stream) doesn't rise: the last was \(lastStream)"
            return refuse(stream, RPCError(.invalidArgument, problem), &output)
        }
        lastStream = stream
        if isDraining {
            return refuseSafely(
                stream, .unavailable, "the server is shutting down: retry on another connection", &output)
        }
        guard openStreams < limits.maxConcurrentStreams else {
            let problem = "the connection has its \(limits.maxConcurrentStreams) open calls: retry when one has ended"
            return refuseSafely(stream, .unavailable, problem, &output)
        }
        guard header.flags.isEmpty else {
            return refuseSafely(stream, .unimplemented, "version 1 has only unary calls", &output)
        }
        do throws(WireRequest.Problem) {
            let request = try WireRequest(stream: stream, frame: data, metadataLimit: limits.maxMetadataBytes)
            openStreams += 1
            return .request(request)
        } catch {
            switch error {
            case .malformed(let error): throw header.malformed(error)
            case .expired(let timeout):
                let problem = "the timeout of \(timeout) ns is negative; leave it out for none"
                return refuseSafely(stream, .invalidArgument, problem, &output)
            case .refused(let error): return refuseSafely(stream, error.code, error.message, &output)
            }
        }
    }

    private func handleCancel(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) -> ServerWireEvent {
        let cancel = try header.read(data, Cancel.init(_:))
        guard header.hasClientStream, header.stream <= lastStream else {
            throw .violation("\(header.name), which the client never opened")
        }
        return .cancel(stream: header.stream, code: cancel.code)
    }

    private func refuse(_ stream: UInt32, _ error: RPCError, _ output: inout ByteBuffer) -> ServerWireEvent {
        writeError(error, stream: stream, into: &output)
        return .refused(stream: stream, error)
    }

    /// Answers the only request on this stream, which no handler will see.
    private func refuseSafely(
        _ stream: UInt32, _ code: StatusCode, _ problem: String, _ output: inout ByteBuffer
    ) -> ServerWireEvent {
        refuse(stream, RPCError(code, problem, isSafeToRetry: true), &output)
    }
}
