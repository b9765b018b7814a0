package import MartletCore

extension Compression {
    /// At this way's default level. See ``Gzip/compress(_:level:)``.
    package func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        switch self {
        case .gzip: Gzip.compress(bytes)
        case .deflate: ZlibFormat.deflate.compress(bytes, level: Gzip.defaultLevel)
        }
    }

    /// - Parameter limit: The most bytes that may come out. No more than that are ever kept in memory.
    package func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(DecompressionError) -> [UInt8] {
        switch self {
        case .gzip: try Gzip.decompress(bytes, limit: limit)
        case .deflate: try ZlibFormat.deflate.decompress(bytes, limit: limit)
        }
    }
}
