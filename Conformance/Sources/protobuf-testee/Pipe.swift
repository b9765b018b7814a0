#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Standard input and output as the suite's runner uses them: a length of 4 bytes, little-endian, then that many bytes.
enum Pipe {
    /// Nil at the end of the input.
    static func readFrame() -> [UInt8]? {
        guard let header = readBytes(4) else { return nil }
        let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let body = readBytes(count) else { fatalError("the input ends inside a frame of \(count) bytes") }
        return body
    }

    static func writeFrame(_ body: [UInt8]) {
        let count = UInt32(body.count).littleEndian
        var rest = (withUnsafeBytes(of: count) { Array($0) } + body)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { fatalError("writing the answer failed with error \(errno)") }
            rest = rest.dropFirst(written)
        }
    }

    private static func readBytes(_ count: Int) -> [UInt8]? {
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while filled < count {
                let got = read(STDIN_FILENO, buffer.baseAddress! + filled, count - filled)
                guard got > 0 else { break }
                filled += got
            }
            initialized = filled
        }
        return filled == count ? bytes : nil
    }
}
