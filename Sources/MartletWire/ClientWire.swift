package import MartletCore
package import NIOCore

package enum ClientWireEvent {
    /// The server's Hello: its limits are in force; nil for plain ttrpc and gRPC. Always the first event but `goAway` and
    /// `failed`.
    indirect case established(HelloInfo?)
    /// Comes at most once for a stream, before its messages.
    case initialMetadata(stream: UInt32, Metadata)
    /// Call `consumed` when the application has it. A unary call gets its response so if it is large; a `response`
    /// without payload follows.
    case message(stream: UInt32, WireMessage)
    /// Several at once.
    case messages(stream: UInt32, MessageRun)
    /// The end of a call. Comes once for each request, cancelled or not. To be dropped where nobody waits for it any
    /// more.
    case response(WireResponse)
    /// A message was over our limit, or the server broke a rule of one stream; the server is told that nobody waits. The
    /// call ends with this error; a `response` still comes, to be dropped.
    case failedStream(stream: UInt32, RPCError)
    /// The server takes no more requests. Those on streams above `lastStream` haven't run and won't; each of the others
    /// gets its response unless the connection closes first. With a code other than OK the server closes at once.
    case goAway(lastStream: UInt32, code: StatusCode, text: String)
    /// Our ping came back.
    case pong(UInt64)
    /// The connection is over, and `output` tells the server why. Flush and close; the wire takes no more input.
    case failed(WireError)
}

/// The client's side of one connection on the wire of its choice: bytes and commands in, bytes and events out.
package struct ClientWire: ~Copyable {
    /// Behind a reference, since a kilobyte would be copied whenever the wire is asked for something.
    private let machines: Machines
    private let isTTRPC: Bool
    /// Nil for another wire.
    private let grpc: GRPCClientMachine?

    private final class Machines {
        var native: NativeClientMachine
        var ttrpc: TTRPCClientMachine

        init(native: consuming NativeClientMachine, ttrpc: consuming TTRPCClientMachine) {
            self.native = native
            self.ttrpc = ttrpc
        }
    }

    /// - Parameters:
    ///   - authority: The server, as gRPC's requests name it.
    ///   - isSecured: Whether TLS is around the wire, as they say too.
    package init(
        _ kind: WireKind = .native, limits: WireLimits = WireLimits(), implementation: NativeImplementation,
        authority: String = "localhost", isSecured: Bool = false, blocks: SpareBlocks = SpareBlocks()
    ) {
        machines = Machines(
            native: NativeClientMachine(limits: limits, implementation: implementation, blocks: blocks),
            ttrpc: TTRPCClientMachine(limits: limits))
        isTTRPC = kind == .ttrpc
        grpc =
            kind == .grpc
            ? GRPCClientMachine(
                limits: limits, implementation: implementation, authority: authority, isSecured: isSecured,
                blocks: blocks) : nil
    }

    // MARK: State

    /// The server's Hello, once it has come and while the connection hasn't failed.
    package var peer: HelloInfo? { machines.native.peer }

    /// Requests sent whose response hasn't come.
    package var openStreams: Int {
        grpc?.openStreams ?? (isTTRPC ? machines.ttrpc.openStreams : machines.native.openStreams)
    }

    /// Requests that the server lets be open at a time.
    package var maxConcurrentStreams: Int {
        if let grpc { return grpc.maxOpenedStreams }
        return isTTRPC ? .max : (machines.native.peer?.limits ?? .initial).maxConcurrentStreams
    }

    /// Bytes that `next` needs, beyond those in `input`, to go on. Reserve memory only as bytes arrive: a peer may
    /// announce a large frame and never send it.
    package var bytesNeeded: Int {
        grpc != nil ? 1 : isTTRPC ? machines.ttrpc.bytesNeeded : machines.native.bytesNeeded
    }

    /// Whether receivers bound what senders send, so that `consumed` matters.
    package var hasFlowControl: Bool { !isTTRPC }

    /// Whether the server can be asked for a sign of life.
    package var hasPing: Bool { !isTTRPC }

    /// Whether the server's Hello says what messages to it may be compressed with.
    package var agreesOnCompression: Bool { !isTTRPC && grpc == nil }

    /// What a message may be compressed with. Where that is agreed on, nothing before `established`.
    ///
    /// - Parameter wanted: What the call is to be compressed with; nil: this message alone is to be compressed.
    package func compression(_ wanted: Compression?) -> Compression? {
        if grpc != nil { return wanted }
        return isTTRPC ? nil : machines.native.connection.sendCompression
    }

    // MARK: Input

    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    package mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ClientWireEvent? {
        if let grpc { return grpc.next(&input) }
        if isTTRPC { return machines.ttrpc.next(&input) }
        return machines.native.next(&input, output: &output)
    }

    /// Whether `next` has an event without more input: what was sent has come to an end by itself.
    package var hasEvents: Bool { grpc?.hasEvents ?? false }

    /// The application took messages of so many bytes together, in order. Those in a `response` don't count.
    package mutating func consumed(stream: UInt32, bytes: Int, messages: Int = 1, into output: inout ByteBuffer) {
        if let grpc { return grpc.consumed(stream: stream, bytes: bytes, messages: messages) }
        if isTTRPC { return }
        machines.native.connection.consumed(stream: stream, bytes: bytes, messages: messages, into: &output)
    }

    /// Lets the server send frames without messages anew, of which it may send so many (1000) and not more. To be called
    /// when bytes come in and about a second has passed since it was called last.
    package mutating func tick() {
        if let grpc { return grpc.tick() }
        machines.native.connection.budget.refill()
    }

    // MARK: Requests

    /// Says what must be said first: once, before anything else.
    package mutating func start(into output: inout ByteBuffer) {
        if grpc != nil { return }
        if isTTRPC { return machines.ttrpc.start() }
        machines.native.start(into: &output)
    }

    /// Sends a request. `write` puts exactly `payloadSize` bytes at the place it is given, before this returns; the
    /// form `open` has none.
    ///
    /// - Parameters:
    ///   - compression: What the call's messages are to be compressed with, for wires where the request says so.
    ///   - timeoutNanoseconds: How long the server may take; nil without end. Zero or less is sent as 1.
    ///   - ready: The message's bytes, if they are somewhere already: what has to wait stays there.
    ///   - metadata: Must be valid (`Metadata.validate`): the server refuses other.
    package mutating func request(
        service: String, method: String, form: RequestForm, payloadSize: Int, isCompressed: Bool = false,
        compression: Compression? = nil, ready: ByteBuffer? = nil, timeoutNanoseconds: Int64?,
        metadata: borrowing Metadata,
        into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RequestOutcome {
        if let grpc {
            return grpc.request(
                service: service, method: method, form: form, payloadSize: payloadSize, isCompressed: isCompressed,
                compression: compression, ready: ready, timeoutNanoseconds: timeoutNanoseconds, metadata: metadata,
                write: write)
        }
        if isTTRPC {
            return machines.ttrpc.request(
                service: service, method: method, form: form, payloadSize: payloadSize,
                timeoutNanoseconds: timeoutNanoseconds, metadata: metadata, into: &output, write: write)
        }
        return machines.native.request(
            service: service, method: method, form: form, payloadSize: payloadSize, isCompressed: isCompressed,
            ready: ready, timeoutNanoseconds: timeoutNanoseconds, metadata: metadata, into: &output, write: write)
    }

    /// Sends a message on a stream that was opened with the form `open`. `write` puts exactly `size` bytes at the place it
    /// is given, before this returns. While one is queued no other may follow.
    package mutating func sendMessage(
        stream: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer? = nil, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        if let grpc {
            return grpc.sendMessage(stream: stream, size: size, isCompressed: isCompressed, ready: ready, write: write)
        }
        if isTTRPC { return machines.ttrpc.sendMessage(stream: stream, size: size, into: &output, write: write) }
        return machines.native.sendMessage(
            stream: stream, size: size, isCompressed: isCompressed, ready: ready, into: &output, write: write)
    }

    /// Says that no more messages come, after what is queued.
    package mutating func halfClose(stream: UInt32, into output: inout ByteBuffer) {
        if let grpc { return grpc.halfClose(stream: stream) }
        if isTTRPC { return machines.ttrpc.halfClose(stream: stream, into: &output) }
        machines.native.halfClose(stream: stream, into: &output)
    }

    /// Tells the server that nobody waits for a response any more; what is queued is dropped. `code` is CANCELLED or
    /// DEADLINE_EXCEEDED.
    package mutating func cancel(stream: UInt32, code: StatusCode, into output: inout ByteBuffer) {
        if let grpc { return grpc.cancel(stream: stream) }
        if isTTRPC { return machines.ttrpc.cancel(stream: stream) }
        machines.native.cancel(stream: stream, code: code, into: &output)
    }

    // MARK: What is queued

    /// Whether something waits for room, credit or its turn.
    package var hasQueued: Bool {
        if let grpc { return grpc.canPump || grpc.queuedBytes > 0 }
        return isTTRPC ? !machines.ttrpc.queue.isEmpty : machines.native.connection.outbox.queuedMessages > 0
    }

    /// Message bytes that wait.
    package var queuedBytes: Int {
        grpc?.queuedBytes ?? (isTTRPC ? machines.ttrpc.queue.bytes : machines.native.connection.outbox.queuedBytes)
    }

    /// Whether `pump` would move something.
    package var canPump: Bool {
        grpc?.canPump ?? (isTTRPC ? !machines.ttrpc.queue.isEmpty : machines.native.connection.outbox.canTurn)
    }

    /// Moves queued messages into `output`, stream by stream a frame each, until about `room` bytes have moved into it,
    /// or as many as `slices` have room for.
    package mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        if let grpc { return grpc.pump(into: &output, &slices, room: room) }
        if isTTRPC { return machines.ttrpc.pump(into: &output, &slices, room: room) }
        machines.native.pump(into: &output, &slices, room: room)
    }

    /// The streams whose queued message has left since the last call.
    package mutating func takeSent() -> [UInt32] {
        grpc?.takeSent() ?? (isTTRPC ? machines.ttrpc.takeSent() : machines.native.connection.takeSent())
    }

    // MARK: The connection

    /// Asks the server for a sign of life, which comes as `pong` with the same number. False: this wire has no ping.
    package mutating func ping(_ opaque: UInt64, into output: inout ByteBuffer) -> Bool {
        if let grpc {
            grpc.ping(opaque)
            return true
        }
        return !isTTRPC && machines.native.ping(opaque, into: &output)
    }

    /// Tells the server that no more requests come.
    package mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        if let grpc { return grpc.goAway(code: code, text: text) }
        if isTTRPC { return machines.ttrpc.drain() }
        machines.native.goAway(code: code, text: text, into: &output)
    }
}
