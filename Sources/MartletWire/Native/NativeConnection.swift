internal import MartletCore
internal import NIOCore

/// What the machines of both sides have in common: streams, credit, and the frames that mean the same either way.
struct NativeConnection {
    let limits: WireLimits
    /// Nil until its Hello has come.
    private(set) var peer: HelloInfo?
    private(set) var peerLimits = WireLimits.initial
    /// What messages to the peer may be compressed with.
    private(set) var sendCompression: Compression?
    /// What compressed messages of the peer are compressed with.
    var receiveCompression: Compression? { inbox.compression }
    /// The highest stream id that the client has used.
    var lastStream: UInt32 = 0
    /// Those of which more must be known than that they are open.
    private(set) var streams = StreamTable<NativeStream>()
    var inbox: Inbox
    var outbox: Outbox
    var budget = FrameBudget()
    /// The peer's pings so far.
    private(set) var pingsAnswered = 0
    private var sent: [UInt32] = []

    init(limits: WireLimits, blocks: SpareBlocks) {
        limits.validate()
        self.limits = limits
        inbox = Inbox(limits: limits, blocks: blocks)
        outbox = Outbox(peer: .initial, blocks: blocks)
    }

    // MARK: Streams

    @inline(__always)
    func stream(_ id: UInt32) -> NativeStream? { streams.isEmpty ? nil : streams[id] }

    mutating func add(_ id: UInt32) -> NativeStream {
        let stream = NativeStream(id: id, credit: outbox.window, window: inbox.streamWindow)
        streams.insert(stream, stream: id)
        return stream
    }

    /// Forgets a stream, and what is queued for it.
    mutating func remove(_ stream: NativeStream) {
        outbox.drop(stream)
        streams.remove(stream.id)
    }

    mutating func removeAll() {
        for (_, stream) in streams.removeAll() { outbox.drop(stream) }
    }

    // MARK: Frames

    mutating func handleHello(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) -> HelloInfo {
        guard peer == nil else { throw .violation("a second Hello") }
        let hello = try HelloInfo(header, data)
        peer = hello
        peerLimits = hello.limits
        sendCompression = hello.limits.compressions.first { limits.compressions.contains($0) }
            .flatMap(Compression.init(rawValue:))
        inbox.compression = limits.compressions.first { hello.limits.compressions.contains($0) }
            .flatMap(Compression.init(rawValue:))
        outbox.raise(to: hello.limits, streams: streams.entries.map(\.value))
        return hello
    }

    var acceptedCompressions: CompressionSet { CompressionSet(sendCompression.map { [$0] } ?? []) }

    /// What the message of a Request or Response is compressed with.
    func compression(_ header: FrameHeader) -> Compression? {
        header.flags.contains(.compressed) ? receiveCompression : nil
    }

    func writeHello(_ implementation: NativeImplementation, into output: inout ByteBuffer) {
        output.writeFrame(.hello, stream: 0, HelloInfo(limits: limits, implementation: implementation).fields)
    }

    /// Takes a Data frame on a stream, nil if nobody waits for it any more.
    mutating func receive(
        _ header: FrameHeader, _ data: ByteBuffer, on stream: NativeStream?, _ output: inout ByteBuffer
    ) throws(WireError) -> Inbox.Arrival {
        try header.checkDataFlags(hasCompression: receiveCompression != nil)
        if header.dataCost > 0 { budget.earn() } else { try budget.spend(on: header) }
        try inbox.arrived(header, cost: header.dataCost, output: &output)
        guard let stream else { return .nothing }
        return try inbox.receive(header, data, on: stream, output: &output)
    }

    /// Takes the plain messages of one stream that stand at the front. Nil: there are less than two, or the first needs a
    /// closer look.
    mutating func takeRun(
        _ id: UInt32, of input: inout ByteBuffer, _ output: inout ByteBuffer
    ) -> MessageRun? {
        guard let stream = stream(id), var room = inbox.roomForRun(of: stream) else { return nil }
        let before = room
        let most = min(limits.maxFrameBytes, limits.maxMessageBytes)
        guard let run = input.readRun(of: id, room: &room, most: most) else { return nil }
        budget.earn(run.count)
        inbox.tookRun(cost: before - room, of: stream, output: &output)
        return run
    }

    mutating func handleWindow(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) {
        try header.checkFlags()
        try budget.spend(on: header)
        let bytes = try header.read(data, readWindow)
        guard bytes > 0 else { throw .violation("\(header.name) gives no credit") }
        if header.stream != 0 { try checkOpened(header) }
        let isInRange =
            if header.stream == 0 {
                outbox.grant(bytes)
            } else if let stream = stream(header.stream) {
                outbox.grant(bytes, to: stream)
            } else {
                true
            }
        guard isInRange else {
            throw .violation("\(header.name) raises the credit by \(bytes) to more than \(maxCredit)")
        }
    }

    /// Answers a peer's ping. The number of one that was ours and came back.
    mutating func handlePing(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> UInt64? {
        try header.checkFlags(allowed: .acknowledgement)
        guard header.stream == 0 else { throw .violation("\(header.name), but pings are the connection's") }
        try budget.spend(on: header)
        let opaque = try header.read(data, readPing)
        if header.flags.contains(.acknowledgement) { return opaque }
        output.writePing(opaque, flags: .acknowledgement)
        pingsAnswered += 1
        return nil
    }

    mutating func handleGoAway(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) -> GoAway {
        try header.checkFlags()
        try budget.spend(on: header)
        return try header.read(data, GoAway.init(_:))
    }

    /// Throws unless the client has ever used the frame's stream.
    func checkOpened(_ header: FrameHeader) throws(WireError) {
        guard header.hasClientStream, header.stream <= lastStream else {
            throw .violation("\(header.name), which the client never opened")
        }
    }

    // MARK: Queue

    mutating func turn(into output: inout ByteBuffer, _ slices: inout OutputSlices) -> Outbox.Turn {
        let turn = outbox.turn(into: &output, &slices)
        if case .none = turn { return turn }
        budget.earn()
        return turn
    }

    mutating func noteSent(_ stream: NativeStream) { sent.append(stream.id) }

    mutating func takeSent() -> [UInt32] {
        if sent.isEmpty { return [] }
        defer { sent = [] }
        return sent
    }

    mutating func consumed(stream: UInt32, bytes: Int, messages: Int, into output: inout ByteBuffer) {
        if let stream = self.stream(stream) { inbox.consumed(bytes, messages: messages, of: stream, output: &output) }
    }
}
