#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// Comparing with texts that are known, without a look at each byte: headers are compared with many.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func equals(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && begins(with: text) }

    @inline(__always)
    func begins(with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return count >= length && (length == 0 || memcmp(baseAddress!, text.utf8Start, length) == 0)
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    func equals(_ text: StaticString) -> Bool { UnsafeRawBufferPointer(self).equals(text) }
}
