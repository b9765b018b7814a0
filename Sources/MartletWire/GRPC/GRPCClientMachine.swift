internal import MartletCore
internal import NIOCore

/// The client's side of a connection that speaks gRPC over HTTP/2 (PROTOCOL-HTTP2 of grpc/grpc; RFC 9113).
///
/// What comes in is read at once and waits as events; what goes out waits for ``HTTP2Session/pump(into:_:room:)``.
final class GRPCClientMachine: HTTP2Session {
    let limits: WireLimits
    /// What all requests begin and end with.
    private let requestHeaders: GRPCRequestTemplate
    /// What has come and isn't taken yet, from `position` on.
    private var events: [ClientWireEvent] = []
    private var position = 0
    /// Until the server's settings have come.
    private var firstBytes: ByteBuffer? = ByteBuffer()
    private var hasFailed = false
    /// Either side has said that no more requests come.
    private var isDraining = false
    private var budget = FrameBudget()
    /// The header block that is coming, or came last.
    private let headers: GRPCResponseHeaders
    /// Requests that wait for their outcome.
    private(set) var openStreams = 0

    /// - Parameter authority: The server, as requests name it.
    init(
        limits: WireLimits, implementation: NativeImplementation, authority: String, isSecured: Bool,
        blocks: SpareBlocks
    ) {
        limits.validate()
        self.limits = limits
        requestHeaders = GRPCRequestTemplate(
            authority: authority, isSecured: isSecured, acceptedCompressions: limits.compressions,
            userAgent: "grpc-swift-martlet/\(implementation.version)")
        headers = GRPCResponseHeaders(metadataLimit: limits.maxMetadataBytes)
        super.init(
            isServer: false,
            settings: Settings(
                streamWindow: limits.streamWindow, connectionWindow: limits.connectionWindow,
                maxHeaderListBytes: limits.maxMetadataBytes + Self.ownHeaderBytes, maxConcurrentStreams: 0),
            blocks: blocks)
    }

    /// Of the protocol's own headers, status and message among them, beside the metadata.
    private static let ownHeaderBytes = 16 << 10
    /// Of one header block that is sent: nghttp2 takes 64 KiB.
    private static let greatestHeaderBlock = 60 << 10

    private var isEstablished: Bool { firstBytes == nil }

    // MARK: - Events

    func next(_ input: inout ByteBuffer) -> ClientWireEvent? {
        if let event = takeEvent() { return event }
        defer { input.moveReaderIndex(to: input.writerIndex) }
        guard input.readableBytes > 0, !hasFailed else { return nil }
        if let count = firstBytes?.readableBytes, count < FrameHeader.byteCount {
            firstBytes?.writeBytes(input.readableBytesView.prefix(FrameHeader.byteCount - count))
        }
        receive(input)
        return takeEvent()
    }

    /// Whether there are events to take without more input.
    var hasEvents: Bool { position < events.count || isAtEnd }

    /// Whether the connection is of no use any more, and nobody has been told. Of the server's mistakes nghttp2 tells only
    /// by its silence, once it has told the server.
    private var isAtEnd: Bool { !hasFailed && (isBroken || !takesInput && !(isDraining && streams.isEmpty)) }

    private func takeEvent() -> ClientWireEvent? {
        guard position < events.count else {
            guard isAtEnd else { return nil }
            hasFailed = true
            return .failed(failure)
        }
        defer {
            position += 1
            if position == events.count {
                events.removeAll(keepingCapacity: events.count <= Self.keptEvents)
                position = 0
            }
        }
        return events[position]
    }

    /// Events for which the array keeps its room.
    private static let keptEvents = 64

    /// Why the connection can't go on.
    private var failure: WireError {
        if let firstBytes, let header = FrameHeader(peekingAt: firstBytes) {
            return WireError(
                stage: .handshake, code: .failedPrecondition,
                message: """
                    the server began with \(describeFirstBytes(firstBytes, header)) instead of HTTP/2's SETTINGS; the \
                    target must be a port that serves gRPC, and the client secured if that is
                    """)
        }
        return WireError(
            stage: isEstablished ? .established : .handshake, code: .internalError, message: "HTTP/2: \(mistake)")
    }

    /// What the server did wrong last.
    private var mistake: String { complaint ?? "the server broke a rule" }

    // MARK: - Requests

    func request(
        service: String, method: String, form: RequestForm, payloadSize: Int, isCompressed: Bool,
        compression: Compression?, ready: ByteBuffer?, timeoutNanoseconds: Int64?, metadata: borrowing Metadata,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> RequestOutcome {
        guard !hasFailed, !isBroken, !isDraining else { return .exhausted }
        guard openStreams < maxOpenedStreams else { return .notNow }
        let ofMethod = requestHeaders.headers(service: service, method: method)
        var ofCall = HeaderBlock()
        do throws(RPCError) {
            try check(size: payloadSize)
            if !metadata.isEmpty { try metadata.checkHeaders() }
            requestHeaders.write(
                timeoutNanoseconds: timeoutNanoseconds, compression: compression, metadata: metadata, to: &ofCall)
            let most = min(maxSentHeaderBytes, Self.greatestHeaderBlock)
            let size = ofMethod.wireSize + ofCall.wireSize
            if size > most { throw .metadataTooLarge(size, limit: most) }
        } catch {
            return .rejected(error)
        }
        let submitted = ofMethod.withFields(and: ofCall) { submitRequest($0, $1) }
        guard let id = submitted else { return .exhausted }
        budget.earn()
        openStreams += 1
        switch form {
        case .open(let streamsResponses):
            add(GRPCClientStream(id: id, streamsResponses: streamsResponses, isFinished: false, limits))
            return .sent(stream: id, isQueued: false)
        case .only(let streamsResponses):
            let stream = GRPCClientStream(id: id, streamsResponses: streamsResponses, isFinished: true, limits)
            add(stream)
            let hasRoom = send(
                size: payloadSize, isCompressed: isCompressed, ready: ready, stream: stream, write: write)
            finish(stream, with: .endStream)
            return .sent(stream: id, isQueued: !hasRoom)
        }
    }

    func sendMessage(
        stream id: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer?, write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard let stream = openStream(id), !stream.isFinished else { return .closed }
        do throws(RPCError) { try check(size: size) } catch { return .rejected(error) }
        budget.earn()
        let hasRoom = send(size: size, isCompressed: isCompressed, ready: ready, stream: stream, write: write)
        return hasRoom ? .sent : .queued
    }

    /// The server says nothing of its limits; that of the message's prefix is 4 GiB.
    private func check(size: Int) throws(RPCError) {
        guard size <= Int(Int32.max) else { throw .messageTooLarge(size, limit: Int(Int32.max)) }
    }

    func halfClose(stream id: UInt32) {
        guard let stream = openStream(id), !stream.isFinished else { return }
        stream.isFinished = true
        finish(stream, with: .endStream)
    }

    /// Nobody waits for the call any more.
    func cancel(stream id: UInt32) {
        guard let stream = openStream(id) else { return }
        end(stream)
        reset(id, code: HTTP2ErrorCode.cancel)
    }

    /// No more requests come. With a code other than OK the connection is about to be closed.
    func goAway(code: StatusCode, text: String) {
        guard !isBroken else { return }
        isDraining = true
        submitGoAway(code: code == .ok ? HTTP2ErrorCode.noError : HTTP2ErrorCode.internalError, text: text)
    }

    // MARK: - The connection

    override func receivedSettings(isAcknowledgement: Bool) {
        guard !isAcknowledgement, !isEstablished else { return }
        firstBytes = nil
        events.append(.established(nil))
    }

    override func receivedPing(_ opaque: UInt64, isAcknowledgement: Bool) {
        if isAcknowledgement { events.append(.pong(opaque)) }
    }

    override func receivedGoAway(lastStream: UInt32, code: UInt32, text: String) {
        isDraining = true
        let reason = text.isEmpty ? HTTP2ErrorCode.name(code) : text
        let status: StatusCode =
            switch code {
            case HTTP2ErrorCode.noError: .ok
            case HTTP2ErrorCode.enhanceYourCalm: .resourceExhausted
            default: .internalError
            }
        events.append(.goAway(lastStream: lastStream, code: status, text: reason))
        for case (let id, let stream as GRPCClientStream) in streams.entries where !stream.hasEnded {
            if id > lastStream {
                end(stream)
            } else if !stream.isBegun {
                // HTTP/2 doesn't let it begin any more.
                let error = RPCError(
                    .unavailable, "the server takes no more calls on this connection (\(reason))", isSafeToRetry: true)
                end(stream, with: .failure(error))
            }
        }
    }

    override func received(controlFrame name: StaticString) {
        guard !budget.spend() else { return }
        terminate(
            code: HTTP2ErrorCode.enhanceYourCalm,
            "too many frames without messages, the last \(name); each second there may be \(FrameBudget.least)")
    }

    /// A second has passed.
    func tick() { budget.refill() }

    // MARK: - Streams

    private func stream(_ id: UInt32) -> GRPCClientStream? {
        streams[id].map { unsafeDowncast($0, to: GRPCClientStream.self) }
    }

    private func openStream(_ id: UInt32) -> GRPCClientStream? {
        guard let stream = stream(id), !stream.hasEnded else { return nil }
        return stream
    }

    override func sentFrame(of stream: HTTP2Stream) {
        budget.earn()
        unsafeDowncast(stream, to: GRPCClientStream.self).isBegun = true
    }

    /// nghttp2 has seen a mistake of the server's; what this side resets by itself has ended before.
    override func sentReset(stream id: UInt32, code: UInt32) {
        guard let stream = openStream(id) else { return }
        end(stream, with: .failure(RPCError(.internalError, "HTTP/2: \(mistake)")))
    }

    override func closed(_ stream: HTTP2Stream, code: UInt32) {
        let stream = unsafeDowncast(stream, to: GRPCClientStream.self)
        if !stream.hasEnded { end(stream, with: .failure(RPCError(reset: code))) }
    }

    override func beganHeaders(stream id: UInt32, isFirst: Bool) -> Bool {
        if openStream(id) != nil { headers.begin() }
        return true
    }

    override func received(
        name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, stream id: UInt32
    ) -> Bool {
        guard let stream = openStream(id) else { return true }
        headers.count(name, value)
        guard headers.size <= Self.mostHeaderBytes(limits) else {
            giveUp(stream, .metadataTooLarge(headers.size, limit: Self.mostHeaderBytes(limits)))
            return false
        }
        headers.add(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer(value))
        return true
    }

    /// A header block of more bytes isn't read to its end.
    private static func mostHeaderBytes(_ limits: WireLimits) -> Int { 4 * (limits.maxMetadataBytes + ownHeaderBytes) }

    override func endedHeaders(stream id: UInt32, isFirst: Bool, isEnd: Bool) {
        guard let stream = openStream(id) else { return }
        if isEnd {
            stream.hasTrailers = true
        } else if headers.isInformational {
            received(controlFrame: "informational HEADERS")
        } else {
            answer(stream)
        }
    }

    /// The response's headers have come.
    private func answer(_ stream: GRPCClientStream) {
        stream.httpProblem = headers.httpProblem
        guard stream.httpProblem == nil else { return }
        stream.deframer.setEncoding(headers.encoding)
        do throws(RPCError) {
            let metadata = try headers.metadata()
            if !stream.isUnary || !metadata.isEmpty {
                events.append(.initialMetadata(stream: stream.id, metadata))
            }
        } catch {
            giveUp(stream, .unusableMetadata(in: "server", error))
        }
    }

    override func received(_ bytes: ByteBuffer, stream: HTTP2Stream) {
        budget.earn()
        let stream = unsafeDowncast(stream, to: GRPCClientStream.self)
        var given = bytes.readableBytes
        if !stream.hasEnded, stream.httpProblem == nil, read(bytes, on: stream) {
            if stream.window.isEmpty { makeRoom(for: stream.deframer.messageBytes, stream: stream) }
            if stream.streamsResponses {
                given = stream.window.arrived(partial: stream.deframer.partialBytes)
            }
        }
        if given > 0 { consume(given, stream: stream.id) }
    }

    /// False: nothing more is to be read on the stream.
    private func read(_ bytes: ByteBuffer, on stream: GRPCClientStream) -> Bool {
        var bytes = bytes
        if stream.streamsResponses, let run = stream.deframer.nextRun(&bytes) {
            stream.window.completed(size: run.messageBytes, messages: run.count)
            events.append(.messages(stream: stream.id, run))
        }
        while true {
            switch stream.deframer.next(&bytes, blocks: blocks) {
            case .needsMore: return true
            case .message(let message): deliver(message, on: stream)
            case .failed(let error):
                giveUp(stream, error)
                return false
            }
        }
    }

    private func deliver(_ message: WireMessage, on stream: GRPCClientStream) {
        stream.messageCount += 1
        if stream.streamsResponses {
            stream.window.completed(size: message.bytes.readableBytes)
            events.append(.message(stream: stream.id, message))
        } else if stream.messageCount == 1 {
            stream.response = message
        }
    }

    /// The application took messages of so many bytes together, in order.
    func consumed(stream id: UInt32, bytes: Int, messages: Int) {
        guard let stream = openStream(id) else { return }
        var given = stream.window.consumed(bytes: bytes, messages: messages)
        given += stream.window.arrived(partial: stream.deframer.partialBytes)
        if given > 0 { consume(given, stream: id) }
    }

    // MARK: - The end of a stream

    override func receivedEnd(stream: HTTP2Stream) {
        let stream = unsafeDowncast(stream, to: GRPCClientStream.self)
        guard !stream.hasEnded else { return }
        end(stream, with: stream.outcome(headers))
        // The server reads no more (RFC 9113, section 8.1).
        if !stream.isLocalClosed { reset(stream.id, code: HTTP2ErrorCode.noError) }
    }

    /// The server broke a rule of the stream, or a limit of ours: nobody waits for the rest.
    private func giveUp(_ stream: GRPCClientStream, _ error: RPCError) {
        guard !stream.hasEnded else { return }
        end(stream)
        events.append(.failedStream(stream: stream.id, error))
        reset(stream.id, code: HTTP2ErrorCode.cancel)
    }

    private func end(_ stream: GRPCClientStream, with result: Result<WireMessage, RPCError>) {
        end(stream)
        let metadata: Metadata =
            switch result {
            case .success: (try? headers.metadata()) ?? [:]
            case .failure(let error): error.metadata
            }
        events.append(
            .response(WireResponse(stream: stream.id, result: result, trailingMetadata: metadata)))
    }

    private func end(_ stream: GRPCClientStream) {
        stream.hasEnded = true
        openStreams -= 1
        dropQueued(stream)
    }
}
