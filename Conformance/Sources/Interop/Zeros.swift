#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

// By C's functions, since loops over bytes take most of a case's time in programs that aren't optimised.

extension Payload {
    /// A payload of so many zeros.
    init(zeros count: Int) {
        self.init(
            body: [UInt8](unsafeUninitializedCapacity: count) { bytes, size in
                if let start = bytes.baseAddress { memset(start, 0, count) }
                size = count
            })
    }

    var isAllZeros: Bool {
        body.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
            // Each byte is like the one before it.
            return bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
        }
    }
}
