internal import CZlib

extension ZlibFormat {
    func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(DecompressionError) -> [UInt8] {
        var inflater = Inflater(self, input: bytes)
        precondition(limit >= 0, "a negative limit")
        var room = min(expectedSize(of: bytes), bytes.count * Inflater.greatestRatio)
        var pieces: [[UInt8]] = []
        var size = 0
        repeat {
            var failure: DecompressionError?
            // Up to a byte over the limit: only that one shows that there is more.
            let capacity = min(max(room, 1), min(limit, .max - 1) + 1 - size)
            let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                do throws(DecompressionError) {
                    count = try inflater.fill(UnsafeMutableRawBufferPointer(buffer))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            size += piece.count
            if size > limit { throw .overLimit(limit: limit) }
            pieces.append(piece)
            room = max(size, Inflater.smallestFurtherPiece)
        } while !inflater.isAtEnd
        return joined(pieces, size: size)
    }

    private func joined(_ pieces: [[UInt8]], size: Int) -> [UInt8] {
        if pieces.count == 1 { return pieces[0] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        for piece in pieces { bytes += piece }
        return bytes
    }
}

/// One of zlib's decompressing streams, for one input. Setting it up takes a tenth of what the smallest message does,
/// so none are kept.
private struct Inflater: ~Copyable {
    /// No input can become larger than by this factor (https://zlib.net/zlib_tech.html).
    static let greatestRatio = 1032
    static let smallestFurtherPiece = 4096

    private let format: ZlibFormat
    private let input: UnsafeRawBufferPointer
    /// At a fixed address, which zlib remembers.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isAtEnd = false

    /// - Parameter input: Must outlive the inflater.
    init(_ format: ZlibFormat, input: UnsafeRawBufferPointer) {
        precondition(input.count <= Int32.max, "more than 2 GiB to decompress at once")
        self.format = format
        self.input = input
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        stream.pointee.next_in = input.mutableStart
        stream.pointee.avail_in = UInt32(input.count)
        let status = inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib can't decompress: out of memory, or built from another version (\(status))")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    private var offset: Int { input.count - Int(stream.pointee.avail_in) }

    /// Fills the buffer, as far as the input goes, and returns how many bytes are in it.
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DecompressionError) -> Int {
        var count = 0
        while count < buffer.count, !isAtEnd {
            let room = UInt32(clamping: buffer.count - count)
            stream.pointee.next_out = buffer.baseAddress.map { ($0 + count).assumingMemoryBound(to: UInt8.self) }
            stream.pointee.avail_out = room
            let status = inflate(stream, Z_FINISH)
            count += Int(room - stream.pointee.avail_out)
            switch status {
            case Z_STREAM_END:
                try endMember()
            case Z_OK, Z_BUF_ERROR:
                if stream.pointee.avail_out > 0 { throw .truncated(length: input.count) }
            case Z_MEM_ERROR:
                preconditionFailure("zlib can't decompress: out of memory")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(status)"
                throw .corrupted(offset: offset, reason: reason)
            }
        }
        return count
    }

    private mutating func endMember() throws(DecompressionError) {
        let rest = UnsafeRawBufferPointer(rebasing: input[offset...])
        if rest.isEmpty {
            isAtEnd = true
        } else if format.isFurtherMember(rest) {
            inflateReset(stream)
        } else {
            throw .trailingBytes(offset: offset, count: rest.count)
        }
    }
}
