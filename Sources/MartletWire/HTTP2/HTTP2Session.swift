internal import CNghttp2
internal import NIOCore

/// One HTTP/2 connection, through nghttp2: bytes in, what they mean to a subclass, and bytes out.
///
/// nghttp2 calls back while it reads (``receive(_:)``) and while it writes (``pump(into:_:room:)``). What is called back
/// may submit frames, but must not read or write.
///
/// Unsafe: nghttp2 has a pointer to this object, which owns the session and so outlives it.
class HTTP2Session {
    // What isn't private is for the extensions in the files beside this one.
    final let session: OpaquePointer
    final let isServer: Bool
    final let blocks: SpareBlocks
    final var streams = StreamTable<HTTP2Stream>()
    /// The last that was opened, and how many were.
    final private(set) var lastStream: UInt32 = 0
    final private(set) var streamsOpened: UInt32 = 0
    final var resetStreams = ResetStreams()
    /// Bytes of all streams that wait.
    final var queuedBytes = 0
    /// Bytes of all streams that have left.
    final var sentBytes = 0
    /// What nghttp2 said last of the peer's mistakes.
    final var complaint: String?
    final private(set) var isBroken = false
    /// Something has been submitted since the last pump.
    final var mayWrite = true
    /// Streams that were watched, and may send their next message.
    final var sent: [UInt32] = []
    final var estimator: WindowEstimator
    private let streamWindow: Int

    // What is being read.
    final var input = ByteBuffer()
    final var inputStart: UnsafePointer<UInt8>?

    /// Empty ones, for the messages of streams that have something to send.
    final var spareBuffers = SpareBuffers()

    // What is being written.
    final var sink = ByteBuffer()
    final var sinkSlices = OutputSlices(room: 0)
    private var sinkEnd = 0

    /// The number of the pings that measure round trips.
    static let measuringPing: UInt64 = 0x726F_756E_6474_7270

    struct Settings {
        var streamWindow: Int
        var connectionWindow: Int
        var maxHeaderListBytes: Int
        /// Of a server.
        var maxConcurrentStreams: Int
    }

    init(isServer: Bool, settings: Settings, blocks: SpareBlocks) {
        self.isServer = isServer
        self.blocks = blocks
        estimator = WindowEstimator(window: settings.connectionWindow)
        streamWindow = settings.streamWindow
        var made: OpaquePointer?
        let options = NGHTTP2Options.shared
        // The only failure is a lack of memory. The pointer to this object is set as soon as there is one.
        if isServer {
            nghttp2_session_server_new3(&made, options.callbacks, nil, options.options, NGHTTP2Memory.functions.pointer)
        } else {
            nghttp2_session_client_new3(&made, options.callbacks, nil, options.options, NGHTTP2Memory.functions.pointer)
        }
        session = made!
        nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        submit(settings)
    }

    deinit { nghttp2_session_del(session) }

    private func submit(_ settings: Settings) {
        func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
            nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
        }
        // Frames keep their 16 KiB: larger ones are 3 % faster for messages of 1 MiB, and small messages wait behind them.
        var entries = [
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.streamWindow),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.maxHeaderListBytes),
        ]
        if isServer {
            entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maxConcurrentStreams))
            entries.append(entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
        } else {
            entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        }
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
        setConnectionWindow(settings.connectionWindow)
    }

    // MARK: - For subclasses

    /// A field of the header block that came last, decoded. The bytes are lent. False: the stream is to be reset.
    func received(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, stream: UInt32) -> Bool { true }

    /// A header block begins. False: the stream is to be reset.
    func beganHeaders(stream: UInt32, isFirst: Bool) -> Bool { true }

    /// A header block is complete.
    func endedHeaders(stream: UInt32, isFirst: Bool, isEnd: Bool) {}

    /// Bytes of DATA, a slice of the input. They count against the windows.
    func received(_ bytes: ByteBuffer, stream: HTTP2Stream) {}

    /// The peer sends nothing more on the stream.
    func receivedEnd(stream: HTTP2Stream) {}

    /// The stream is over, and no longer in the table.
    func closed(_ stream: HTTP2Stream, code: UInt32) {}

    func receivedPing(_ opaque: UInt64, isAcknowledgement: Bool) {}

    func receivedGoAway(lastStream: UInt32, code: UInt32, text: String) {}

    /// The peer's settings, or its word that it has taken ours.
    func receivedSettings(isAcknowledgement: Bool) {}

    /// A frame that carries nothing for the application, and that a peer could send without end.
    func received(controlFrame name: StaticString) {}

    /// HEADERS or DATA have gone to the output.
    func sentFrame(of stream: HTTP2Stream) {}

    /// This side resets a stream for a mistake of the peer.
    func sentReset(stream: UInt32, code: UInt32) {}

    func sentGoAway() {}

    // MARK: - Streams

    final func add(_ stream: HTTP2Stream) {
        streams.insert(stream, stream: stream.id)
        lastStream = stream.id
        streamsOpened += 1
    }

    final func isOpen(_ stream: HTTP2Stream) -> Bool { streams[stream.id] === stream }

    // MARK: - Reading

    /// Reads all of it.
    final func receive(_ bytes: ByteBuffer) {
        input = bytes
        let result = bytes.withUnsafeReadableBytes { memory in
            inputStart = memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return nghttp2_session_mem_recv(session, inputStart, memory.count)
        }
        input = ByteBuffer()
        inputStart = nil
        mayWrite = true
        if result < 0 { fail(Int32(truncatingIfNeeded: result)) }
    }

    /// Lets the peer send so many bytes more on the stream.
    final func consume(_ count: Int, stream: UInt32) {
        nghttp2_session_consume_stream(session, Int32(stream), count)
        mayWrite = true
    }

    final func setConnectionWindow(_ bytes: Int) {
        nghttp2_session_set_local_window_size(session, 0, 0, Int32(clamping: bytes))
    }

    /// Makes the stream's window as large as a message that has begun to come, so that the rest needn't wait for credit
    /// on its way. It stays so: nghttp2 would count what a smaller one takes away against later growth.
    final func makeRoom(for bytes: Int, stream: HTTP2Stream) {
        guard bytes > max(stream.grownWindow, streamWindow), !stream.isRemoteClosed else { return }
        stream.grownWindow = bytes
        mayWrite = true
        nghttp2_session_set_local_window_size(session, 0, Int32(stream.id), Int32(clamping: bytes))
    }

    /// Says why, and takes no more input.
    final func terminate(code: UInt32, _ complaint: String) {
        guard !isBroken else { return }
        isBroken = true
        mayWrite = true
        self.complaint = complaint
        submitGoAway(code: code, text: complaint)
    }

    /// nghttp2 can't go on reading, and leaves it to others to say so.
    private func fail(_ error: Int32) {
        // NGHTTP2_ERR_TOO_MANY_CONTINUATIONS, which older headers don't name.
        let tooManyContinuations: Int32 = -905
        let code: UInt32 =
            switch error {
            case NGHTTP2_ERR_FLOODED.rawValue, NGHTTP2_ERR_TOO_MANY_SETTINGS.rawValue, tooManyContinuations:
                HTTP2ErrorCode.enhanceYourCalm
            case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: HTTP2ErrorCode.protocolError
            default: HTTP2ErrorCode.internalError
            }
        terminate(code: code, complaint ?? String(cString: nghttp2_strerror(error)))
    }

    // MARK: - Writing

    /// Whether there may be something to write.
    final var canPump: Bool { mayWrite && nghttp2_session_want_write(session) != 0 }

    /// Whether nothing more comes and goes.
    final var isOver: Bool { nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0 }

    /// Whether anything may still come.
    final var takesInput: Bool { nghttp2_session_want_read(session) != 0 }

    /// Streams that the peer lets this side have open at a time: 100 until its settings have come.
    final var maxOpenedStreams: Int {
        Int(nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// What the peer takes of one header block, counted as RFC 9113 (section 6.5.2) does.
    final var maxSentHeaderBytes: Int {
        Int(nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE))
    }

    /// Whether the peer's window of the connection is used up.
    final var isConnectionBlocked: Bool { nghttp2_session_get_remote_window_size(session) <= 0 }

    /// The streams that may send their next message; those that have ended are left out.
    final func takeSent() -> [UInt32] {
        if sent.isEmpty { return [] }
        defer { sent = [] }
        return sent
    }

    /// Moves frames into the output until about `room` bytes have moved into it, or as many as `slices` have room for.
    final func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        swap(&sink, &output)
        swap(&sinkSlices, &slices)
        sinkEnd = sink.readableBytes + room
        defer {
            swap(&sink, &output)
            swap(&sinkSlices, &slices)
        }
        while !isSinkFull {
            var frame: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &frame)
            guard count > 0 else {
                // Paused by a full sink, or done.
                if !isSinkFull { mayWrite = false }
                if count < 0 { isBroken = true }
                return
            }
            sink.writeBytes(UnsafeRawBufferPointer(start: frame, count: count))
        }
    }

    final var isSinkFull: Bool { sink.readableBytes >= sinkEnd || sinkSlices.isFull }
}
