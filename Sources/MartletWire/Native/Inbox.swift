internal import MartletCore
internal import NIOCore

/// The half of a stream that receives.
struct ReceivingHalf {
    fileprivate var given: GivenCredit
    /// Cost of the messages that the application hasn't taken.
    fileprivate var waiting = 0
    /// What came of a message that isn't complete.
    fileprivate var partial: ByteBuffer?
    fileprivate var partialIsCompressed = false
    /// Bytes of the first message not taken, or else of the partial one, that were given back when they came.
    fileprivate var givenEarly = 0
    /// The peer sends no more.
    fileprivate(set) var isClosed = false
    /// What comes is dropped: nobody waits for it.
    fileprivate(set) var isDropping = false
    /// Metadata or Data has come, after which no Metadata may.
    var hasBegun = false

    init(window: Int) {
        given = GivenCredit(window: window)
    }

    /// A message has begun to come and hasn't ended.
    var isInMessage: Bool { partial != nil }

    /// A stream that gets nothing more needs no credit.
    fileprivate var needsCredit: Bool { !isClosed && !isDropping }
}

/// Puts messages together and gives the peer credit for more of them.
struct Inbox {
    private let maxMessageBytes: Int
    let streamWindow: Int
    private var connection: GivenCredit
    private let blocks: SpareBlocks
    /// What compressed messages of the peer are compressed with, once that is agreed on.
    var compression: Compression?

    init(limits: WireLimits, blocks: SpareBlocks) {
        self.blocks = blocks
        maxMessageBytes = limits.maxMessageBytes
        streamWindow = limits.streamWindow
        connection = GivenCredit(window: limits.connectionWindow)
    }

    // MARK: Arrival

    enum Arrival {
        case nothing
        case message(WireMessage)
        /// The stream's rest is dropped.
        case tooLarge(RPCError)
    }

    /// Takes the cost of a frame off the connection's credit, which is given back at once: it bounds what is on its
    /// way, not what waits, so that a stalled reader stops nobody else.
    mutating func arrived(
        _ header: FrameHeader, cost: Int, output: inout ByteBuffer
    ) throws(WireError) {
        guard connection.use(cost) else {
            throw .overCredit(header, cost: cost, had: connection.available + cost, of: "the connection")
        }
        let grant = connection.giveBack(cost)
        if grant > 0 { output.writeWindow(stream: 0, grant) }
    }

    /// Checks the size of a message that came in an envelope, for which the application gives no credit back.
    func check(_ what: String, size: Int) throws(RPCError) {
        guard size <= maxMessageBytes else {
            throw RPCError(
                .resourceExhausted,
                "the \(what)'s \(size) bytes are over the limit of \(maxMessageBytes) for one message")
        }
    }

    /// Takes the message in an envelope off its stream's credit.
    func use(_ header: FrameHeader, size: Int, of stream: NativeStream?) throws(WireError) {
        let given = stream?.receiving.given.available ?? streamWindow
        guard size <= given else { throw .overCredit(header, cost: size, had: given, of: "the stream") }
    }

    /// What plain messages of a stream may cost in all, to be taken by ``tookRun(cost:of:output:)``. Nil: they need a
    /// closer look.
    func roomForRun(of stream: NativeStream) -> Int? {
        guard stream.receiving.partial == nil, stream.receiving.needsCredit else { return nil }
        return min(stream.receiving.given.available, connection.available)
    }

    /// Whole messages without flags have come.
    mutating func tookRun(cost: Int, of stream: NativeStream, output: inout ByteBuffer) {
        stream.receiving.hasBegun = true
        _ = stream.receiving.given.use(cost)
        stream.receiving.waiting += cost
        _ = connection.use(cost)
        let grant = connection.giveBack(cost)
        if grant > 0 { output.writeWindow(stream: 0, grant) }
    }

    /// Takes a Data frame whose flags `checkDataFlags` has seen.
    mutating func receive(
        _ header: FrameHeader, _ data: ByteBuffer, on stream: NativeStream, output: inout ByteBuffer
    ) throws(WireError) -> Arrival {
        guard stream.receiving.given.use(header.dataCost) else {
            let had = stream.receiving.given.available + header.dataCost
            throw .overCredit(header, cost: header.dataCost, had: had, of: "the stream")
        }
        guard !stream.receiving.isClosed else { throw .violation("\(header.name) after the stream's half-close") }
        defer { if header.flags.contains(.remoteClosed) { stream.receiving.isClosed = true } }
        stream.receiving.hasBegun = true
        if stream.receiving.isDropping { return .nothing }
        if header.flags.contains(.noData) {
            guard stream.receiving.partial == nil else { throw .violation("\(header.name) ends inside a message") }
            return .nothing
        }
        return try append(data, header, to: stream, &output)
    }

    private mutating func append(
        _ data: ByteBuffer, _ header: FrameHeader, to stream: NativeStream, _ output: inout ByteBuffer
    ) throws(WireError) -> Arrival {
        let isFirst = stream.receiving.partial == nil
        if isFirst {
            stream.receiving.partialIsCompressed = header.flags.contains(.compressed)
        } else if header.flags.contains(.compressed) {
            throw .violation("\(header.name): only the first part of a message says that it is compressed")
        }
        let size = (stream.receiving.partial?.readableBytes ?? 0) + header.length
        do throws(RPCError) {
            try check("message", size: size)
        } catch {
            drop(stream)
            return .tooLarge(error)
        }
        let compression = stream.receiving.partialIsCompressed ? compression : nil
        if isFirst, !header.flags.contains(.more) {
            stream.receiving.waiting += header.dataCost
            return .message(WireMessage(bytes: data, compression: compression))
        }
        var data = data
        var partial = stream.receiving.partial.take() ?? blocks.take(part: header.length)
        partial.writeBuffer(&data)
        if header.flags.contains(.more) {
            stream.receiving.partial = partial
            if stream.receiving.waiting == 0 {
                stream.receiving.givenEarly += header.length
                giveBack(header.length, to: stream, &output)
            }
            return .nothing
        }
        stream.receiving.waiting += size + messageCost
        return .message(WireMessage(bytes: blocks.keep(bytesOf: partial), compression: compression))
    }

    /// Nobody waits for what is still to come on a stream.
    func drop(_ stream: NativeStream) {
        stream.receiving.isDropping = true
        stream.receiving.partial = nil
    }

    // MARK: Credit

    /// The application has taken messages, in order.
    mutating func consumed(_ bytes: Int, messages: Int, of stream: NativeStream, output: inout ByteBuffer) {
        let cost = bytes + messages * messageCost
        precondition(stream.receiving.waiting >= cost, "more bytes are consumed than came")
        stream.receiving.waiting -= cost
        var credit = cost - stream.receiving.givenEarly
        stream.receiving.givenEarly = 0
        if stream.receiving.waiting == 0, let partial = stream.receiving.partial {
            // Now the reader waits for this one, which may be larger than the window.
            stream.receiving.givenEarly = partial.readableBytes
            credit += partial.readableBytes
        }
        giveBack(credit, to: stream, &output)
    }

    private func giveBack(_ cost: Int, to stream: NativeStream, _ output: inout ByteBuffer) {
        guard stream.receiving.needsCredit else { return }
        let grant = stream.receiving.given.giveBack(cost)
        if grant > 0 { output.writeWindow(stream: stream.id, grant) }
    }
}

extension FrameHeader {
    /// Whether it brings a whole message and nothing else.
    var isPlainData: Bool { type == .data && flags.isEmpty }

    /// What a Data frame costs of the credit.
    var dataCost: Int { flags.isDisjoint(with: [.more, .noData]) ? length + messageCost : length }

    /// `compression` has been agreed on with the peer, or not.
    func checkDataFlags(hasCompression: Bool) throws(WireError) {
        try checkFlags(allowed: [.remoteClosed, .noData, .more, hasCompression ? .compressed : []])
        if flags.contains(.noData), flags != [.noData, .remoteClosed] || length > 0 {
            throw .violation("\(name): no-data goes with remote-closed and no bytes")
        }
        if flags.isSuperset(of: [.more, .remoteClosed]) {
            throw .violation("\(name): more of the message can't follow remote-closed")
        }
    }
}

extension WireError {
    fileprivate static func overCredit(_ header: FrameHeader, cost: Int, had: Int, of owner: String) -> WireError {
        .violation("\(header.name) takes \(cost) bytes of credit, but \(owner) had \(had)")
    }
}
