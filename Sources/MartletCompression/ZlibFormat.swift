internal import CZlib

/// A format that zlib writes and reads.
enum ZlibFormat {
    /// RFC 1952.
    case gzip
    /// RFC 1950.
    case deflate

    /// What zlib calls the format: the logarithm of the window's size, and 16 more for gzip's header and checksum.
    var windowBits: Int32 {
        switch self {
        case .gzip: MAX_WBITS + 16
        case .deflate: MAX_WBITS
        }
    }

    var deflaters: DeflaterPool {
        switch self {
        case .gzip: .gzip
        case .deflate: .deflate
        }
    }

    /// Whether the bytes begin a member that continues the output of the one before.
    func isFurtherMember(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .gzip: bytes.starts(with: [0x1F, 0x8B])
        case .deflate: false
        }
    }

    /// How many bytes may come out: as the compressed bytes say, which may be wrong, or by guess.
    func expectedSize(of bytes: UnsafeRawBufferPointer) -> Int {
        switch self {
        case .gzip:
            guard bytes.count >= 4 else { return 0 }
            let trailer = bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
            return Int(UInt32(littleEndian: trailer))
        case .deflate:
            return bytes.count * 4
        }
    }
}
