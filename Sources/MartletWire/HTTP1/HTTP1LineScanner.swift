internal import NIOCore

/// Finds the lines of a head, or of a body's trailers, up to the empty one, however the bytes are cut. Looks at no byte
/// twice.
struct HTTP1LineScanner {
    /// Without their ends; offsets from the first byte.
    private(set) var lines: [Range<Int>] = []
    /// Bytes that were looked at.
    private(set) var scanned = 0
    private var lineStart = 0
    private let maxLines: Int
    private let maxBytes: Int

    init(maxLines: Int, maxBytes: Int) {
        self.maxLines = maxLines
        self.maxBytes = maxBytes
    }

    var isBegun: Bool { scanned > 0 }

    /// The bytes up to and with the empty line; nil: more are needed.
    ///
    /// Lines end with CR LF and nothing else, and hold no other control byte but the tab (RFC 9112, section 2.2, permits
    /// more; whoever reads it differently can be made to see another request).
    mutating func scan(_ input: borrowing ByteBuffer) throws(HTTP1Problem) -> Int? {
        try input.withUnsafeReadableBytes { (bytes) throws(HTTP1Problem) in try scan(bytes) }
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Problem) -> Int? {
        while scanned < bytes.count {
            let byte = bytes[scanned]
            if byte == UInt8(ascii: "\r") {
                // The decision waits for the byte behind it.
                guard scanned + 1 < bytes.count else { return nil }
                guard bytes[scanned + 1] == UInt8(ascii: "\n") else {
                    throw HTTP1Problem("a CR stands alone: lines end with CR LF")
                }
                let line = lineStart..<scanned
                scanned += 2
                lineStart = scanned
                if line.isEmpty { return scanned }
                guard lines.count < maxLines else {
                    throw HTTP1Problem(431, "more than \(HTTP1.maxFields) header fields")
                }
                lines.append(line)
                continue
            }
            guard byte != UInt8(ascii: "\n") else { throw HTTP1Problem("a LF stands alone: lines end with CR LF") }
            guard byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") else {
                throw HTTP1Problem("the control byte \(byte) in the request's head")
            }
            scanned += 1
            guard scanned <= maxBytes else {
                throw HTTP1Problem(431, "the request line and headers are over the limit of \(maxBytes) bytes")
            }
        }
        return nil
    }
}
