/// The gzip format (RFC 1952).
package enum Gzip {
    /// On messages of 64 KiB, level 6 takes three times as long for 8 % fewer bytes.
    static let defaultLevel = 1

    /// Makes bytes smaller; those that can't be made smaller become up to 0.1 % and some twenty bytes larger.
    ///
    /// On the calling thread, at 10 to 120 MB/s.
    ///
    /// - Parameters:
    ///   - bytes: At most 2 GiB.
    ///   - level: From 1 (fast) to 9 (small).
    package static func compress(_ bytes: UnsafeRawBufferPointer, level: Int = defaultLevel) -> [UInt8] {
        ZlibFormat.gzip.compress(bytes, level: level)
    }

    /// Undoes ``compress(_:level:)``, and what any other implementation of gzip has written, in any number of members.
    ///
    /// - Parameters:
    ///   - bytes: At most 2 GiB.
    ///   - limit: The most bytes that may come out. No more than that are ever kept in memory, whatever the input.
    package static func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(DecompressionError) -> [UInt8] {
        try ZlibFormat.gzip.decompress(bytes, limit: limit)
    }
}
