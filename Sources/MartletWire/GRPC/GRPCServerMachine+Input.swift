internal import MartletCore
internal import NIOCore

/// What a client sends on a stream.
extension GRPCServerMachine {
    /// A header block over the limit so many times isn't read to its end.
    private static let hopelessFactor = 8

    /// From this size on, in bytes, a message is handed on in place instead of being copied behind the path.
    private static let copiedMessage = 4 << 10

    // MARK: - Headers

    /// Takes a field of the header block. False: the stream is to be reset.
    func take(
        name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let stream = blockStream else { return true }
        stream.headerBytes += name.count + value.count + Metadata.fieldOverhead
        guard stream.headerBytes <= limits.maxMetadataBytes else {
            return stream.headerBytes <= limits.maxMetadataBytes * Self.hopelessFactor
        }
        if name.first == UInt8(ascii: ":") {
            if name.equals(":path") {
                let start = names.readableBytes
                names.writeBytes(UnsafeRawBufferPointer(value))
                stream.path = start..<names.readableBytes
            } else if name.equals(":method") {
                stream.method = value.equals("POST") ? "POST" : String(decoding: value, as: UTF8.self)
            }
        } else if name.equals("grpc-timeout") {
            stream.timeout = GRPCTimeout(value)
            stream.isTimeoutBroken = stream.timeout == nil
        } else {
            block.append(name, value)
        }
        return true
    }

    /// Decides about a request whose header block is complete.
    func admit(_ stream: GRPCServerStream) {
        let headers = stream.headers!
        stream.deframer.compression = headers.compression
        guard headers.kind == .grpc else { return gather(stream) }
        if stream.headerBytes > limits.maxMetadataBytes {
            return refuse(stream, .metadataTooLarge(stream.headerBytes, limit: limits.maxMetadataBytes))
        }
        guard stream.method == "POST" else { return refuse(stream, httpStatus: "405", allow: "POST") }
        if let problem = headers.problem { return refuse(stream, problem) }
        if stream.isTimeoutBroken {
            return refuse(
                stream, RPCError(.internalError, "the request's grpc-timeout isn't up to 8 digits and one of HMSmun"))
        }
        if let timeout = stream.timeout, timeout.nanoseconds <= 0 {
            return refuse(stream, RPCError(.deadlineExceeded, "the call's time was up when it was sent"))
        }
        guard hasMethod(stream.path) else {
            return refuse(
                stream,
                RPCError(.unimplemented, "the request's path isn't of the form /service/method", isSafeToRetry: true))
        }
        enqueue(stream)
    }

    private func hasMethod(_ path: Range<Int>) -> Bool {
        names.withUnsafeReadableBytes { bytes in
            let path = bytes[path]
            guard path.first == UInt8(ascii: "/"), let last = path.lastIndex(of: UInt8(ascii: "/")) else {
                return false
            }
            return last > path.startIndex
        }
    }

    private func refuse(_ stream: GRPCServerStream, _ error: RPCError) {
        sendTrailersOnly(error, on: stream)
        answered(stream)
    }

    func refuse(_ stream: GRPCServerStream, httpStatus: String, allow: String? = nil) {
        var headers = HeaderBlock([":status": httpStatus])
        if let allow { headers.add("allow", allow) }
        submitResponse(headers, stream: stream, hasData: false)
        answered(stream)
    }

    // MARK: - Messages

    func take(_ bytes: ByteBuffer, on stream: GRPCServerStream) {
        if stream.phase == .gathering { return gather(bytes, of: stream) }
        guard stream.phase == .waiting || stream.phase == .open else { return }
        var chunk = bytes
        if stream.phase == .open, let run = stream.deframer.nextRun(&chunk) {
            earn()
            stream.window.completed(size: run.messageBytes, messages: run.count)
            append(.messages(stream: stream.id, run))
        }
        while true {
            switch stream.deframer.next(&chunk, blocks: blocks) {
            case .message(let message):
                earn()
                stream.window.completed(size: message.bytes.readableBytes)
                deliver(message, on: stream)
            case .failed(let error): return breakOff(stream, error)
            case .needsMore:
                if stream.window.isEmpty { makeRoom(for: stream.deframer.messageBytes, stream: stream) }
                let given = stream.window.arrived(partial: stream.deframer.partialBytes)
                if given > 0, !stream.isRemoteClosed { consume(given, stream: stream.id) }
                return
            }
        }
    }

    private func deliver(_ message: WireMessage, on stream: GRPCServerStream) {
        stream.messageCount += 1
        guard stream.phase == .waiting, stream.messageCount == 1 else {
            return append(.message(stream: stream.id, message))
        }
        guard message.bytes.readableBytes < Self.copiedMessage else {
            stream.first = .whole(message)
            return
        }
        let start = names.readableBytes
        names.writeImmutableBuffer(message.bytes)
        stream.first = .copied(start..<names.readableBytes, message.compression)
    }

    func takeEnd(of stream: GRPCServerStream) {
        if stream.phase == .gathering { return handOutHTTP(stream) }
        guard stream.phase == .waiting || stream.phase == .open else { return }
        if stream.deframer.isInsideMessage {
            return breakOff(stream, RPCError(.internalError, "the request ends inside of a message"))
        }
        // A request that waits, with its only message, is handed out as one.
        guard stream.phase == .open || stream.messageCount != 1 else { return }
        append(.halfClosed(stream: stream.id))
    }

    /// The client broke a rule of the stream.
    private func breakOff(_ stream: GRPCServerStream, _ error: RPCError) {
        if stream.phase == .waiting { return refuse(stream, error) }
        append(.failedStream(stream: stream.id, error))
    }

    /// The application took messages of so many bytes together, in order.
    func consumed(stream id: UInt32, bytes: Int, messages: Int) {
        guard let stream = stream(id) else { return }
        var given = stream.window.consumed(bytes: bytes, messages: messages)
        given += stream.window.arrived(partial: stream.deframer.partialBytes)
        if given > 0, !stream.isRemoteClosed { consume(given, stream: id) }
    }
}
