import CNghttp2

/// What an HTTP/2 server sends, as text, such as `HEADERS 1 {:status: 200} end`. Its settings and credit are left out.
final class HTTP2Reader {
    private let inflater: OpaquePointer
    private var bytes: [UInt8] = []

    init() {
        var made: OpaquePointer?
        nghttp2_hd_inflate_new(&made)
        inflater = made!
    }

    deinit { nghttp2_hd_inflate_del(inflater) }

    func read(_ more: [UInt8]) -> [String] {
        bytes += more
        var lines: [String] = []
        while bytes.count >= 9 {
            let length = number(bytes[..<3])
            guard bytes.count >= 9 + length else { break }
            let payload = Array(bytes[9..<9 + length])
            if let line = describe(bytes[3], flags: bytes[4], stream: number(bytes[5..<9]), payload) {
                lines.append(line)
            }
            bytes.removeFirst(9 + length)
        }
        return lines
    }

    private func describe(_ type: UInt8, flags: UInt8, stream: Int, _ payload: [UInt8]) -> String? {
        let end = flags & 1 == 1 ? " end" : ""
        switch type {
        case 0: return "DATA \(stream) \(hex(payload))\(end)"
        case 1: return "HEADERS \(stream) \(inflate(payload))\(end)"
        case 3: return "RST_STREAM \(stream) \(number(payload[...]))"
        case 6: return "PING \(number(payload[...]))\(flags & 1 == 1 ? " ack" : "")"
        case 7:
            let text = String(decoding: payload[8...], as: UTF8.self)
            return "GOAWAY \(number(payload[..<4])) \(number(payload[4..<8]))\(text.isEmpty ? "" : " \(text)")"
        case 4, 8: return nil
        default: return "type \(type)"
        }
    }

    private func inflate(_ block: [UInt8]) -> String {
        var fields: [String] = []
        var position = 0
        while position <= block.count {
            var field = nghttp2_nv()
            var flags: Int32 = 0
            let used = block.withUnsafeBufferPointer {
                nghttp2_hd_inflate_hd2(
                    inflater, &field, &flags, $0.baseAddress.map { $0 + position }, block.count - position, 1)
            }
            guard used >= 0 else { return "undecodable" }
            position += used
            if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                let name = String(decoding: UnsafeBufferPointer(start: field.name, count: field.namelen), as: UTF8.self)
                let value = String(
                    decoding: UnsafeBufferPointer(start: field.value, count: field.valuelen), as: UTF8.self)
                fields.append("\(name): \(value)")
            }
            if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 { break }
        }
        nghttp2_hd_inflate_end_headers(inflater)
        return "{\(fields.joined(separator: ", "))}"
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

extension HTTP2 {
    /// What a stream's WINDOW_UPDATEs among whole frames give.
    static func credit(_ stream: Int, in frames: [UInt8]) -> Int {
        var rest = frames[...]
        var credit = 0
        while rest.count >= 9 {
            let frame = Array(rest.prefix(13))
            let length = frame[..<3].reduce(0) { $0 << 8 | Int($1) }
            if frame[3] == 8, frame[5..<9].reduce(0, { $0 << 8 | Int($1) }) == stream {
                credit += frame[9..<13].reduce(0) { $0 << 8 | Int($1) }
            }
            rest = rest.dropFirst(9 + length)
        }
        return credit
    }
}
