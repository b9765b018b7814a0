internal import MartletCore
internal import NIOCore

/// Takes the body of one request off the input (RFC 9112, sections 6 and 7).
///
/// ```
///   bytes:    ( data ) ── the last ──▶ ( end )
///   chunked:  ( size ) ── of a chunk ──▶ ( data ) ──▶ ( dataEnd ) ──▶ ( size )
///                 └────── 0 ──▶ ( trailers ) ── the empty line ──▶ ( end )
/// ```
struct HTTP1Body {
    private enum State {
        /// So many bytes are left of a chunk, or of a body without chunks.
        case data(Int)
        case dataEnd
        case size
        case trailers
        case end
    }

    private(set) var bytes: [UInt8] = []
    /// What `next` needs beyond the input to go on.
    private(set) var bytesNeeded = 1
    private var state: State
    private let isChunked: Bool
    private let limit: Int
    private var trailers: HTTP1LineScanner

    init(_ length: HTTP1Framing.Length, limits: WireLimits) {
        limit = limits.maxMessageBytes
        trailers = HTTP1LineScanner(maxLines: HTTP1.maxFields, maxBytes: limits.maxMetadataBytes)
        switch length {
        case .bytes(let count):
            state = count == 0 ? .end : .data(count)
            isChunked = false
        case .chunked:
            state = .size
            isChunked = true
        }
    }

    var isWhole: Bool { if case .end = state { true } else { false } }

    /// Takes what there is of the body, large parts whole.
    mutating func take(_ input: inout ByteBuffer) throws(HTTP1Problem) {
        while true {
            switch state {
            case .end: return
            case .data(let rest):
                let part = min(rest, HTTP1.bodyPartBytes)
                guard input.readableBytes >= part else {
                    bytesNeeded = part - input.readableBytes
                    return
                }
                input.readWithUnsafeReadableBytes { readable in
                    bytes.append(contentsOf: readable.prefix(part))
                    return part
                }
                state = rest > part ? .data(rest - part) : isChunked ? .dataEnd : .end
            case .dataEnd:
                guard let end = input.getBytes(at: input.readerIndex, length: 2) else {
                    bytesNeeded = 2 - input.readableBytes
                    return
                }
                guard end == Array("\r\n".utf8) else { throw HTTP1Problem("a chunk is longer than its size says") }
                input.moveReaderIndex(forwardBy: 2)
                state = .size
            case .size:
                guard let size = try takeSize(&input) else { return }
                guard size <= limit - bytes.count else { throw .bodyTooLarge(limit: limit) }
                state = size == 0 ? .trailers : .data(size)
            case .trailers:
                guard let count = try trailers.scan(input) else {
                    bytesNeeded = 1
                    return
                }
                let lines = trailers.lines
                var fields = HTTPFields()
                try input.withUnsafeReadableBytes { (bytes) throws(HTTP1Problem) in
                    for line in lines { try HTTP1Head.read(bytes[line], into: &fields) }
                }
                input.moveReaderIndex(forwardBy: count)
                state = .end
            }
        }
    }

    /// The size of a chunk, whose extensions are skipped; nil: more bytes are needed.
    private mutating func takeSize(_ input: inout ByteBuffer) throws(HTTP1Problem) -> Int? {
        let line = input.withUnsafeReadableBytes { readable in
            readable.prefix(HTTP1.maxChunkLineBytes).firstIndex(of: UInt8(ascii: "\n")).map { Array(readable[...$0]) }
        }
        guard let line else {
            guard input.readableBytes < HTTP1.maxChunkLineBytes else {
                throw HTTP1Problem("the line of a chunk's size is over \(HTTP1.maxChunkLineBytes) bytes")
            }
            bytesNeeded = 1
            return nil
        }
        let content = line.dropLast(2)
        guard line.count > 2, line[line.count - 2] == UInt8(ascii: "\r"),
            content.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") })
        else { throw HTTP1Problem("the line of a chunk's size has no number, or control bytes") }
        let digits = content.prefix { hexValue($0) != nil }
        let rest = content[digits.endIndex...]
        guard !digits.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ";") else {
            throw HTTP1Problem("the size of a chunk isn't a hexadecimal number")
        }
        guard digits.count <= 15 else { throw .bodyTooLarge(limit: limit) }
        input.moveReaderIndex(forwardBy: line.count)
        return digits.reduce(0) { $0 << 4 | (hexValue($1) ?? 0) }
    }
}

private func hexValue(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
