package import MartletCore
package import NIOCore

package enum ServerWireEvent {
    /// The wire is known, and what must be said first is in `output`. The Hello is the client's, nil on other wires than
    /// the native one.
    /// Always the first event but `failed`.
    indirect case established(HelloInfo?)
    /// Must be ended with exactly one `respond`, `finish` or `fail`, cancelled or not.
    case request(WireRequest)
    /// A whole HTTP request that is no call of gRPC. Must be answered with exactly one `respond` that has an HTTP response,
    /// or begun as a call, cancelled or not.
    indirect case httpRequest(stream: UInt32, HTTPRequest)
    /// A message of a stream whose request came without `isHalfClosed`. Call `consumed` when the application has it.
    case message(stream: UInt32, WireMessage)
    /// Several at once.
    case messages(stream: UInt32, MessageRun)
    /// The client sends no more messages on the stream.
    case halfClosed(stream: UInt32)
    /// The client no longer waits; its reason is CANCELLED or DEADLINE_EXCEEDED. To be ignored where the stream has
    /// been answered.
    case cancel(stream: UInt32, code: StatusCode)
    /// The client broke a rule of one stream, or a message was over our limit: no more messages of it come. `fail` the
    /// stream with this error.
    case failedStream(stream: UInt32, RPCError)
    /// The client sends no more requests. With a code other than OK it closes at once.
    case goAway(code: StatusCode, text: String)
    /// A request that no handler may see; its answer is already in `output`.
    case refused(stream: UInt32, RPCError)
    /// Our ping came back.
    case pong(UInt64)
    /// The connection is over, and `output` tells the client why. Flush and close; the wire takes no more input.
    case failed(WireError)
}

/// The server's side of one connection, whatever wire the client speaks: bytes and commands in, bytes and events out.
package struct ServerWire: ~Copyable {
    private enum Kind {
        case native
        case ttrpc
        case http1
    }

    /// Behind a reference, since a kilobyte would be copied whenever the wire is asked for something.
    /// Nil once the client has begun with HTTP/2's preface.
    private var machines: Machines!
    /// Made then.
    private var grpc: GRPCServerMachine?
    private var httpCalls = HTTPCalls()
    private final class Machines {
        var native: NativeServerMachine
        var ttrpc: TTRPCServerMachine
        var http1: HTTP1ServerMachine

        init(
            native: consuming NativeServerMachine, ttrpc: consuming TTRPCServerMachine,
            http1: consuming HTTP1ServerMachine
        ) {
            self.native = native
            self.ttrpc = ttrpc
            self.http1 = http1
        }
    }

    /// What the client's first bytes are, but for HTTP/2; the native machine takes those that are none of the others'.
    private var kind = Kind.native
    private var isWireKnown = false
    private let limits: WireLimits
    private let blocks: SpareBlocks

    package init(
        limits: WireLimits = WireLimits(), implementation: NativeImplementation,
        blocks: SpareBlocks = SpareBlocks()
    ) {
        self.limits = limits
        self.blocks = blocks
        machines = Machines(
            native: NativeServerMachine(limits: limits, implementation: implementation, blocks: blocks),
            ttrpc: TTRPCServerMachine(limits: limits), http1: HTTP1ServerMachine(limits: limits))
    }

    // MARK: State

    /// The client's Hello, once it has come and while the connection hasn't failed.
    package var peer: HelloInfo? { machines?.native.peer }

    /// Requests handed out whose end isn't in the output yet.
    package var openStreams: Int {
        if let grpc { return grpc.openStreams }
        return switch kind {
        case .native: machines.native.openStreams
        case .ttrpc: machines.ttrpc.openStreams
        case .http1: machines.http1.openStreams
        }
    }

    /// Bytes that `next` needs, beyond those in `input`, to go on. Reserve memory only as bytes arrive: a peer may
    /// announce a large frame and never send it.
    package var bytesNeeded: Int {
        if grpc != nil { return 1 }
        return switch kind {
        case .native: machines.native.bytesNeeded
        case .ttrpc: machines.ttrpc.bytesNeeded
        case .http1: machines.http1.bytesNeeded
        }
    }

    /// Whether the bytes of a request that isn't whole are in the machine, and not in the input.
    package var isReceiving: Bool { kind == .http1 && machines.http1.isReceiving }

    /// Whether no further request is taken before the open one is answered.
    package var isAnswering: Bool { kind == .http1 && machines.http1.isAnswering }

    /// Whether the client is told that its last request is answered: close the connection once the output is flushed.
    package var hasAnsweredLast: Bool { kind == .http1 && machines.http1.isOver }

    /// Whether the client speaks HTTP/1.1 or 1.0.
    package var isHTTP1: Bool { kind == .http1 }

    /// Whether a new frame has begun, which has its own time to come in.
    ///
    /// - Parameter hasTaken: Whether bytes were taken since this was last asked.
    package mutating func hasBegunFrame(hasTaken: Bool) -> Bool {
        kind == .http1 ? machines.http1.takeProgress() : hasTaken
    }

    /// Whether `next` has something to tell without more input.
    package var hasEvents: Bool { grpc?.hasEvents ?? false }

    /// Identifies a header block that has begun to come and isn't complete, where the input doesn't tell.
    package var unfinishedHeaders: Int? { grpc?.unfinishedBlock }

    /// Whether receivers bound what senders send, so that `consumed` matters.
    package var hasFlowControl: Bool { kind == .native }

    /// Whether the client is told ahead of a stream's messages what they may be compressed with; else that is agreed on for
    /// the connection.
    package var announcesCompression: Bool { grpc != nil }

    /// The client's pings so far; all are answered.
    package var clientPings: Int { grpc?.clientPings ?? machines.native.connection.pingsAnswered }

    // MARK: Input

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ServerWireEvent? {
        if !isWireKnown { recognise(input) }
        if let grpc { return grpc.next(&input) }
        switch kind {
        case .native: return machines.native.next(&input, output: &output)
        case .ttrpc: return machines.ttrpc.next(&input, output: &output)
        case .http1: return machines.http1.next(&input, output: &output)
        }
    }

    private mutating func recognise(_ input: borrowing ByteBuffer) {
        if HTTP1ServerMachine.recognises(input) {
            kind = .http1
        } else if let header = FrameHeader(peekingAt: input) {
            if isHTTP2Preface(input) {
                grpc = GRPCServerMachine(limits: limits, blocks: blocks)
                machines = nil
            }
            if header.isPlainTTRPC, header.type == .request { kind = .ttrpc }
        } else {
            return
        }
        isWireKnown = true
    }

    /// The application took messages of so many bytes together, in order. Those in a `request` don't count.
    package mutating func consumed(stream: UInt32, bytes: Int, messages: Int = 1, into output: inout ByteBuffer) {
        if let grpc { return grpc.consumed(stream: stream, bytes: bytes, messages: messages) }
        if kind != .native { return }
        machines.native.connection.consumed(stream: stream, bytes: bytes, messages: messages, into: &output)
    }

    /// Lets the client send frames without messages anew, of which it may send so many (1000) and not more. To be called
    /// when bytes come in and about a second has passed since it was called last.
    package mutating func tick() {
        if let grpc { return grpc.tick() }
        machines.native.connection.budget.refill()
    }

    // MARK: Answers

    /// Sends initial metadata: at most once, and before the stream's first message. An error: it is over a limit of the
    /// client, and nothing was written.
    ///
    /// - Parameter compression: What compressed messages of the stream are compressed with, where the wire announces it.
    package mutating func sendInitialMetadata(
        stream: UInt32, _ metadata: borrowing Metadata, compression: Compression? = nil, into output: inout ByteBuffer
    ) -> RPCError? {
        if let grpc, !httpCalls.contains(stream) {
            return grpc.sendInitialMetadata(stream: stream, metadata, compression: compression)
        }
        if kind == .native, grpc == nil {
            return machines.native.sendInitialMetadata(stream: stream, metadata, into: &output)
        }
        httpCalls.keep(initialMetadata: metadata, stream: stream)
        return nil
    }

    /// Sends a message of a stream of them. `write` puts exactly `size` bytes at the place it is given, before this
    /// returns, and `ready` has them if they are somewhere already. While one is queued no other may follow.
    package mutating func sendMessage(
        stream: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer? = nil, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        if let grpc {
            return grpc.sendMessage(stream: stream, size: size, isCompressed: isCompressed, ready: ready, write: write)
        }
        return switch kind {
        case .native:
            machines.native.sendMessage(
                stream: stream, size: size, isCompressed: isCompressed, ready: ready, into: &output, write: write)
        case .ttrpc: machines.ttrpc.sendMessage(stream: stream, size: size, into: &output, write: write)
        case .http1: .closed
        }
    }

    /// Ends a stream with its last (or only) message and success. `write` puts exactly `payloadSize` bytes at the place
    /// it is given, before this returns.
    ///
    /// A response that is over a limit of the client is replaced by RESOURCE_EXHAUSTED, and that error returned.
    /// Writes nothing once the connection has failed.
    @discardableResult
    package mutating func respond(
        stream: UInt32, payloadSize: Int, isCompressed: Bool = false, ready: ByteBuffer? = nil,
        trailers: borrowing Metadata, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        if let grpc {
            if endHTTPCall(stream, .success([UInt8](size: payloadSize, write)), trailers, &output) { return nil }
            return grpc.respond(
                stream: stream, size: payloadSize, isCompressed: isCompressed, ready: ready, trailers: trailers,
                write: write)
        }
        switch kind {
        case .native:
            return machines.native.respond(
                stream: stream, payloadSize: payloadSize, isCompressed: isCompressed, ready: ready, trailers: trailers,
                into: &output, write: write)
        case .ttrpc:
            return machines.ttrpc.respond(stream: stream, payloadSize: payloadSize, into: &output, write: write)
        case .http1:
            endHTTPCall(stream, .success([UInt8](size: payloadSize, write)), trailers, &output)
            return nil
        }
    }

    /// Ends a stream of messages with success, after what is queued. An error: the trailers are over a limit of the client, and
    /// RESOURCE_EXHAUSTED goes in their place.
    @discardableResult
    package mutating func finish(
        stream: UInt32, trailers: borrowing Metadata, into output: inout ByteBuffer
    ) -> RPCError? {
        if let grpc {
            if endHTTPCall(stream, .success([]), trailers, &output) { return nil }
            return grpc.finish(stream: stream, trailers: trailers)
        }
        switch kind {
        case .native: return machines.native.finish(stream: stream, trailers: trailers, into: &output)
        case .ttrpc: machines.ttrpc.finish(stream: stream, into: &output)
        case .http1: endHTTPCall(stream, .success([]), trailers, &output)
        }
        return nil
    }

    /// Ends a stream with an error, its details and its metadata; what is queued is dropped. `isSafeToRetry` goes along:
    /// set it only where no handler has seen the request. Writes nothing once the connection has failed.
    package mutating func fail(stream: UInt32, _ error: RPCError, into output: inout ByteBuffer) {
        if let grpc {
            if endHTTPCall(stream, .failure(error), error.metadata, &output) { return }
            return grpc.fail(stream: stream, error)
        }
        switch kind {
        case .native: machines.native.fail(stream: stream, error, into: &output)
        case .ttrpc: machines.ttrpc.fail(stream: stream, error, into: &output)
        case .http1: endHTTPCall(stream, .failure(error), error.metadata, &output)
        }
    }

    // MARK: HTTP

    /// Answers an HTTP request. A request of HEAD gets the length of the body and not the body. Writes nothing once the
    /// connection has failed.
    ///
    /// - Parameter response: Without fields that are the connection's own; its fields have no control characters.
    package mutating func respond(stream: UInt32, _ response: HTTPResponse, into output: inout ByteBuffer) {
        if let grpc { return grpc.respond(stream: stream, response) }
        if kind == .http1 { machines.http1.respond(stream: stream, response, into: &output) }
    }

    /// From now on an HTTP request is a call, which is ended like others; `answer` makes the response of it.
    package mutating func beginHTTPCall(stream: UInt32, _ answer: any HTTPCallAnswer) {
        httpCalls.begin(stream: stream, answer)
    }

    /// Forgets the calls, which refer to their connection: it is gone.
    package mutating func dropHTTPCalls() { httpCalls.removeAll() }

    /// False: the stream's call is none of HTTP's.
    @discardableResult
    private mutating func endHTTPCall(
        _ stream: UInt32, _ outcome: @autoclosure () -> Result<[UInt8], RPCError>, _ trailers: borrowing Metadata,
        _ output: inout ByteBuffer
    ) -> Bool {
        guard httpCalls.contains(stream),
            let response = httpCalls.end(stream: stream, outcome(), trailers: trailers)
        else { return false }
        respond(stream: stream, response, into: &output)
        return true
    }

    // MARK: What is queued

    /// Whether something waits for room, credit or its turn.
    package var hasQueued: Bool {
        if let grpc { return grpc.queuedBytes > 0 || grpc.awaitsLastRequests }
        return kind == .ttrpc ? !machines.ttrpc.queue.isEmpty : machines.native.connection.outbox.queuedMessages > 0
    }

    /// Message bytes that wait.
    package var queuedBytes: Int {
        grpc?.queuedBytes
            ?? (kind == .ttrpc ? machines.ttrpc.queue.bytes : machines.native.connection.outbox.queuedBytes)
    }

    /// Those of them that wait for the client to read from the connection, and not from their stream.
    package var readyBytes: Int {
        if let grpc { return grpc.isConnectionBlocked ? grpc.queuedBytes : 0 }
        return kind == .ttrpc ? machines.ttrpc.queue.bytes : machines.native.connection.outbox.readyBytes
    }

    /// Rises with message bytes that leave while others wait.
    package var sentBytes: Int {
        grpc?.sentBytes
            ?? (kind == .ttrpc ? machines.ttrpc.queue.sentBytes : machines.native.connection.outbox.sentBytes)
    }

    /// Whether `pump` would move something.
    package var canPump: Bool {
        grpc?.canPump ?? (kind == .ttrpc ? !machines.ttrpc.queue.isEmpty : machines.native.connection.outbox.canTurn)
    }

    /// Moves queued messages into `output`, stream by stream a frame each, until about `room` bytes have moved into it,
    /// or as many as `slices` have room for.
    package mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        if let grpc { return grpc.pump(into: &output, &slices, room: room) }
        if kind == .ttrpc { return machines.ttrpc.pump(into: &output, &slices, room: room) }
        machines.native.pump(into: &output, &slices, room: room)
    }

    /// The streams whose queued message has left since the last call; those that have ended too are left out.
    package mutating func takeSent() -> [UInt32] {
        grpc?.takeSent() ?? (kind == .ttrpc ? machines.ttrpc.takeSent() : machines.native.connection.takeSent())
    }

    // MARK: The connection

    /// Asks the client for a sign of life, which comes as `pong` with the same number. False: this wire has no ping.
    package mutating func ping(_ opaque: UInt64, into output: inout ByteBuffer) -> Bool {
        if let grpc {
            grpc.ping(opaque)
            return true
        }
        return kind == .native && machines.native.ping(opaque, into: &output)
    }

    /// Begins to drain: requests that came before are still answered, later ones are refused, safe to retry.
    /// A code other than OK says that the connection closes at once.
    package mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        if let grpc { return grpc.goAway(code: code, text: text) }
        switch kind {
        case .native: machines.native.goAway(code: code, text: text, into: &output)
        case .ttrpc: machines.ttrpc.drain()
        case .http1: machines.http1.goAway(code: code, text: text, into: &output)
        }
    }

    /// Whether nothing more comes and goes, though no event said so.
    package var isOver: Bool { grpc?.isOver ?? false }

    /// What was wrong, if that is why it is over.
    package var complaint: String? { grpc?.complaint }
}
