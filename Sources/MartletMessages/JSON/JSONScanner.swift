/// Walks over JSON text (RFC 8259), strictly: it reads tokens, and says where something else stands.
///
/// The text must be UTF-8 and stay in place meanwhile. `arena` takes the strings that can't stay in the text
/// because of their escapes.
struct JSONScanner {
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    var position: UnsafePointer<UInt8>
    let arena: Arena
    let limits: DecodingLimits

    /// `text` must not be empty.
    init(_ text: UnsafeBufferPointer<UInt8>, arena: Arena, limits: DecodingLimits) {
        start = text.baseAddress!
        end = start + text.count
        position = start
        self.arena = arena
        self.limits = limits
    }

    /// 0 at the end, which begins no token.
    var byte: UInt8 {
        @inline(__always) get { position < end ? position.pointee : 0 }
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < end, position.pointee <= 0x20, isSpace(position.pointee) { position += 1 }
    }

    @inline(__always)
    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// Takes a punctuation mark and the space after it, if it is there.
    @inline(__always)
    mutating func take(_ mark: UInt8) -> Bool {
        guard byte == mark else { return false }
        position += 1
        skipSpace()
        return true
    }

    mutating func expect(_ mark: UInt8, _ what: StaticString) throws(JSONDecodingError) {
        if !take(mark) { throw unexpected(what) }
    }

    /// Takes `true`, `false` or `null`, if it is there.
    mutating func take(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - position >= count else { return false }
        for index in 0..<count where position[index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Whether the members of an object or array go on after one of them: takes a comma, or the closing bracket.
    mutating func takesSeparator(orEnd bracket: UInt8) throws(JSONDecodingError) -> Bool {
        skipSpace()
        if take(UInt8(ascii: ",")) {
            if byte == bracket { throw error(.notJSON, "nothing follows the comma: remove it, or add a value") }
            return true
        }
        guard byte == bracket else {
            throw unexpected(bracket == UInt8(ascii: "}") ? "a comma or }" : "a comma or ]")
        }
        position += 1
        return false
    }

    mutating func openObject() throws(JSONDecodingError) { try expect(UInt8(ascii: "{"), "an object in {}") }

    mutating func openArray() throws(JSONDecodingError) { try expect(UInt8(ascii: "["), "an array in []") }

    mutating func number(_ expected: StaticString) throws(JSONDecodingError) -> JSONNumber {
        guard byte == UInt8(ascii: "-") || byte.isDigit else { throw unexpected(expected) }
        guard let number = JSONNumber(position, end: end) else {
            throw error(.notJSON, "the number is not written as JSON's are, such as 0, -1.5 or 2e10")
        }
        position += number.text.count
        return number
    }

    /// A member's name, its colon, and the space after it.
    mutating func name() throws(JSONDecodingError) -> ByteSpan {
        guard byte == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
        let name = try string()
        skipSpace()
        try expect(UInt8(ascii: ":"), "a colon after the name")
        return name
    }

    /// Skips a value of any kind, and checks its form.
    mutating func skipValue() throws(JSONDecodingError) {
        switch byte {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): try skipObject()
        case UInt8(ascii: "["): try skipArray()
        default:
            if take(word: "true") || take(word: "false") || take(word: "null") { return }
            _ = try number("a value")
        }
    }

    private mutating func skipObject() throws(JSONDecodingError) {
        try descend()
        try openObject()
        if !take(UInt8(ascii: "}")) {
            repeat {
                _ = try name()
                try skipValue()
            } while try takesSeparator(orEnd: UInt8(ascii: "}"))
        }
        arena.ascend()
    }

    private mutating func skipArray() throws(JSONDecodingError) {
        try descend()
        try openArray()
        if !take(UInt8(ascii: "]")) {
            repeat { try skipValue() } while try takesSeparator(orEnd: UInt8(ascii: "]"))
        }
        arena.ascend()
    }

    // MARK: Nesting and memory

    func descend() throws(JSONDecodingError) {
        if !arena.descend() {
            throw error(.tooDeep, "messages and values nest deeper than the limit of \(limits.depth) levels")
        }
    }

    func allocate(_ size: Int) throws(JSONDecodingError) -> UnsafeMutableRawPointer {
        guard let block = arena.tryAllocate(size) else { throw overBudget() }
        return block
    }

    func overBudget() -> JSONDecodingError {
        let limit = arena.state.pointee.budget
        return error(.overBudget, "reading would use more than the limit of \(limit) bytes of memory")
    }

    // MARK: Errors

    func error(
        _ reason: JSONDecodingError.Reason, _ problem: String, at place: UnsafePointer<UInt8>? = nil
    ) -> JSONDecodingError {
        let before = UnsafeBufferPointer(start: start, count: (place ?? position) - start)
        let line = before.count { $0 == 0x0A } + 1
        let column = before.reversed().prefix { $0 != 0x0A }.count + 1
        return JSONDecodingError(reason, problem, line: line, column: column)
    }

    /// Says what should stand here instead of what does.
    func unexpected(_ expected: StaticString) -> JSONDecodingError {
        let isValue = ["\"", "{", "[", "t", "f", "n", "-"].contains { UInt8(ascii: $0) == byte } || byte.isDigit
        return error(isValue ? .wrongValue : .notJSON, "expected \(expected), found \(found)")
    }

    private var found: String {
        switch byte {
        case _ where position == end: "the end of the text"
        case UInt8(ascii: "\""): "a string"
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "an array"
        case UInt8(ascii: "-"): "a number"
        case _ where byte.isDigit: "a number"
        default: word
        }
    }

    /// The word or mark that stands here.
    private var word: String {
        let rest = UnsafeBufferPointer(start: position, count: min(20, end - position))
        let word = rest.prefix { $0.isDigit || $0.isLetter || $0 >= 0x80 }
        let text = String(decoding: word.isEmpty ? rest.prefix(1) : word, as: UTF8.self)
        return text == "null" ? "null" : "“\(text)”"
    }
}

extension UInt8 {
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    fileprivate var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }
}
