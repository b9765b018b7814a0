/// Compressed bytes that become a thousand times as many zeros.
///
/// One block of RFC 1951 (section 3.2.7) whose code for "258 bytes again" has one bit, and that for "from one byte before"
/// too: each zero byte of the block stands for 1,032 bytes.
enum ZipBomb {
    /// RFC 1952. What comes out of 4 MiB are more than 4 GiB; how many doesn't end, as they are cut off.
    static func gzip(count: Int) -> [UInt8] { [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + zeros(count: count - 10) }

    /// RFC 1950.
    static func deflate(count: Int) -> [UInt8] { [0x78, 0x9C] + zeros(count: count - 2) }

    private static func zeros(count: Int) -> [UInt8] {
        var block = Bits()
        block.add(0, 1)  // Others follow.
        block.add(2, 2)  // With codes of its own:
        block.add(29, 5)  // 286 for literals and lengths,
        block.add(0, 5)  // 1 for distances,
        block.add(14, 4)  // and 18 lengths for the codes that tell their lengths, in an order of the specification's.
        for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] { block.add(length, 3) }
        func two() { block.add(0b11, 2) }
        func one() { block.add(0b01, 2) }
        func none(_ count: Int) {
            block.add(0, 1)
            block.add(count - 11, 7)
        }
        two()  // A zero,
        none(138)
        none(117)
        two()  // the block's end,
        none(28)
        one()  // 258 bytes again,
        one()  // from one byte before.
        block.add(0b01, 2)  // A zero.
        return block.bytes + Array(repeating: 0, count: count - block.bytes.count)
    }

    private struct Bits {
        var bytes: [UInt8] = []
        private var used = 0

        /// The lowest bit first.
        mutating func add(_ value: Int, _ count: Int) {
            for bit in 0..<count {
                if used % 8 == 0 { bytes.append(0) }
                bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << (used % 8)
                used += 1
            }
        }
    }
}
