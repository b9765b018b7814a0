/// The comments between the end of one declaration and the token after it, shared out as protoc does:
/// one on the line of the declaration, or directly below it and followed by a blank line, trails it; the last one before
/// the next token leads that; the rest is detached.
struct CommentCollector {
    private(set) var trailing = ""
    private(set) var detached: [String] = []
    private(set) var leading = ""

    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int
    private var comment: (text: String, isLine: Bool)?
    private var canTrail = true

    /// Collects from the gap before the token at `index`.
    init(before index: Int, in text: TokenizedText) {
        bytes = text.bytes
        offset = index == 0 ? (text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0) : text.tokens[index - 1].end
        let token = text.tokens[index]
        end = token.start
        let endsScope =
            token.kind == .end || text.token(token, is: "}") || text.token(token, is: "]") || text.token(token, is: ")")
        collect(isFirst: index == 0, endsScope: endsScope)
        leading = comment?.text ?? ""
    }

    private mutating func collect(isFirst: Bool, endsScope: Bool) {
        if isFirst {
            canTrail = false
        } else {
            skipBlanks()
            switch readComment() {
            case .line:
                flush()
            case .block:
                skipBlanks()
                guard skipNewline() else {
                    comment = nil
                    return
                }
                flush()
            case nil:
                guard skipNewline() else { return }
            }
        }
        while true {
            skipBlanks()
            switch readComment() {
            case .line:
                break
            case .block:
                skipBlanks()
                _ = skipNewline()
            case nil:
                guard skipNewline() else {
                    if endsScope { flush() }
                    return
                }
                flush()
                canTrail = false
            }
        }
    }

    /// The current comment belongs to what comes before.
    private mutating func flush() {
        guard let comment else { return }
        if canTrail {
            trailing += comment.text
            canTrail = false
        } else {
            detached.append(comment.text)
        }
        self.comment = nil
    }

    // MARK: Reading

    private enum Form {
        case line
        case block
    }

    private mutating func readComment() -> Form? {
        guard offset + 1 < end, bytes[offset] == UInt8(ascii: "/") else { return nil }
        switch bytes[offset + 1] {
        case UInt8(ascii: "/"):
            if comment?.isLine == false { flush() }
            let text = readLine()
            comment = ((comment?.text ?? "") + text, true)
            return .line
        case UInt8(ascii: "*"):
            flush()
            comment = (readBlock(), false)
            return .block
        default:
            return nil
        }
    }

    private mutating func readLine() -> String {
        let start = offset + 2
        while offset < end, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        if offset < end { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Without the blanks and the `*` that start its further lines.
    private mutating func readBlock() -> String {
        offset += 2
        var text: [UInt8] = []
        while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "*"), offset + 1 < end, bytes[offset + 1] == UInt8(ascii: "/") {
                offset += 2
                break
            }
            text.append(byte)
            offset += 1
            guard byte == UInt8(ascii: "\n") else { continue }
            skipBlanks()
            guard offset < end, bytes[offset] == UInt8(ascii: "*") else { continue }
            offset += 1
            if offset < end, bytes[offset] == UInt8(ascii: "/") {
                offset += 1
                break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while offset < end, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] <= 0x20 { offset += 1 }
    }

    private mutating func skipNewline() -> Bool {
        guard offset < end, bytes[offset] == UInt8(ascii: "\n") else { return false }
        offset += 1
        return true
    }
}
