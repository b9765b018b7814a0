internal import CNghttp2

/// What all sessions share. Unchecked: it is made once, and nghttp2 only reads it then.
final class NGHTTP2Options: @unchecked Sendable {
    static let shared = NGHTTP2Options()

    let callbacks: OpaquePointer
    let options: OpaquePointer

    private init() {
        var made: OpaquePointer?
        nghttp2_option_new(&made)
        options = made!
        // Windows follow what the application takes.
        nghttp2_option_set_no_auto_window_update(options, 1)
        nghttp2_option_set_no_closed_streams(options, 1)
        nghttp2_option_set_max_reserved_remote_streams(options, 0)
        nghttp2_option_set_peer_max_concurrent_streams(options, 100)
        // Floods: answers that the peer doesn't take, settings and header blocks without end, and "rapid reset", here
        // with room for clients that cancel many hundred calls a second.
        nghttp2_option_set_max_outbound_ack(options, 1000)
        nghttp2_option_set_max_settings(options, 32)
        martlet_option_limit_continuations(options, 8)
        martlet_option_limit_stream_resets(options, 2000, 1000)

        made = nil
        nghttp2_session_callbacks_new(&made)
        callbacks = made!
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, object in
            HTTP2Session.with(object) { $0.began(header.unsafelyUnwrapped.pointee) }
            return 0
        }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, object in
            let frame = frame!.pointee
            let isFirst = HTTP2Session.isFirst(frame.headers.cat)
            return HTTP2Session.with(object) { $0.beganHeaders(stream: UInt32(frame.hd.stream_id), isFirst: isFirst) }
                ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameCount, value, valueCount, _, object in
            HTTP2Session.with(object) {
                $0.received(
                    name: UnsafeBufferPointer(start: name, count: nameCount),
                    value: UnsafeBufferPointer(start: value, count: valueCount),
                    stream: UInt32(frame.unsafelyUnwrapped.pointee.hd.stream_id))
            }
                ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, object in
            HTTP2Session.with(object) { $0.received(frame.unsafelyUnwrapped.pointee) }
            return 0
        }
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks) { _, frame, _, object in
            HTTP2Session.with(object) { $0.refused(frame!.pointee) }
            return 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, stream, data, count, object in
            HTTP2Session.with(object) { $0.receivedData(UInt32(stream), data!, count) }
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, code, object in
            HTTP2Session.with(object) { $0.closed(UInt32(stream), code: code) }
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, object in
            HTTP2Session.with(object) { $0.sent(frame.unsafelyUnwrapped.pointee) }
            return 0
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, header, count, _, object in
            HTTP2Session.with(object) {
                $0.writeData(UInt32(frame!.pointee.hd.stream_id), header: header!, count: count)
            }
        }
        nghttp2_session_callbacks_set_error_callback2(callbacks) { _, _, text, count, object in
            HTTP2Session.with(object) { $0.complain(UnsafeBufferPointer(start: text, count: count)) }
            return 0
        }
    }
}

extension HTTP2Session {
    /// Gives `body` the session that nghttp2 knows as `object`, which lives on while nghttp2 calls: so nothing is retained.
    @inline(__always)
    static func with<R>(_ object: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> R) -> R {
        Unmanaged<HTTP2Session>.fromOpaque(object.unsafelyUnwrapped)._withUnsafeGuaranteedRef(body)
    }
}
