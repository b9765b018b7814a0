extension JSONReader {
    /// A whole number, also as a string and in forms such as `1.0` or `1e3`.
    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(JSONDecodingError) -> Integer {
        let place = scanner.position
        if let small: Integer = smallInteger() { return small }
        guard let value = try number("a whole number").integer(type) else {
            throw scanner.error(
                .wrongValue, "the number isn't a whole one from \(Integer.min) to \(Integer.max)", at: place)
        }
        return value
    }

    /// Takes an unsigned number of at most nine digits, if one stands here.
    @inline(__always)
    private mutating func smallInteger<Integer: FixedWidthInteger>() -> Integer? {
        var place = scanner.position
        let limit = min(scanner.end, place + 10)
        var value: UInt32 = 0
        while place < limit, place.pointee.isDigit {
            value = value &* 10 &+ UInt32(place.pointee &- UInt8(ascii: "0"))
            place += 1
        }
        let count = place - scanner.position
        guard 1...9 ~= count, count == 1 || scanner.position.pointee != UInt8(ascii: "0"), place < scanner.end
        else { return nil }
        switch place.pointee {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D:
            scanner.position = place
            return Integer(truncatingIfNeeded: value)
        default: return nil
        }
    }

    /// A number of a floating-point type, also as a string, or the name of a value that JSON has no number for.
    mutating func floating<Number: BinaryFloatingPoint>(
        _ name: String, _ convert: (JSONNumber) -> Number
    ) throws(JSONDecodingError) -> Number {
        let place = scanner.position
        if scanner.byte == UInt8(ascii: "\"") {
            let text = try scanner.string()
            if text.isText("NaN") { return .nan }
            if text.isText("Infinity") { return .infinity }
            if text.isText("-Infinity") { return -.infinity }
            scanner.position = place
        }
        let value = convert(try number("a number, \"NaN\", \"Infinity\" or \"-Infinity\""))
        if value.isInfinite { throw scanner.error(.wrongValue, "the number is out of a \(name)'s range", at: place) }
        return value
    }

    private mutating func number(_ expected: StaticString) throws(JSONDecodingError) -> JSONNumber {
        guard scanner.byte == UInt8(ascii: "\"") else { return try scanner.number(expected) }
        let place = scanner.position
        let text = try scanner.string()
        guard let number = JSONNumber(whole: text) else {
            throw scanner.error(.wrongValue, "expected \(expected), found a string that is none", at: place)
        }
        return number
    }

    mutating func bool() throws(JSONDecodingError) -> Bool {
        if scanner.take(word: "true") { return true }
        if scanner.take(word: "false") { return false }
        throw scanner.unexpected("true or false")
    }

    /// A byte string, in base64.
    mutating func bytes() throws(JSONDecodingError) -> ByteSpan {
        let place = scanner.position
        let text = try scanner.string().bytes
        let count = Base64.decodedSize(text)
        // A large byte string's field takes its memory over.
        let block = count < LargeBlocks.leastSize ? arena.tryAllocate(count) : arena.tryAllocateLarge(count)
        guard let block else { throw scanner.overBudget() }
        guard Base64.decode(text, to: block.assumingMemoryBound(to: UInt8.self)) else {
            throw scanner.error(.wrongValue, "the string is not base64", at: place)
        }
        return ByteSpan(block, count: count)
    }
}

extension JSONNumber {
    /// A number that fills the whole text.
    init?(whole text: ByteSpan) {
        guard let start = text.bytes.baseAddress else { return nil }
        self.init(start, end: start + text.count)
        if self.text.count < text.count { return nil }
    }
}

extension ByteSpan {
    func isText(_ text: StaticString) -> Bool {
        hasSameBytes(as: ByteSpan(text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
