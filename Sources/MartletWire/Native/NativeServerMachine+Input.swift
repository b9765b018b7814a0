internal import MartletCore
internal import NIOCore

extension NativeServerMachine {
    /// Takes whole frames from `input` until one is an event. Nil: more bytes are needed (`bytesNeeded`).
    mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> ServerWireEvent? {
        if let stream = halfClosed.take(), connection.stream(stream.id) === stream {
            return .halfClosed(stream: stream.id)
        }
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
        guard state == .awaitingHello else {
            return try header.checkLength(limit: connection.limits.maxFrameBytes, stage: .established)
        }
        guard header.type == .hello, header.stream == 0 else {
            let problem = "the connection began with \(describeFirstBytes(input, header))"
            let advice = "this port takes Martlet's native wire, gRPC, HTTP and plain ttrpc\(adviceOnTLS(input))"
            throw WireError(stage: .handshake, code: .failedPrecondition, message: "\(problem); \(advice)")
        }
        try header.checkLength(limit: WireLimits.initial.maxFrameBytes, stage: .handshake)
    }

    /// Acts on a whole frame. Nil: there is nothing to tell.
    private mutating func handle(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent? {
        switch header.type {
        case .request: return try handleRequest(header, data, &output)
        case .data: return try handleData(header, data, &output)
        case .window:
            try connection.handleWindow(header, data)
            return nil
        case .ping: return try connection.handlePing(header, data, &output).map { .pong($0) }
        case .cancel: return try handleCancel(header, data, &output)
        case .hello:
            let hello = try connection.handleHello(header, data)
            state = .open
            connection.writeHello(implementation, into: &output)
            return .established(hello)
        case .goAway:
            let goAway = try connection.handleGoAway(header, data)
            return .goAway(code: goAway.code, text: goAway.text)
        case .response, .metadata: throw .violation("\(header.name): only a server sends it")
        default:
            try connection.budget.spend(on: header)
            return nil
        }
    }

    private mutating func handleRequest(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent {
        try header.checkRequestFlags(hasCompression: connection.receiveCompression != nil)
        let metadataLimit = connection.limits.maxMetadataBytes
        let envelope = try header.read(data) { (reader) throws(MalformedMessage) in
            try RequestEnvelope(&reader, metadataLimit: metadataLimit)
        }
        if header.flags.contains(.remoteOpen), !envelope.payload.isEmpty {
            throw .violation("\(header.name) has a message, though its flag says that they follow")
        }
        connection.budget.earn()
        if !envelope.payload.isEmpty {
            try connection.inbox.use(header, size: envelope.payload.count, of: nil)
            try connection.inbox.arrived(header, cost: envelope.payload.count, output: &output)
        }
        if let problem = checkID(header.stream) { return refuse(header, problem, &output) }
        connection.lastStream = header.stream
        do throws(RPCError) {
            try checkRoom()
            try connection.inbox.check("request", size: envelope.payload.count)
            if envelope.timeout < 0 {
                throw RPCError(
                    .invalidArgument, "the timeout of \(envelope.timeout) ns is negative; leave it out for none")
            }
            let request = try WireRequest(
                stream: header.stream, isHalfClosed: !header.flags.contains(.remoteOpen),
                compression: connection.compression(header),
                acceptedCompressions: connection.acceptedCompressions, data, envelope)
            if !request.isHalfClosed { _ = connection.add(request.stream) }
            openStreams += 1
            return .request(request)
        } catch {
            return refuse(header, RPCError(error.code, error.message, isSafeToRetry: true), &output)
        }
    }

    /// The stream may have been another call's, so this says nothing of a retry.
    private func checkID(_ stream: UInt32) -> RPCError? {
        if stream % 2 == 0 { return RPCError(.invalidArgument, "stream id \(stream) is even: a client's are odd") }
        let last = connection.lastStream
        return stream > last
            ? nil : RPCError(.invalidArgument, "stream id \(stream) doesn't rise: the last was \(last)")
    }

    private func checkRoom() throws(RPCError) {
        if isDraining { throw RPCError(.unavailable, "the server is shutting down: retry on another connection") }
        let limit = connection.limits.maxConcurrentStreams
        guard openStreams < limit else {
            throw RPCError(.unavailable, "the connection has its \(limit) open calls: retry when one has ended")
        }
    }

    private func refuse(_ header: FrameHeader, _ error: RPCError, _ output: inout ByteBuffer) -> ServerWireEvent {
        writeError(error, stream: header.stream, into: &output)
        return .refused(stream: header.stream, error)
    }

    private mutating func handleData(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent? {
        try connection.checkOpened(header)
        let stream = connection.stream(header.stream)
        switch try connection.receive(header, data, on: stream, &output) {
        case .message(let message):
            if header.flags.contains(.remoteClosed) { halfClosed = stream }
            return .message(stream: header.stream, message)
        case .tooLarge(let error):
            return .failedStream(stream: header.stream, error)
        case .nothing:
            guard header.flags.contains(.noData), let stream, !stream.receiving.isDropping else { return nil }
            return .halfClosed(stream: header.stream)
        }
    }

    private mutating func handleCancel(
        _ header: FrameHeader, _ data: ByteBuffer, _ output: inout ByteBuffer
    ) throws(WireError) -> ServerWireEvent {
        try header.checkFlags()
        try connection.budget.spend(on: header)
        let cancel = try header.read(data, Cancel.init(_:))
        try connection.checkOpened(header)
        if let stream = connection.stream(header.stream) { dropQueuedAnswer(stream, cancel.code, &output) }
        return .cancel(stream: header.stream, code: cancel.code)
    }
}

extension FrameHeader {
    /// `hasCompression`: one has been agreed on.
    func checkRequestFlags(hasCompression: Bool) throws(WireError) {
        if flags.isEmpty { return }
        try checkFlags(allowed: [.remoteClosed, .remoteOpen, hasCompression ? .compressed : []])
        if flags.contains(.remoteOpen), flags != .remoteOpen {
            throw .violation("\(name): remote-open goes without other flags")
        }
    }
}
