internal import MartletCore
internal import NIOCore

/// What a server sends on a stream. Streams that the client has reset take it, and drop it.
extension GRPCServerMachine {
    private static let plainHeaders = HeaderBlock([":status": "200", "content-type": "application/grpc"])
    private static let okTrailers = HeaderBlock(["grpc-status": "0"])
    // What nearly every answer consists of.
    private static let fixedHeaders = FixedHeaders(plainHeaders)
    private static let fixedTrailers = FixedHeaders(okTrailers)

    func sendInitialMetadata(
        stream id: UInt32, _ metadata: borrowing Metadata, compression: Compression?
    ) -> RPCError? {
        guard let stream = openStream(id) else { return nil }
        precondition(!stream.hasSentHeaders, "initial metadata is sent after the first message")
        if metadata.isEmpty, compression == nil {
            sendHeaders(on: stream)
            return nil
        }
        if let problem = problem(with: metadata) { return problem }
        var headers = Self.plainHeaders
        if let compression { headers.add("grpc-encoding", compression.rawValue) }
        headers.add(metadata)
        stream.hasSentHeaders = true
        submitResponse(headers, stream: stream, hasData: true)
        return nil
    }

    func sendMessage(
        stream id: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer?, write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard let stream = openStream(id) else { return .closed }
        if size > Int(Int32.max) { return .rejected(.messageTooLarge(size, limit: Int(Int32.max))) }
        if !stream.hasSentHeaders { sendHeaders(on: stream) }
        let hasRoom = send(size: size, isCompressed: isCompressed, ready: ready, stream: stream, write: write)
        return hasRoom ? .sent : .queued
    }

    func respond(
        stream id: UInt32, size: Int, isCompressed: Bool, ready: ByteBuffer?, trailers: borrowing Metadata,
        write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        guard let stream = openStream(id) else { return nil }
        let end: HTTP2Stream.End
        do throws(RPCError) { end = try okEnd(trailers) } catch {
            fail(stream: id, error)
            return error
        }
        if case .rejected(let error) = sendMessage(
            stream: id, size: size, isCompressed: isCompressed, ready: ready, write: write)
        {
            fail(stream: id, error)
            return error
        }
        finish(stream, with: end)
        answered(stream)
        return nil
    }

    func finish(stream id: UInt32, trailers: borrowing Metadata) -> RPCError? {
        guard let stream = openStream(id) else { return nil }
        let end: HTTP2Stream.End
        do throws(RPCError) { end = try okEnd(trailers) } catch {
            fail(stream: id, error)
            return error
        }
        if !stream.hasSentHeaders { sendHeaders(on: stream) }
        finish(stream, with: end)
        answered(stream)
        return nil
    }

    func fail(stream id: UInt32, _ error: RPCError) {
        guard let stream = openStream(id) else { return }
        if stream.hasSentHeaders {
            // What its writer needn't wait with goes ahead of the error.
            if stream.isWatched { dropQueued(stream) }
            finish(stream, with: .trailers(trailers(of: error)))
        } else {
            sendTrailersOnly(error, on: stream)
        }
        answered(stream)
    }

    /// Answers with a header block and nothing else.
    func sendTrailersOnly(_ error: RPCError, on stream: GRPCServerStream) {
        var headers = Self.plainHeaders
        if error.code == .unimplemented { headers.add("grpc-accept-encoding", GRPCRequestHeaders.acceptedNames) }
        headers.add(trailers(of: error))
        submitResponse(headers, stream: stream, hasData: false)
    }

    private func openStream(_ id: UInt32) -> GRPCServerStream? {
        guard let stream = stream(id), stream.phase == .open else { return nil }
        return stream
    }

    /// Without metadata.
    private func sendHeaders(on stream: GRPCServerStream) {
        stream.hasSentHeaders = true
        submitResponse(Self.fixedHeaders, stream: stream, hasData: true)
    }

    private func okEnd(_ metadata: borrowing Metadata) throws(RPCError) -> HTTP2Stream.End {
        if metadata.isEmpty { return .fixedTrailers(Self.fixedTrailers) }
        if let problem = problem(with: metadata) { throw problem }
        var trailers = Self.okTrailers
        trailers.add(metadata)
        return .trailers(trailers)
    }

    /// The trailers of a call that has failed. Where they are over the client's limit, metadata, details and the end of
    /// the message are left out and the message says so.
    private func trailers(of error: RPCError) -> HeaderBlock {
        var trailers = HeaderBlock()
        GRPCStatus.write(error) { trailers.add("\($0)", $1) }
        if problem(with: error.metadata) == nil { trailers.add(error.metadata) }
        guard trailers.wireSize > maxSentHeaderBytes else { return trailers }
        let message = String(decoding: error.message.utf8.prefix(Self.maxCutMessageBytes), as: UTF8.self)
        let note = " (cut; details and metadata left out: they are over the client's limits)"
        var cut = HeaderBlock()
        GRPCStatus.write(RPCError(error.code, message + note)) { cut.add("\($0)", $1) }
        return cut
    }

    /// Of the message of an error that had to be cut.
    private static let maxCutMessageBytes = 1024

    /// Why the client can't be sent metadata that a handler has set.
    private func problem(with metadata: borrowing Metadata) -> RPCError? {
        if metadata.isEmpty { return nil }
        do throws(RPCError) {
            try metadata.validate()
            try metadata.checkHeaders()
        } catch {
            return RPCError(.internalError, "the response's metadata can't be sent: \(error.message)")
        }
        let size = metadata.wireSize
        return size > maxSentHeaderBytes ? .metadataTooLarge(size, limit: maxSentHeaderBytes) : nil
    }
}

extension HeaderBlock {
    mutating func add(_ metadata: borrowing Metadata) {
        metadata.forEachHeader { add($0, Array($1)) }
    }
}
