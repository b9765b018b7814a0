/// The text form of `bytes` (RFC 4648): written with padding in the standard alphabet, read in that or the
/// URL-safe one, with or without padding.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// In quotes.
    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout ByteOutput) {
        out.append(UInt8(ascii: "\""))
        out.append(count: (bytes.count + 2) / 3 * 4) { place in
            let digits = alphabet.utf8Start
            var place = place
            var index = 0
            while index < bytes.count {
                let left = bytes.count - index
                let group =
                    Int(bytes[index]) << 16 | (left > 1 ? Int(bytes[index + 1]) << 8 : 0)
                    | (left > 2 ? Int(bytes[index + 2]) : 0)
                place[0] = digits[group >> 18]
                place[1] = digits[group >> 12 & 63]
                place[2] = left > 1 ? digits[group >> 6 & 63] : UInt8(ascii: "=")
                place[3] = left > 2 ? digits[group & 63] : UInt8(ascii: "=")
                place += 4
                index += 3
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// How many bytes a text stands for, if it is base64.
    static func decodedSize(_ text: UnsafeBufferPointer<UInt8>) -> Int { digits(of: text).count * 3 / 4 }

    /// Writes the bytes to `place`, which has room for ``decodedSize(_:)``; false where the text isn't base64.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, to place: UnsafeMutablePointer<UInt8>) -> Bool {
        let digits = digits(of: text)
        // Padding fills the last group; a single digit holds no byte.
        if digits.count % 4 == 1 || digits.count < text.count && text.count % 4 != 0 { return false }
        var place = place
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for digit in digits {
            guard let value = value(of: digit) else { return false }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                place.pointee = UInt8(truncatingIfNeeded: bits >> bitCount)
                place += 1
            }
        }
        return true
    }

    /// The text without its padding.
    private static func digits(of text: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var digits = text[...]
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits = digits.dropLast() }
        return digits
    }

    @inline(__always)
    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
