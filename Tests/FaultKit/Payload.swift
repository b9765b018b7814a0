package import MartletCore

/// A message whose bytes follow from eight of them, so that what arrives can be checked.
package struct Payload: Message, Hashable {
    package static let messageName = "martlet.faults.Payload"

    /// Chooses the bytes.
    package var seed: UInt64
    /// Bytes on the wire, at least 8.
    package var count: Int

    package init(seed: UInt64, count: Int = 8) {
        self.seed = seed
        self.count = max(8, count)
    }

    /// Throws for bytes that aren't those of their seed.
    package init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError) {
        guard bytes.count >= 8 else { throw DecodingError(.malformed(.cutShort), message: Self.messageName) }
        seed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        count = bytes.count
        var offset = 8
        while offset < count {
            var found = word(at: offset)
            // The last word may be cut: what is missing counts as right.
            withUnsafeMutableBytes(of: &found) {
                $0.copyMemory(from: .init(rebasing: bytes[offset..<min(offset + 8, count)]))
            }
            guard found == word(at: offset) else {
                throw DecodingError(.malformed(.wireType), message: Self.messageName)
            }
            offset += 8
        }
    }

    package func withSerialized<R>(
        _ body: (_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> R
    ) throws(EncodingError) -> R {
        body(count) { target in
            target.storeBytes(of: seed.littleEndian, as: UInt64.self)
            var offset = 8
            while offset < count {
                var word = word(at: offset)
                target.advanced(by: offset).copyMemory(from: &word, byteCount: min(8, count - offset))
                offset += 8
            }
        }
    }

    private func word(at offset: Int) -> UInt64 {
        ((seed &+ UInt64(offset)) &* 0x9E37_79B9_7F4A_7C15).littleEndian
    }
}

/// Random numbers that a seed repeats (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
