internal import MartletCore
internal import NIOCore

/// The server's side of a connection that speaks HTTP/2 (RFC 9113): gRPC (PROTOCOL-HTTP2 of grpc/grpc), and plain requests.
///
/// What comes in is read at once and waits as events; what goes out waits for ``HTTP2Session/pump(into:_:room:)``.
final class GRPCServerMachine: HTTP2Session {
    enum Event {
        case established
        case request(GRPCServerStream)
        /// Anything else, as it is handed out.
        case other(ServerWireEvent)
    }

    let limits: WireLimits
    /// What has come and isn't taken yet, from `position` on.
    private var events: [Event?] = []
    private var position = 0
    /// What follows the event that was taken last, the last first.
    private var followUps: [ServerWireEvent] = []
    /// Paths and small messages of one read.
    var names = ByteBuffer()

    // The header block that is coming.
    var block = ReceivedHeaders()
    /// What the last complete one says.
    private var blockHeaders: GRPCRequestHeaders?
    /// Header blocks that have begun.
    private var headerBlocks = 0
    private var isInBlock = false
    /// Whose block it is, if it is the first of a stream.
    private(set) var blockStream: GRPCServerStream?

    private var isEstablished = false
    private var hasFailed = false
    private var drain = Drain.none
    /// The client has said that it sends no more requests.
    private var isClientLeaving = false
    private var budget = FrameBudget()
    private var resets = FrameBudget()
    private var hasAnsweredSincePing = true
    /// The client's pings, but for those behind which something was sent: gRPC's clients measure with pings.
    private(set) var clientPings = 0
    /// Requests handed out that aren't answered.
    private(set) var openStreams = 0

    private enum Drain {
        case none
        /// The client has been told; the ping that it answers behind its last request hasn't come back.
        case told
        case finished
    }

    /// The number of that ping.
    private static let drainPing: UInt64 = 0x6D61_7274_6C65_7473

    init(limits: WireLimits, blocks: SpareBlocks) {
        self.limits = limits
        super.init(
            isServer: true,
            settings: Settings(
                streamWindow: limits.streamWindow, connectionWindow: limits.connectionWindow,
                maxHeaderListBytes: limits.maxMetadataBytes,
                maxConcurrentStreams: limits.maxConcurrentStreams), blocks: blocks)
    }

    // MARK: - Events

    func next(_ input: inout ByteBuffer) -> ServerWireEvent? {
        if let event = takeEvent() { return event }
        guard input.readableBytes > 0, !hasFailed else {
            input.moveReaderIndex(to: input.writerIndex)
            return nil
        }
        clearNames()
        receive(input)
        input.moveReaderIndex(to: input.writerIndex)
        if isBroken { fail() }
        return takeEvent()
    }

    /// Requests that were handed out have the memory for themselves; the path of one whose headers aren't complete moves on.
    private func clearNames() {
        let unfinished = isInBlock ? blockStream : nil
        let path = unfinished.flatMap { names.getBytes(at: $0.path.lowerBound, length: $0.path.count) } ?? []
        if names.modifyIfUniquelyOwned({ $0.clear() }) == nil { names = ByteBuffer() }
        names.writeBytes(path)
        unfinished?.path = 0..<path.count
    }

    /// Whether there are events to take without more input.
    var hasEvents: Bool { position < events.count || !followUps.isEmpty }

    /// Identifies the header block that has begun and not ended.
    var unfinishedBlock: Int? { isInBlock ? headerBlocks : nil }

    /// What comes behind the end isn't told.
    func append(_ event: ServerWireEvent) {
        if !hasFailed { events.append(.other(event)) }
    }

    private func fail() {
        append(.failed(failure))
        hasFailed = true
    }

    /// Why the connection can't go on.
    var failure: WireError {
        WireError(
            stage: isEstablished ? .established : .handshake, code: .internalError,
            message: complaint ?? "HTTP/2: the client broke a rule")
    }

    private func takeEvent() -> ServerWireEvent? {
        if let event = followUps.popLast() { return event }
        while position < events.count {
            // Moved out, which costs less than a copy.
            let event = events[position].take()
            position += 1
            if position == events.count {
                events.removeAll(keepingCapacity: events.count <= Self.keptEvents)
                position = 0
            }
            switch event {
            case nil: continue
            case .established: return .established(nil)
            case .other(let event): return event
            case .request(let stream):
                guard isOpen(stream), stream.phase == .waiting else { continue }
                return .request(handOut(stream))
            }
        }
        return nil
    }

    /// Events for which the array keeps its room.
    private static let keptEvents = 64

    func opened(_ stream: GRPCServerStream) {
        stream.phase = .open
        openStreams += 1
    }

    private func handOut(_ stream: GRPCServerStream) -> WireRequest {
        opened(stream)
        let headers = stream.headers!
        defer { stream.first = nil }
        let isWhole = stream.isRemoteClosed && stream.messageCount == 1
        var payload: Range<Int>?
        var compression: Compression?
        switch stream.first {
        case .copied(let range, let isCompressed):
            if isWhole {
                payload = range
                compression = isCompressed
            } else {
                let bytes = names.getSlice(at: range.lowerBound, length: range.count)!
                followUps.append(.message(stream: stream.id, WireMessage(bytes: bytes, compression: isCompressed)))
            }
        case .whole(let message):
            if isWhole { followUps.append(.halfClosed(stream: stream.id)) }
            followUps.append(.message(stream: stream.id, message))
        case nil: break
        }
        let (service, method) = split(stream.path)
        return WireRequest(
            stream: stream.id, frame: names, service: service, method: method, payload: payload,
            compression: compression, acceptedCompressions: headers.acceptedCompressions,
            timeout: stream.timeout?.nanoseconds ?? 0, metadata: headers.metadata)
    }

    /// The service and the method of a path that has both.
    private func split(_ path: Range<Int>) -> (service: Range<Int>, method: Range<Int>) {
        let slash = names.withUnsafeReadableBytes { bytes in
            bytes[path].lastIndex(of: UInt8(ascii: "/")) ?? path.lowerBound
        }
        return (path.lowerBound + 1..<max(slash, path.lowerBound + 1), slash + 1..<path.upperBound)
    }

    // MARK: - The connection

    override func receivedSettings(isAcknowledgement: Bool) {
        guard !isEstablished else { return }
        isEstablished = true
        events.append(.established)
    }

    override func receivedPing(_ opaque: UInt64, isAcknowledgement: Bool) {
        if isAcknowledgement {
            if drain == .told, opaque == Self.drainPing {
                drain = .finished
                submitGoAway(code: HTTP2ErrorCode.noError, text: "")
            } else {
                append(.pong(opaque))
            }
        } else if hasAnsweredSincePing {
            hasAnsweredSincePing = false
        } else {
            clientPings += 1
        }
    }

    override func receivedGoAway(lastStream: UInt32, code: UInt32, text: String) {
        isClientLeaving = true
        append(.goAway(code: code == HTTP2ErrorCode.noError ? .ok : .internalError, text: text))
    }

    override func received(controlFrame name: StaticString) {
        if !budget.spend() {
            overBudget("too many frames without messages, the last \(name)")
        }
    }

    override func sentReset(stream: UInt32, code: UInt32) {
        guard code != HTTP2ErrorCode.noError, code != HTTP2ErrorCode.cancel else { return }
        if !resets.spend() { overBudget("too many streams that had to be reset") }
    }

    private func overBudget(_ complaint: String) {
        terminate(code: HTTP2ErrorCode.enhanceYourCalm, "\(complaint); each second there may be \(FrameBudget.least)")
    }

    /// A second has passed.
    func tick() {
        budget.refill()
        resets.refill()
    }

    /// Takes requests that are on their way, and says that no more should come.
    func goAway(code: StatusCode, text: String) {
        if isBroken { return }
        switch code {
        case .ok:
            guard drain == .none else { return }
            if isClientLeaving {
                // Its last request is known.
                drain = .finished
                return submitGoAway(code: HTTP2ErrorCode.noError, text: text)
            }
            drain = .told
            submitShutdownNotice()
        // The only words that a gRPC client understands: it pings half as often on its next connection.
        case .resourceExhausted: submitGoAway(code: HTTP2ErrorCode.enhanceYourCalm, text: "too_many_pings")
        default: submitGoAway(code: HTTP2ErrorCode.noError, text: text)
        }
    }

    override func sentGoAway() {
        if drain == .told { ping(Self.drainPing) }
    }

    /// Whether the client may still send requests that it began before it was told of the end.
    var awaitsLastRequests: Bool { drain == .told }

    override func sentFrame(of stream: HTTP2Stream) {
        hasAnsweredSincePing = true
        budget.earn()
        // The client needn't go on with a request that is answered (RFC 9113, section 8.1).
        if stream.isLocalClosed, !stream.isRemoteClosed { reset(stream.id, code: HTTP2ErrorCode.noError) }
    }

    func earn() { budget.earn() }

    // MARK: - Streams

    override func received(
        name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, stream id: UInt32
    ) -> Bool {
        take(name: name, value: value)
    }

    override func received(_ bytes: ByteBuffer, stream: HTTP2Stream) {
        take(bytes, on: unsafeDowncast(stream, to: GRPCServerStream.self))
    }

    override func receivedEnd(stream: HTTP2Stream) {
        takeEnd(of: unsafeDowncast(stream, to: GRPCServerStream.self))
    }

    override func beganHeaders(stream id: UInt32, isFirst: Bool) -> Bool {
        headerBlocks += 1
        isInBlock = true
        blockStream = nil
        guard isFirst else { return true }
        block.begin()
        let stream = GRPCServerStream(id: id, maxMessageBytes: limits.maxMessageBytes)
        add(stream)
        blockStream = stream
        return true
    }

    override func endedHeaders(stream id: UInt32, isFirst: Bool, isEnd: Bool) {
        isInBlock = false
        // Trailers of a request mean nothing to gRPC.
        guard isFirst, let stream = blockStream.take() else { return }
        if !block.end() {
            blockHeaders = GRPCRequestHeaders(block, metadataLimit: limits.maxMetadataBytes)
        }
        stream.headers = blockHeaders
        admit(stream)
    }

    func stream(_ id: UInt32) -> GRPCServerStream? {
        streams[id].map { unsafeDowncast($0, to: GRPCServerStream.self) }
    }

    func enqueue(_ stream: GRPCServerStream) {
        stream.phase = .waiting
        events.append(.request(stream))
    }

    /// The stream's outcome is on its way.
    func answered(_ stream: GRPCServerStream) {
        if stream.phase == .open { openStreams -= 1 }
        stream.phase = .answered
    }

    override func closed(_ stream: HTTP2Stream, code: UInt32) {
        let stream = unsafeDowncast(stream, to: GRPCServerStream.self)
        if stream.phase == .open {
            openStreams -= 1
            append(.cancel(stream: stream.id, code: .cancelled))
        }
        stream.phase = .answered
    }
}
