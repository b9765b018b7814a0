/// What an HTTP/2 client sends, byte by byte as RFC 9113 and RFC 7541 have it, by none of the code under test. Other test
/// targets link to this file.
enum HTTP2 {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    static let start = preface + frame(4, 0, 0, [])

    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: Int, _ payload: [UInt8]) -> [UInt8] {
        bigEndian(payload.count, 3) + [type, flags] + bigEndian(stream, 4) + payload
    }

    /// Fields as literals without indexing.
    static func fields(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + text($0.0) + text($0.1) }
    }

    static func headers(_ stream: Int, _ fields: [(String, String)], isEnd: Bool = false) -> [UInt8] {
        frame(1, isEnd ? 5 : 4, stream, self.fields(fields))
    }

    static func data(_ stream: Int, _ bytes: [UInt8], isEnd: Bool = false) -> [UInt8] {
        frame(0, isEnd ? 1 : 0, stream, bytes)
    }

    static func reset(_ stream: Int, _ code: Int) -> [UInt8] { frame(3, 0, stream, bigEndian(code, 4)) }
    static func ping(_ number: Int, flags: UInt8 = 0) -> [UInt8] { frame(6, flags, 0, bigEndian(number, 8)) }
    static func window(_ stream: Int, _ bytes: Int) -> [UInt8] { frame(8, 0, stream, bigEndian(bytes, 4)) }
    static func goAway(_ last: Int, _ code: Int) -> [UInt8] {
        frame(7, 0, 0, bigEndian(last, 4) + bigEndian(code, 4))
    }

    /// A gRPC message.
    static func message(_ text: String, flag: UInt8 = 0) -> [UInt8] { message(Array(text.utf8), flag: flag) }

    static func message(_ bytes: [UInt8], flag: UInt8 = 0) -> [UInt8] { [flag] + bigEndian(bytes.count, 4) + bytes }

    /// The fields of a gRPC request.
    static func request(_ path: String = "/s.S/M", _ more: [(String, String)] = []) -> [(String, String)] {
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "host"),
            ("te", "trailers"), ("content-type", "application/grpc"),
        ] + more
    }

    static func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// A header block of 16 kB that becomes 48 MB: a field of 4,000 bytes goes into the dynamic table, and one byte each
    /// names it again and again.
    static let bomb =
        fields(request()) + [0x40] + text("x") + text(String(repeating: "a", count: 4000))
        + Array(repeating: 0xBE, count: 12_000)

    /// A length of RFC 7541 (section 5.1) and the bytes, not compressed.
    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return (bytes.count < 127 ? [UInt8(bytes.count)] : [127] + rest(of: bytes.count - 127)) + bytes
    }

    private static func rest(of length: Int) -> [UInt8] {
        length < 128 ? [UInt8(length)] : [UInt8(length & 127) | 128] + rest(of: length >> 7)
    }
}
