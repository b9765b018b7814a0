internal import CNghttp2
internal import NIOCore

/// What nghttp2 calls.
extension HTTP2Session {
    /// Tells how many bytes go into the stream's next DATA frame.
    func lend(_ id: UInt32, most: Int, _ flags: UnsafeMutablePointer<UInt32>) -> Int {
        guard let stream = streams[id] else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
        let count = min(most, stream.sending.count)
        if count == 0, stream.end == nil {
            stream.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        guard count == stream.sending.count, let end = stream.end else { return count }
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
        switch end {
        case .endStream: return count
        case .trailers(let headers):
            headers.withFields { fields, count in _ = nghttp2_submit_trailer(session, Int32(id), fields, count) }
        case .fixedTrailers(let headers):
            nghttp2_submit_trailer(session, Int32(id), headers.fields, headers.count)
        }
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        return count
    }

    /// Writes a DATA frame.
    func writeData(_ id: UInt32, header: UnsafePointer<UInt8>, count: Int) -> Int32 {
        guard let stream = streams[id] else { return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue }
        sink.writeBytes(UnsafeRawBufferPointer(start: header, count: 9))
        stream.sending.take(count, into: &sink, &sinkSlices, buffers: &spareBuffers)
        queuedBytes -= count
        sentBytes += count
        if stream.isWatched, stream.sending.count < Self.lowWater, stream.sending.takesMore {
            stream.isWatched = false
            sent.append(id)
        }
        return isSinkFull ? NGHTTP2_ERR_PAUSE.rawValue : 0
    }

    func received(_ frame: nghttp2_frame) {
        let header = frame.hd
        let isEnd = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        let isAcknowledgement = header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
        let id = UInt32(header.stream_id)
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            if !isEnd, header.length == frame.data.padlen { received(controlFrame: "empty DATA") }
            if isEnd { endRemote(id) }
        case NGHTTP2_HEADERS.rawValue:
            endedHeaders(stream: id, isFirst: Self.isFirst(frame.headers.cat), isEnd: isEnd)
            if isEnd { endRemote(id) }
        case NGHTTP2_PING.rawValue:
            let opaque = withUnsafeBytes(of: frame.ping.opaque_data) {
                UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
            }
            received(controlFrame: "PING")
            if isAcknowledgement, opaque == Self.measuringPing {
                if let window = estimator.measured() { setConnectionWindow(window) }
            } else {
                receivedPing(opaque, isAcknowledgement: isAcknowledgement)
            }
        case NGHTTP2_SETTINGS.rawValue:
            received(controlFrame: "SETTINGS")
            receivedSettings(isAcknowledgement: isAcknowledgement)
        case NGHTTP2_GOAWAY.rawValue:
            let text = UnsafeBufferPointer(start: frame.goaway.opaque_data, count: frame.goaway.opaque_data_len)
            receivedGoAway(
                lastStream: UInt32(frame.goaway.last_stream_id), code: frame.goaway.error_code,
                text: String(decoding: text.prefix(1024), as: UTF8.self))
        case NGHTTP2_WINDOW_UPDATE.rawValue: received(controlFrame: "WINDOW_UPDATE")
        case NGHTTP2_RST_STREAM.rawValue: received(controlFrame: "RST_STREAM")
        default: break
        }
    }

    /// Of priorities, and of HEADERS on streams that are over, nghttp2 tells only that they begin; of DATA there, nothing.
    func began(_ header: nghttp2_frame_hd) {
        let id = UInt32(header.stream_id)
        switch UInt32(header.type) {
        case NGHTTP2_PRIORITY.rawValue:
            if id == 0 { terminate(code: HTTP2ErrorCode.protocolError, "PRIORITY: it is for no stream") }
            received(controlFrame: "PRIORITY")
        case NGHTTP2_HEADERS.rawValue:
            if isServer, id <= lastStream, streams[id] == nil { receivedLate(id) }
        default: break
        }
    }

    /// The client sends on a stream that is over, which it may only if it can't know that yet (RFC 9113, section 5.1).
    private func receivedLate(_ id: UInt32) {
        // Negative: nghttp2 doesn't have it any more either.
        guard nghttp2_session_get_stream_remote_close(session, Int32(id)) < 0, !resetStreams.contains(id) else {
            return
        }
        // Ids that were left out are over too (section 5.1.1).
        let isSkipped = streamsOpened < (lastStream + 1) / 2
        terminate(
            code: isSkipped ? HTTP2ErrorCode.protocolError : HTTP2ErrorCode.streamClosed,
            "HEADERS came on stream \(id), which is over")
    }

    /// nghttp2 answers a frame by resetting its stream or ending the connection.
    func refused(_ frame: nghttp2_frame) { resetStreams.insert(UInt32(frame.hd.stream_id)) }

    private func endRemote(_ id: UInt32) {
        guard let stream = streams[id], !stream.isRemoteClosed else { return }
        stream.isRemoteClosed = true
        receivedEnd(stream: stream)
    }

    func receivedData(_ id: UInt32, _ start: UnsafePointer<UInt8>, _ count: Int) {
        // It bounds what is on its way, not what waits, so that a stalled reader stops nobody else.
        nghttp2_session_consume_connection(session, count)
        if estimator.received(count) { ping(Self.measuringPing) }
        guard let stream = streams[id], let inputStart,
            let slice = input.getSlice(at: input.readerIndex + (start - inputStart), length: count)
        else { return consume(count, stream: id) }
        received(slice, stream: stream)
    }

    func closed(_ id: UInt32, code: UInt32) {
        guard let stream = streams.remove(id) else { return }
        dropQueued(stream)
        sent.removeAll { $0 == id }
        closed(stream, code: code)
    }

    func sent(_ frame: nghttp2_frame) {
        switch UInt32(frame.hd.type) {
        case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
            guard let stream = streams[UInt32(frame.hd.stream_id)] else { return }
            if frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 { stream.isLocalClosed = true }
            sentFrame(of: stream)
        case NGHTTP2_RST_STREAM.rawValue:
            resetStreams.insert(UInt32(frame.hd.stream_id))
            sentReset(stream: UInt32(frame.hd.stream_id), code: frame.rst_stream.error_code)
        case NGHTTP2_GOAWAY.rawValue:
            if complaint == nil, frame.goaway.error_code != NGHTTP2_NO_ERROR.rawValue {
                let text = UnsafeBufferPointer(start: frame.goaway.opaque_data, count: frame.goaway.opaque_data_len)
                if !text.isEmpty { complaint = String(decoding: text, as: UTF8.self) }
            }
            sentGoAway()
        default: break
        }
    }

    static func isFirst(_ category: nghttp2_headers_category) -> Bool {
        category == NGHTTP2_HCAT_REQUEST || category == NGHTTP2_HCAT_RESPONSE
    }

    func complain(_ text: UnsafeBufferPointer<CChar>) {
        complaint = String(decoding: text.prefix(1024).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
