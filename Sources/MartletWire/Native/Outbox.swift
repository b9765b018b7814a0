internal import NIOCore

/// The half of a stream that sends.
struct SendingHalf {
    /// What comes after a queued message.
    enum End {
        /// The flag on its last frame: from a client.
        case halfClose
        /// A Response with these fields: from a server.
        case response(FieldWriter)
    }

    struct Message {
        /// What hasn't left.
        var bytes: ByteBuffer
        var isCompressed: Bool
        var isBegun = false
    }

    /// What may be sent before the peer gives more.
    fileprivate(set) var credit: Int
    fileprivate(set) var queued: Message?
    fileprivate var isInTurn = false
    var end: End?
    /// Takes no more messages.
    var isClosed = false
    /// A message has left or waits, after which no initial metadata may be sent.
    fileprivate(set) var hasMessage = false

    init(credit: Int) {
        self.credit = credit
    }

    /// The credit without which nothing of the queued message can leave.
    fileprivate var need: Int { queued.map { $0.bytes.readableBytes == 0 ? messageCost : 1 } ?? .max }
}

/// Sends messages within the credit that the peer has given, and keeps those that have to wait.
///
/// A message leaves at once if it fits into one frame, credit is there and not too much output waits before it. The
/// others are queued, at most one for each stream, and leave in parts: streams take turns, one frame each. A stream
/// without credit stands aside until it gets some.
struct Outbox {
    private var maxFrameBytes: Int
    private let blocks: SpareBlocks
    /// What streams begin with.
    private(set) var window: Int
    /// For all streams together.
    private(set) var credit: Int
    private var turns: [NativeStream] = []
    private(set) var queuedMessages = 0
    private(set) var queuedBytes = 0
    /// Those of streams that have credit of their own.
    private(set) var readyBytes = 0
    /// Bytes of messages that have left, with what each message costs beside.
    private(set) var sentBytes = 0

    /// Output, in bytes, beyond which messages wait for their turn, so that others don't wait long behind them.
    private static let highWater = 256 << 10
    /// A request or response of so many bytes never waits for its turn.
    private static let smallMessage = 4 << 10

    init(peer limits: WireLimits, blocks: SpareBlocks) {
        self.blocks = blocks
        maxFrameBytes = limits.maxFrameBytes
        window = limits.streamWindow
        credit = limits.connectionWindow
    }

    // MARK: Sending

    /// Pays for a message in a Request or Response. False: it must go as Data.
    mutating func pay(envelope length: Int, message size: Int, of stream: NativeStream?, _ output: borrowing ByteBuffer)
        -> Bool
    {
        guard
            length <= maxFrameBytes, size <= credit, size <= stream?.sending.credit ?? window,
            size <= Self.smallMessage || output.readableBytes < Self.highWater
        else { return false }
        credit -= size
        sentBytes += size
        stream?.sending.credit -= size
        return true
    }

    /// Sends a message as Data; the half-close goes along if it is the `end`. False: it is queued.
    ///
    /// - Parameter ready: The bytes, if they are somewhere already: what is queued stays there.
    mutating func send(
        on stream: NativeStream, size: Int, isCompressed: Bool, ready: ByteBuffer?, into output: inout ByteBuffer,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> Bool {
        precondition(stream.sending.queued == nil, "a message is sent while the stream's last one is queued")
        stream.sending.hasMessage = true
        let cost = size + messageCost
        if cost <= stream.sending.credit, cost <= credit, size <= maxFrameBytes,
            output.readableBytes < Self.highWater
        {
            credit -= cost
            sentBytes += cost
            stream.sending.credit -= cost
            let flags = Self.flags(isBegun: false, isWhole: true, isCompressed: isCompressed, end: stream.sending.end)
            output.writeFrame(FrameHeader(length: size, stream: stream.id, type: .data, flags: flags)) {
                $0.payload(count: size, write)
            }
            return true
        }
        stream.sending.queued = SendingHalf.Message(
            bytes: ready ?? blocks.bytes(size: size, write), isCompressed: isCompressed)
        queuedMessages += 1
        queuedBytes += size
        takeTurn(stream)
        return false
    }

    // MARK: Turns

    enum Turn {
        /// Nothing can leave now.
        case none
        case part
        /// The stream's message has left.
        case message(NativeStream)
    }

    var canTurn: Bool { turns.first.map { credit >= $0.sending.need } ?? false }

    /// Writes the next part of the message of the stream whose turn it is.
    mutating func turn(into output: inout ByteBuffer, _ slices: inout OutputSlices) -> Turn {
        guard canTurn else { return .none }
        let stream = turns.removeFirst()
        stream.sending.isInTurn = false
        guard var message = stream.sending.queued.take() else { return .none }
        let room = min(credit, stream.sending.credit)
        let rest = message.bytes.readableBytes
        readyBytes -= rest
        let isWhole = rest <= maxFrameBytes && rest + messageCost <= room
        let count = min(rest, room, maxFrameBytes)
        let flags = Self.flags(
            isBegun: message.isBegun, isWhole: isWhole, isCompressed: message.isCompressed, end: stream.sending.end)
        let header = FrameHeader(length: count, stream: stream.id, type: .data, flags: flags)
        output.writeHeader(header)
        slices.append(message.bytes.readSlice(length: count)!, to: &output)
        let cost = isWhole ? count + messageCost : count
        credit -= cost
        sentBytes += cost
        stream.sending.credit -= cost
        queuedBytes -= count
        if isWhole {
            queuedMessages -= 1
            return .message(stream)
        }
        message.isBegun = true
        stream.sending.queued = message
        takeTurn(stream)
        return .part
    }

    /// Drops what is queued for a stream, which sends nothing more.
    mutating func drop(_ stream: NativeStream) {
        stream.sending.isClosed = true
        stream.sending.end = nil
        guard let message = stream.sending.queued.take() else { return }
        queuedMessages -= 1
        queuedBytes -= message.bytes.readableBytes
        if stream.sending.isInTurn {
            turns.removeAll { $0 === stream }
            readyBytes -= message.bytes.readableBytes
        }
        stream.sending.isInTurn = false
    }

    private mutating func takeTurn(_ stream: NativeStream) {
        guard let message = stream.sending.queued, !stream.sending.isInTurn,
            stream.sending.credit >= stream.sending.need
        else { return }
        stream.sending.isInTurn = true
        readyBytes += message.bytes.readableBytes
        turns.append(stream)
    }

    private static func flags(
        isBegun: Bool, isWhole: Bool, isCompressed: Bool, end: SendingHalf.End?
    ) -> FrameFlags {
        var flags: FrameFlags = isWhole ? [] : .more
        if isCompressed, !isBegun { flags.insert(.compressed) }
        if isWhole, case .halfClose = end { flags.insert(.remoteClosed) }
        return flags
    }

    // MARK: Credit

    /// The peer gives the connection more. False: it is more than there can be.
    mutating func grant(_ bytes: Int) -> Bool {
        credit += bytes
        return credit <= maxCredit
    }

    /// The peer gives a stream more. False: it is more than there can be.
    mutating func grant(_ bytes: Int, to stream: NativeStream) -> Bool {
        stream.sending.credit += bytes
        takeTurn(stream)
        return stream.sending.credit <= maxCredit
    }

    /// The peer's Hello has come, which may raise what held before it.
    mutating func raise(to limits: WireLimits, streams: [NativeStream]) {
        maxFrameBytes = limits.maxFrameBytes
        credit += limits.connectionWindow - WireLimits.initial.connectionWindow
        let raise = limits.streamWindow - window
        window = limits.streamWindow
        for stream in streams { _ = grant(raise, to: stream) }
    }
}
