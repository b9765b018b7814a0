/// Cuts `.proto` text into tokens, skipping white space and comments (``CommentCollector`` finds the comments again).
///
/// The rules are those of protoc's tokenizer: identifiers and numbers are ASCII, a string literal ends on its line,
/// and other text is symbols of one character each. What is wrong is reported and skipped.
struct Lexer {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 0
    private var column = 0
    private var tokens: [Token] = []
    private var problems: Problems

    static func tokenize(_ bytes: [UInt8], problems: inout Problems) -> TokenizedText {
        var lexer = Lexer(bytes: bytes, problems: problems)
        lexer.run()
        problems = lexer.problems
        return TokenizedText(bytes: bytes, tokens: lexer.tokens)
    }

    private init(bytes: [UInt8], problems: Problems) {
        self.bytes = bytes
        self.problems = problems
        tokens.reserveCapacity(bytes.count / 6)
    }

    private mutating func run() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { advance(3) }
        while true {
            skipWhitespaceAndComments()
            guard offset < bytes.count else { break }
            lexToken()
        }
        add(.end, from: offset, column: column)
    }

    private mutating func lexToken() {
        let byte = bytes[offset]
        let next = peek(1)
        if byte.isLetter {
            lexIdentifier()
        } else if byte.isDigit || (byte == UInt8(ascii: ".") && next.isDigit) {
            lexNumber()
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            lexString(quote: byte)
        } else if byte > 0x20 && byte < 0x7F {
            let column = column
            advance(1)
            add(.symbol, from: offset - 1, column: column)
        } else {
            lexBadBytes()
        }
    }

    private mutating func lexIdentifier() {
        let (start, startColumn) = (offset, column)
        while peek().isLetterOrDigit { advance(1) }
        add(.identifier, from: start, column: startColumn)
    }

    private mutating func lexString(quote: UInt8) {
        let (start, startColumn) = (offset, column)
        let position = position
        advance(1)
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
            let byte = bytes[offset]
            advanceColumn(over: byte)
            if byte == UInt8(ascii: "\\"), offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
                advanceColumn(over: bytes[offset])
            } else if byte == quote {
                return add(.string, from: start, column: startColumn)
            }
        }
        problems.error(
            at: position, "this string is not closed on its line; add `\(Character(UnicodeScalar(quote)))` or `\\n`")
        add(.string, from: start, column: startColumn)
    }

    private mutating func lexBadBytes() {
        let position = position
        let start = offset
        if bytes[offset] < 0x80 {
            let code = String(bytes[offset], radix: 16, uppercase: true)
            advance(1)
            problems.error(at: position, "the control character 0x\(code) has no place here; remove it")
        } else {
            while peek() >= 0x80 { advance(1) }
            let text = String(decoding: bytes[start..<min(offset, start + 40)], as: UTF8.self)
            problems.error(
                at: position, "`\(text)` has no place here: outside of strings and comments only ASCII is allowed")
        }
    }

    // MARK: White space and comments

    private mutating func skipWhitespaceAndComments() {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), 0x0B, 0x0C:
                advanceAnywhere()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { advanceColumn(over: bytes[offset]) }
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
                skipBlockComment()
            default:
                return
            }
        }
    }

    private mutating func skipBlockComment() {
        let start = position
        advance(2)
        while offset < bytes.count {
            switch (bytes[offset], peek(1)) {
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                return advance(2)
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                problems.error(at: position, "`/*` inside a block comment; block comments do not nest")
                advance(1)
            default:
                advanceAnywhere()
            }
        }
        problems.error(at: start, "this comment is never closed; add `*/`")
    }

    // MARK: Numbers

    private mutating func lexNumber() {
        let (start, startColumn, startPosition) = (offset, column, position)
        var kind = Token.Kind.integer
        if peek() == UInt8(ascii: "."), let last = tokens.last, last.end == offset, last.kind == .identifier {
            problems.error(at: startPosition, "write a space between the name and the number")
        }
        if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x") {
            advance(2)
            if !peek().isHexDigit { problems.error(at: startPosition, "`0x` needs hexadecimal digits after it") }
            while peek().isHexDigit { advance(1) }
        } else if peek() == UInt8(ascii: "0"), peek(1).isDigit {
            while peek().isOctalDigit { advance(1) }
            if peek().isDigit {
                problems.error(
                    at: startPosition,
                    "a number that starts with 0 is octal and has only the digits 0 to 7; remove the 0"
                )
                while peek().isDigit { advance(1) }
            }
        } else {
            kind = skipDecimal()
        }
        if peek().isLetter {
            problems.error(at: position, "write a space between the number and the name")
        } else if peek() == UInt8(ascii: ".") {
            problems.error(
                at: position,
                kind == .float
                    ? "a number has only one decimal point"
                    : "hexadecimal and octal numbers are whole; write the number in decimal")
        }
        add(kind, from: start, column: startColumn)
    }

    private mutating func skipDecimal() -> Token.Kind {
        var kind = Token.Kind.integer
        while peek().isDigit { advance(1) }
        if peek() == UInt8(ascii: ".") {
            kind = .float
            advance(1)
            while peek().isDigit { advance(1) }
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            kind = .float
            advance(1)
            if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") { advance(1) }
            if !peek().isDigit { problems.error(at: position, "the exponent needs digits") }
            while peek().isDigit { advance(1) }
        }
        return kind
    }

    // MARK: Moving

    private var position: SchemaPosition { SchemaPosition(line: line + 1, column: column + 1) }

    /// The byte `distance` ahead; 0 past the end.
    private func peek(_ distance: Int = 0) -> UInt8 {
        offset + distance < bytes.count ? bytes[offset + distance] : 0
    }

    /// Over bytes that are neither tab nor newline.
    private mutating func advance(_ count: Int) {
        offset += count
        column += count
    }

    private mutating func advanceColumn(over byte: UInt8) {
        offset += 1
        column += byte == UInt8(ascii: "\t") ? 8 - column % 8 : 1
    }

    private mutating func advanceAnywhere() {
        if bytes[offset] == UInt8(ascii: "\n") {
            offset += 1
            line += 1
            column = 0
        } else {
            advanceColumn(over: bytes[offset])
        }
    }

    private mutating func add(_ kind: Token.Kind, from start: Int, column startColumn: Int) {
        tokens.append(
            Token(kind: kind, start: start, end: offset, line: line, column: startColumn, endColumn: column))
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isOctalDigit: Bool { self &- UInt8(ascii: "0") < 8 }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") < 6 }
    /// ASCII letters and `_`, which start an identifier.
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "_") }
    var isLetterOrDigit: Bool { isLetter || isDigit }
}
