internal import CNghttp2
internal import NIOCore

/// What goes out: it waits for ``HTTP2Session/pump(into:_:room:)``.
extension HTTP2Session {
    /// Bytes that may wait of one stream before its writer waits for room.
    private static let highWater = 64 << 10
    /// Bytes below which it goes on.
    static let lowWater = 16 << 10

    /// Opens a stream with its header block. Nil: no more streams can be opened.
    func submitRequest(_ fields: UnsafePointer<nghttp2_nv>, _ count: Int) -> UInt32? {
        mayWrite = true
        // Requests get ids in the order in which they are submitted.
        var provider = Self.provider(UInt32(nghttp2_session_get_next_stream_id(session)))
        let id = nghttp2_submit_request(session, nil, fields, count, &provider, nil)
        return id > 0 ? UInt32(id) : nil
    }

    /// Sends a response's header block; nothing follows it unless it `hasData`.
    func submitResponse(_ headers: HeaderBlock, stream: HTTP2Stream, hasData: Bool) {
        headers.withFields { submitResponse($0, $1, stream: stream, hasData: hasData) }
    }

    /// The same.
    func submitResponse(_ headers: FixedHeaders, stream: HTTP2Stream, hasData: Bool) {
        submitResponse(headers.fields, headers.count, stream: stream, hasData: hasData)
    }

    private func submitResponse(
        _ fields: UnsafePointer<nghttp2_nv>, _ count: Int, stream: HTTP2Stream, hasData: Bool
    ) {
        mayWrite = true
        guard hasData else {
            nghttp2_submit_response(session, Int32(stream.id), fields, count, nil)
            return
        }
        var provider = Self.provider(stream.id)
        nghttp2_submit_response(session, Int32(stream.id), fields, count, &provider)
    }

    /// Adds a message to what waits. False: it is so much now that the stream's next one should wait until ``takeSent()``
    /// names it.
    func send(
        size: Int, isCompressed: Bool, ready: ByteBuffer?, stream: HTTP2Stream, write: (UnsafeMutableRawPointer) -> Void
    ) -> Bool {
        let before = stream.sending.count
        stream.sending.append(
            size: size, isCompressed: isCompressed, ready: ready, blocks: blocks, buffers: &spareBuffers, write: write)
        queuedBytes += stream.sending.count - before
        resume(stream)
        guard stream.sending.count >= Self.highWater || !stream.sending.takesMore else { return true }
        stream.isWatched = true
        return false
    }

    /// Sends bytes that are no gRPC message.
    func send(_ bytes: ByteBuffer, stream: HTTP2Stream) {
        stream.sending.append(bytes)
        queuedBytes += bytes.readableBytes
        resume(stream)
    }

    /// Ends this side of the stream, after what waits.
    func finish(_ stream: HTTP2Stream, with end: HTTP2Stream.End) {
        stream.end = end
        resume(stream)
    }

    /// Forgets what waits for the stream.
    func dropQueued(_ stream: HTTP2Stream) {
        queuedBytes -= stream.sending.count
        stream.sending.removeAll()
    }

    func reset(_ stream: UInt32, code: UInt32) {
        mayWrite = true
        nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), Int32(stream), code)
    }

    func ping(_ opaque: UInt64) {
        mayWrite = true
        withUnsafeBytes(of: opaque.bigEndian) { bytes in
            _ = nghttp2_submit_ping(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Says that streams opened from about now on are refused.
    func submitShutdownNotice() {
        mayWrite = true
        nghttp2_submit_shutdown_notice(session)
    }

    /// Says which streams are still answered.
    func submitGoAway(code: UInt32, text: String) {
        mayWrite = true
        let last = isServer ? nghttp2_session_get_last_proc_stream_id(session) : 0
        let text = Array(text.utf8)
        nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code, text, text.count)
    }

    private func resume(_ stream: HTTP2Stream) {
        mayWrite = true
        guard stream.isDeferred else { return }
        stream.isDeferred = false
        nghttp2_session_resume_data(session, Int32(stream.id))
    }

    private static func provider(_ stream: UInt32) -> nghttp2_data_provider {
        nghttp2_data_provider(
            source: nghttp2_data_source(fd: Int32(stream)),
            read_callback: { _, _, _, length, flags, source, object in
                HTTP2Session.with(object) { $0.lend(UInt32(source!.pointee.fd), most: length, flags!) }
            })
    }
}
