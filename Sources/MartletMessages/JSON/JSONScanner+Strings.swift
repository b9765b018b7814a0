extension JSONScanner {
    /// Strings stay as they are in the text, so that all of it must be UTF-8.
    func checkUTF8() throws(JSONDecodingError) {
        let text = ByteSpan(start, count: end - start)
        if text.isASCII { return }
        do {
            _ = try UTF8Span(validating: text.bytes.span)
        } catch {
            throw self.error(.notJSON, "the text is not valid UTF-8 here", at: start + error.byteOffsets.lowerBound)
        }
    }

    /// A string, without its quotes and escapes. One without escapes stays where it is.
    mutating func string() throws(JSONDecodingError) -> ByteSpan {
        guard byte == UInt8(ascii: "\"") else { throw unexpected("a string in double quotes") }
        let first = position + 1
        let count = end - first
        let run = JSONText.endOfPlainRun(first, from: 0, count: count)
        if run < count, first[run] == UInt8(ascii: "\"") {
            position = first + run + 1
            return ByteSpan(first, count: run)
        }
        return try escapedString(first, plain: run)
    }

    /// Skips a string, as strictly as reading it. Returns where it ends, before its quote.
    private func endOfString(_ first: UnsafePointer<UInt8>, from plain: Int) throws(JSONDecodingError) -> Int {
        let count = end - first
        var index = plain
        while index < count, first[index] != UInt8(ascii: "\"") {
            guard first[index] == UInt8(ascii: "\\") else {
                throw error(
                    .notJSON, "a string holds the control character \(first[index]) as it is: write it as an escape",
                    at: first + index)
            }
            index = JSONText.endOfPlainRun(first, from: min(index + 2, count), count: count)
        }
        if index >= count { throw error(.notJSON, "the string has no closing quote") }
        return index
    }

    /// `plain` bytes from `first` on are known to hold neither the end nor an escape.
    private mutating func escapedString(
        _ first: UnsafePointer<UInt8>, plain: Int
    ) throws(JSONDecodingError) -> ByteSpan {
        let count = try endOfString(first, from: plain)
        let copy = try allocate(count).assumingMemoryBound(to: UInt8.self)
        var size = 0
        var done = 0
        var index = plain
        while true {
            (copy + size).update(from: first + done, count: index - done)
            size += index - done
            if index == count { break }
            position = first + index
            size += encode(try escape(), at: copy + size)
            done = position - first
            index = JSONText.endOfPlainRun(first, from: done, count: count)
        }
        position = first + count + 1
        return ByteSpan(copy, count: size)
    }

    /// The character that an escape stands for.
    private mutating func escape() throws(JSONDecodingError) -> Unicode.Scalar {
        let place = position
        position += 2
        switch place[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(place[1])
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit(of: place)
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // Characters beyond 16 bits are two escapes, a high surrogate and a low one.
            guard UTF16.isLeadSurrogate(unit), end - position >= 2, position[0] == UInt8(ascii: "\\"),
                position[1] == UInt8(ascii: "u")
            else { throw loneSurrogate(place) }
            position += 2
            let second = try codeUnit(of: position - 2)
            guard UTF16.isTrailSurrogate(second) else { throw loneSurrogate(place) }
            return UTF16.decode(UTF16.EncodedScalar([unit, second]))
        default:
            throw error(.notJSON, "there is no such escape: a backslash itself is written \\\\", at: place)
        }
    }

    private mutating func codeUnit(of escape: UnsafePointer<UInt8>) throws(JSONDecodingError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = hexDigit(byte) else {
                throw error(.notJSON, "four hexadecimal digits must follow \\u", at: escape)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private func loneSurrogate(_ place: UnsafePointer<UInt8>) -> JSONDecodingError {
        error(.notJSON, "half of a surrogate pair stands alone, which is no character", at: place)
    }

    /// Never longer than the escape it came from.
    private func encode(_ scalar: Unicode.Scalar, at place: UnsafeMutablePointer<UInt8>) -> Int {
        var size = 0
        for byte in UTF8.encode(scalar).unsafelyUnwrapped {
            place[size] = byte
            size += 1
        }
        return size
    }
}
