/// What reading and writing JSON's strings share.
enum JSONText {
    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    /// The index of the first byte that can't stand for itself in a string (a quote, a backslash, a control
    /// character), or `count`. Eight bytes a step.
    @inline(__always)
    static func endOfPlainRun(_ start: UnsafePointer<UInt8>, from first: Int, count: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var index = first
        while index &+ 8 <= count {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // The lowest high bit set marks the first such byte; bits above it may be wrong.
            let quotes = (word ^ (ones &* 0x22)) &- ones
            let backslashes = (word ^ (ones &* 0x5C)) &- ones
            let controls = word &- ones &* 0x20
            let special = ((quotes | backslashes | controls) & ~word) & highBits
            if special != 0 { return index &+ special.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            let byte = start[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            index &+= 1
        }
        return index
    }
}
