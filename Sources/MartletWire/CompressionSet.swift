package import MartletCore

/// Compressions that a peer can undo.
package struct CompressionSet: Sendable, Hashable {
    private var bits: UInt8 = 0

    package init(_ compressions: some Sequence<Compression> = EmptyCollection()) {
        for compression in compressions { bits |= Self.bit(of: compression) }
    }

    /// The best of them.
    package var first: Compression? { bits == 0 ? nil : Compression.allCases.first { contains($0) } }

    package func contains(_ compression: Compression) -> Bool { bits & Self.bit(of: compression) != 0 }

    private static func bit(of compression: Compression) -> UInt8 {
        switch compression {
        case .gzip: 1
        case .deflate: 2
        }
    }
}
