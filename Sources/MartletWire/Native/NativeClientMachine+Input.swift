internal import MartletCore
internal import NIOCore

extension NativeClientMachine {
    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ClientWireEvent? {
        do throws(WireError) {
            while state != .failed {
                guard let header = FrameHeader(peekingAt: input) else {
                    bytesNeeded = FrameHeader.byteCount - input.readableBytes
                    return nil
                }
                try check(header, input)
                if header.isPlainData, let run = connection.takeRun(header.stream, of: &input, &output) {
                    return .messages(stream: header.stream, run)
                }
                guard let data = input.readFrameData(header) else {
                    bytesNeeded = FrameHeader.byteCount + header.length - input.readableBytes
                    return nil
                }
                if let event = try handle(header, data, &output) { return event }
            }
            input.moveReaderIndex(to: input.writerIndex)
            return nil
        } catch {
            fail(error, &output)
            input.moveReaderIndex(to: input.writerIndex)
            return .failed(error)
        }
    }

    /// Judges a frame by its header, before its data has come.
    private func check(_ header: FrameHeader, _ input: borrowing ByteBuffer) throws(WireError) {
        if state == .open {
            return try header.checkLength(limit: connection.limits.maxFrameBytes, stage: .established)
        }
        guard header.type == .hello || header.type == .goAway, header.stream == 0 else {
            let problem = "the server began with \(describeFirstBytes(input, header)) instead of a Hello"
            let advice = "the target must be a port that serves Martlet's native wire\(adviceOnTLS(input))"
            throw WireError(stage: .handshake, code: .failedPrecondition, message: "\(problem); \(advice)")
        }
        try header.checkLength(limit: WireLimits.initial.maxFrameBytes, stage: .handshake)
    }

    /// Acts on a whole frame. Nil: there is nothing to tell.
    private mutating func handle(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ClientWireEvent? {
        switch header.type {
        case .response: return try handleResponse(header, data, &output)
        case .data: return try handleData(header, data, &output)
        case .metadata: return try handleMetadata(header, data, &output)
        case .window:
            try connection.handleWindow(header, data)
            return nil
        case .ping: return try connection.handlePing(header, data, &output).map { .pong($0) }
        case .hello:
            let hello = try connection.handleHello(header, data)
            state = .open
            return .established(hello)
        case .goAway:
            let goAway = try connection.handleGoAway(header, data)
            takesNoRequests = true
            for (id, stream) in connection.streams.entries where id > goAway.lastStream { drop(stream) }
            return .goAway(lastStream: goAway.lastStream, code: goAway.code, text: goAway.text)
        case .request, .cancel: throw .violation("\(header.name): only a client sends it")
        default:
            try connection.budget.spend(on: header)
            return nil
        }
    }

    private mutating func handleResponse(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ClientWireEvent {
        try header.checkFlags(allowed: connection.receiveCompression == nil ? [] : .compressed)
        try checkOpen(header)
        let metadataLimit = connection.limits.maxMetadataBytes
        let envelope = try header.read(data) { (reader) throws(MalformedMessage) in
            try ResponseEnvelope(&reader, metadataLimit: metadataLimit)
        }
        let size = envelope.payload.count
        connection.budget.earn()
        let stream = connection.stream(header.stream)
        if size > 0 {
            try connection.inbox.use(header, size: size, of: stream)
            try connection.inbox.arrived(header, cost: size, output: &output)
        }
        if let stream {
            if envelope.isSuccess, stream.receiving.isInMessage {
                throw .violation("\(header.name) ends inside a message")
            }
            connection.remove(stream)
        }
        openStreams -= 1
        var problem: RPCError?
        do throws(RPCError) { try connection.inbox.check("response", size: size) } catch { problem = error }
        return .response(
            WireResponse(
                stream: header.stream, compression: connection.compression(header), data, envelope,
                problem: problem))
    }

    private mutating func handleData(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ClientWireEvent? {
        let stream = try entry(header)
        switch try connection.receive(header, data, on: stream, &output) {
        case .message(let message): return .message(stream: header.stream, message)
        case .tooLarge(let error): return giveUp(stream, error, &output)
        case .nothing: return nil
        }
    }

    private mutating func handleMetadata(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ClientWireEvent? {
        try header.checkFlags()
        try connection.budget.spend(on: header)
        let limit = connection.limits.maxMetadataBytes
        let fields = try header.read(data) { (reader) throws(MalformedMessage) in
            try readMetadata(&reader, limit: limit)
        }
        let stream = try entry(header)
        guard !stream.receiving.hasBegun else {
            throw .violation("\(header.name) comes twice, or after a message")
        }
        stream.receiving.hasBegun = true
        if stream.receiving.isDropping { return nil }
        do throws(RPCError) {
            return .initialMetadata(stream: header.stream, try fields.complete())
        } catch {
            return giveUp(stream, .unusableMetadata(in: "server", error), &output)
        }
    }

    /// Ends a stream whose server broke a rule: nobody waits for the rest.
    private mutating func giveUp(
        _ stream: NativeStream, _ error: RPCError, _ output: inout ByteBuffer
    ) -> ClientWireEvent {
        cancel(stream: stream.id, code: .cancelled, into: &output)
        return .failedStream(stream: stream.id, error)
    }

    /// Throws unless the frame's stream may be open: this much can be known of streams without an entry.
    private func checkOpen(_ header: FrameHeader) throws(WireError) {
        let hasRoom = connection.streams.count < openStreams || connection.stream(header.stream) != nil
        guard header.hasClientStream, header.stream <= connection.lastStream, hasRoom else {
            throw .violation("\(header.name), which has no open call")
        }
    }

    private mutating func entry(_ header: FrameHeader) throws(WireError) -> NativeStream {
        if let stream = connection.stream(header.stream) { return stream }
        try checkOpen(header)
        return connection.add(header.stream)
    }
}
