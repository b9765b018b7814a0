/// A piece of `.proto` text. Lines and columns count from 0, as in `SourceCodeInfo`.
struct Token {
    enum Kind: UInt8 {
        case identifier
        case integer
        case float
        /// One quoted literal, quotes included.
        case string
        /// One ASCII character.
        case symbol
        /// Past the last token; empty.
        case end
    }

    let kind: Kind
    /// Byte offsets in the file.
    let start: Int
    let end: Int
    let line: Int
    /// In bytes; a tab reaches the next multiple of 8.
    let column: Int
    let endColumn: Int

    var position: SchemaPosition { SchemaPosition(line: line + 1, column: column + 1) }
    /// The place right after the token, where something is missing.
    var endPosition: SchemaPosition { SchemaPosition(line: line + 1, column: endColumn + 1) }
}

/// The tokens of one file with the text they were cut from.
struct TokenizedText {
    let bytes: [UInt8]
    /// Ends with one `.end` token.
    let tokens: [Token]

    func text(of token: Token) -> String {
        String(decoding: bytes[token.start..<token.end], as: UTF8.self)
    }

    func token(_ token: Token, is text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard token.end - token.start == count, token.kind != .string else { return false }
        for index in 0..<count where bytes[token.start + index] != text.utf8Start[index] { return false }
        return true
    }
}
