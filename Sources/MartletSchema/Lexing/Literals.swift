/// What the literals of `.proto` text stand for.
enum Literals {
    /// The value of an integer token (decimal, `0x` hexadecimal or `0` octal); nil when it needs more than 64 bits.
    static func integer(_ text: ArraySlice<UInt8>) -> UInt64? {
        var digits = text
        var radix: UInt64 = 10
        if digits.first == UInt8(ascii: "0"), digits.count > 1 {
            let isHexadecimal = digits[digits.startIndex + 1] | 0x20 == UInt8(ascii: "x")
            radix = isHexadecimal ? 16 : 8
            digits = digits.dropFirst(isHexadecimal ? 2 : 1)
        }
        var value: UInt64 = 0
        for digit in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(hexValue(digit)))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// Appends the bytes of one string token, quotes included in `text`.
    ///
    /// - Parameter problem: called for each escape that isn't one, with its offset in `text`.
    static func appendString(_ text: ArraySlice<UInt8>, to result: inout [UInt8], problem: (Int, String) -> Void) {
        var index = text.startIndex + 1
        let closed = text.count > 1 && text.last == text.first
        let end = closed ? text.endIndex - 1 : text.endIndex
        func peek() -> UInt8 { index < end ? text[index] : 0 }

        while index < end {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            let escape = peek()
            let offset = index - 1 - text.startIndex
            index += 1
            switch escape {
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "v"): result.append(0x0B)
            case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(escape)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = Int(escape - UInt8(ascii: "0"))
                for _ in 0..<2 where peek().isOctalDigit {
                    value = value * 8 + Int(hexValue(peek()))
                    index += 1
                }
                result.append(UInt8(truncatingIfNeeded: value))
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                guard peek().isHexDigit else {
                    problem(offset, "`\\x` needs one or two hexadecimal digits")
                    continue
                }
                var value: UInt8 = 0
                for _ in 0..<2 where peek().isHexDigit {
                    value = value << 4 | hexValue(peek())
                    index += 1
                }
                result.append(value)
            case UInt8(ascii: "u"), UInt8(ascii: "U"):
                let count = escape == UInt8(ascii: "u") ? 4 : 8
                guard var code = hexDigits(count, in: text[index..<end]) else {
                    problem(offset, "`\\\(Character(UnicodeScalar(escape)))` needs \(count) hexadecimal digits")
                    continue
                }
                index += count
                if code & 0xFFFF_FC00 == 0xD800,
                    text[index..<end].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]),
                    let low = hexDigits(4, in: text[(index + 2)..<end]), low & 0xFFFF_FC00 == 0xDC00
                {
                    code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
                    index += 6
                }
                guard let scalar = Unicode.Scalar(code) else {
                    problem(offset, "`\\\(Character(UnicodeScalar(escape)))` names no Unicode character")
                    continue
                }
                result.append(contentsOf: Character(scalar).utf8)
            default:
                problem(offset, "unknown escape in a string; write `\\\\` for a backslash")
            }
        }
    }

    /// `bytes` as protoc writes a bytes default: printable ASCII as it is, the rest escaped.
    static func escaped(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x0A: result += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0D: result += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0x09: result += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0x20..<0x7F: result.append(byte)
            default:
                let zero = UInt8(ascii: "0")
                result += [UInt8(ascii: "\\"), zero + byte >> 6, zero + byte >> 3 & 7, zero + byte & 7]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexDigits(_ count: Int, in text: ArraySlice<UInt8>) -> UInt32? {
        guard text.count >= count, text.prefix(count).allSatisfy(\.isHexDigit) else { return nil }
        return text.prefix(count).reduce(0) { $0 << 4 | UInt32(hexValue($1)) }
    }

    private static func hexValue(_ digit: UInt8) -> UInt8 {
        digit.isDigit ? digit - UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
    }
}
