internal import MartletCore
internal import NIOCore

/// The server's side of a connection on which the client speaks HTTP/1.1 or 1.0: one request after another, each taken
/// off the input only once the one before is answered.
///
/// ```
///                 head                        whole                      respond
///     ( head ) ───────────→ ( body ) ─────────────────→ ( answering ) ─────────────→ ( head )
///         │                    │                              │ the last one
///         └── wrong, too large, too slow, draining ───────────┴────────────────────→ ( over )
/// ```
struct HTTP1ServerMachine: ~Copyable {
    private enum State {
        case head
        case body
        case answering
        case over
    }

    private var state = State.head
    private var isEstablished = false
    private var isDraining = false
    private let limits: WireLimits
    private var scanner: HTTP1LineScanner
    /// Whether the empty line that may come ahead of a request line has.
    private var hasSkippedLine = false
    /// What is known of the request under way.
    private var head: HTTP1Head?
    private var body: HTTP1Body
    private var keepsAlive = false
    /// Streams are odd and rise, as on the other wires.
    private var nextStream: UInt32 = 1
    private var hasProgressed = false

    /// What a client's first request may begin with.
    private static let methods = [
        "GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ",
    ]

    init(limits: WireLimits) {
        self.limits = limits
        scanner = Self.scanner(limits)
        body = HTTP1Body(.bytes(0), limits: limits)
    }

    private static func scanner(_ limits: WireLimits) -> HTTP1LineScanner {
        // One line more than fields.
        HTTP1LineScanner(maxLines: HTTP1.maxFields + 1, maxBytes: limits.maxMetadataBytes)
    }

    /// Whether the bytes begin with a method of HTTP and a space.
    static func recognises(_ input: borrowing ByteBuffer) -> Bool {
        input.withUnsafeReadableBytes { bytes in
            guard let first = bytes.first, first &- UInt8(ascii: "A") < 26 else { return false }
            return Self.methods.contains { bytes.starts(with: $0.utf8) }
        }
    }

    var openStreams: Int { state == .answering ? 1 : 0 }

    /// Whether a request waits for its answer: until then no other is taken off the input.
    var isAnswering: Bool { state == .answering }

    /// Whether a request has begun to come in and isn't whole.
    var isReceiving: Bool { state == .body || state == .head && scanner.isBegun }

    /// Whether the connection is to be closed once the output is with the client.
    var isOver: Bool { state == .over }

    var bytesNeeded: Int {
        switch state {
        case .head: HTTP1.headPartBytes
        case .body: body.bytesNeeded
        case .answering, .over: 1
        }
    }

    /// Whether a head, or a large part of a body, has come since this was last asked.
    mutating func takeProgress() -> Bool {
        defer { hasProgressed = false }
        return hasProgressed
    }

    // MARK: Input

    mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ServerWireEvent? {
        guard isEstablished else {
            isEstablished = true
            return .established(nil)
        }
        do throws(HTTP1Problem) {
            if state == .head, !(try takeHead(&input, &output)) { return nil }
            if state == .body { return try takeBody(&input) }
        } catch {
            refuse(error, &output)
            input.moveReaderIndex(to: input.writerIndex)
            return .failed(error.wireError)
        }
        if state == .over { input.moveReaderIndex(to: input.writerIndex) }
        return nil
    }

    /// False: more bytes are needed.
    private mutating func takeHead(
        _ input: inout ByteBuffer, _ output: inout ByteBuffer
    ) throws(HTTP1Problem) -> Bool {
        guard let count = try scanner.scan(input) else { return false }
        let lines = scanner.lines
        guard !lines.isEmpty else {
            // Some clients send one behind a body (RFC 9112, section 2.2).
            guard !hasSkippedLine else { throw HTTP1Problem("empty lines where a request line is expected") }
            hasSkippedLine = true
            input.moveReaderIndex(forwardBy: count)
            scanner = Self.scanner(limits)
            return try takeHead(&input, &output)
        }
        let head = try input.withUnsafeReadableBytes { (bytes) throws(HTTP1Problem) in
            try HTTP1Head(bytes, lines: lines)
        }
        let framing = try HTTP1Framing(head, limit: limits.maxMessageBytes)
        input.moveReaderIndex(forwardBy: count)
        scanner = Self.scanner(limits)
        hasSkippedLine = false
        hasProgressed = true
        keepsAlive = framing.keepsAlive
        body = HTTP1Body(framing.length, limits: limits)
        self.head = head
        state = .body
        if framing.expectsContinue { output.writeString("HTTP/1.1 100 Continue\r\n\r\n") }
        return true
    }

    private mutating func takeBody(_ input: inout ByteBuffer) throws(HTTP1Problem) -> ServerWireEvent? {
        let parts = body.bytes.count / HTTP1.bodyPartBytes
        try body.take(&input)
        if body.bytes.count / HTTP1.bodyPartBytes > parts { hasProgressed = true }
        guard body.isWhole, let head else { return nil }
        hasProgressed = true
        state = .answering
        let request = HTTPRequest(
            method: head.method, path: head.path, query: head.query, headers: head.fields, body: body.bytes)
        body = HTTP1Body(.bytes(0), limits: limits)
        return .httpRequest(stream: nextStream, request)
    }

    // MARK: Answers

    /// Answers the request under way; does nothing for another, or the second time.
    mutating func respond(stream: UInt32, _ response: borrowing HTTPResponse, into output: inout ByteBuffer) {
        guard state == .answering, stream == nextStream, let head else { return }
        nextStream += 2
        // Ids end; a client sends its next request on a new connection.
        let goesOn = keepsAlive && !isDraining && nextStream < UInt32(Int32.max)
        output.write(
            response, omitsBody: head.method == "HEAD", connection: goesOn ? head.isOld ? .keepAlive : nil : .close)
        self.head = nil
        state = goesOn ? .head : .over
    }

    /// Takes no more requests. One that isn't whole is refused, and an open one is the last.
    mutating func goAway(code: StatusCode, text: String, into output: inout ByteBuffer) {
        isDraining = true
        if isReceiving { refuse(HTTP1Problem(code == .deadlineExceeded ? 408 : 503, text), &output) }
        if state != .answering { state = .over }
    }

    private mutating func refuse(_ problem: HTTP1Problem, _ output: inout ByteBuffer) {
        output.write(
            HTTPResponse(status: problem.status, text: problem.text + "\n"), omitsBody: false, connection: .close)
        head = nil
        body = HTTP1Body(.bytes(0), limits: limits)
        state = .over
    }
}
