internal import CZlib
private import Synchronization

extension ZlibFormat {
    func compress(_ bytes: UnsafeRawBufferPointer, level: Int) -> [UInt8] {
        let deflater = deflaters.take(level: level)
        defer { deflaters.giveBack(deflater) }
        return deflater.compress(bytes)
    }
}

/// One of zlib's compressing streams.
///
/// Unchecked: used by one thread at a time, the one that took it out of the pool.
struct Deflater: @unchecked Sendable {
    /// At a fixed address, which zlib remembers.
    private let stream: UnsafeMutablePointer<z_stream>
    fileprivate var level: Int32

    init(_ format: ZlibFormat, level: Int32) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.level = level
        let status = deflateInit2_(
            stream, level, Z_DEFLATED, format.windowBits, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib can't compress: out of memory, or built from another version (\(status))")
    }

    func deallocate() {
        deflateEnd(stream)
        stream.deallocate()
    }

    fileprivate mutating func setLevel(_ level: Int32) {
        guard level != self.level else { return }
        self.level = level
        deflateParams(stream, level, Z_DEFAULT_STRATEGY)
    }

    /// Leaves the stream ready for the next bytes.
    func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        precondition(bytes.count <= Int32.max, "more than 2 GiB to compress at once")
        defer { deflateReset(stream) }
        stream.pointee.next_in = bytes.mutableStart
        stream.pointee.avail_in = UInt32(bytes.count)
        let most = Int(deflateBound(stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: most) { output, count in
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(most)
            let status = deflate(stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "zlib needs more room than it asked for")
            count = most - Int(stream.pointee.avail_out)
        }
    }
}

/// Streams that nobody uses at the moment: setting one up takes 60 µs, using one again less than 1.
final class DeflaterPool: Sendable {
    static let gzip = DeflaterPool(.gzip)
    static let deflate = DeflaterPool(.deflate)

    /// 268 KiB each.
    private static let maximumIdle = 16

    private let format: ZlibFormat
    private let idle = Mutex<[Deflater]>([])

    private init(_ format: ZlibFormat) { self.format = format }

    func take(level: Int) -> Deflater {
        precondition((1...9).contains(level), "compression levels are 1 to 9, not \(level)")
        guard var deflater = idle.withLock({ $0.popLast() }) else { return Deflater(format, level: Int32(level)) }
        deflater.setLevel(Int32(level))
        return deflater
    }

    func giveBack(_ deflater: Deflater) {
        let isKept = idle.withLock { idle in
            guard idle.count < Self.maximumIdle else { return false }
            idle.append(deflater)
            return true
        }
        if !isKept { deflater.deallocate() }
    }
}

extension UnsafeRawBufferPointer {
    /// As zlib, which doesn't say `const`, wants its input.
    var mutableStart: UnsafeMutablePointer<UInt8>? {
        UnsafeMutableRawPointer(mutating: baseAddress)?.assumingMemoryBound(to: UInt8.self)
    }
}
