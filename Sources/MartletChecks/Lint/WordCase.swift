/// How names of several words are written, and what a name would be in another way.
enum WordCase {
    /// `OrderState`; acronyms may stay capital.
    case pascal
    /// `order_state`
    case lowerSnake
    /// `ORDER_STATE`
    case upperSnake

    func allows(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        switch self {
        case .pascal: return Self.isUpper(first) && bytes.allSatisfy { Self.isLetter($0) || Self.isDigit($0) }
        case .lowerSnake, .upperSnake:
            let isOfCase = self == .lowerSnake ? Self.isLower : Self.isUpper
            return first != Self.underscore && last != Self.underscore
                && bytes.allSatisfy { isOfCase($0) || Self.isDigit($0) || $0 == Self.underscore }
                && !zip(bytes, bytes.dropFirst()).contains { $0 == Self.underscore && $1 == Self.underscore }
        }
    }

    /// The name as it would be written in this way.
    func spelling(of name: String) -> String {
        let words = Self.words(of: name)
        switch self {
        case .pascal: return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        case .lowerSnake: return words.map { $0.lowercased() }.joined(separator: "_")
        case .upperSnake: return words.map { $0.uppercased() }.joined(separator: "_")
        }
    }

    /// A capital starts a word after a small letter or a digit, and also the last one of several before a small letter:
    /// `HTTPServer` is `HTTP` and `Server`.
    private static func words(of name: String) -> [String] {
        let bytes = Array(name.utf8)
        var words: [[UInt8]] = [[]]
        for (index, byte) in bytes.enumerated() {
            guard isLetter(byte) || isDigit(byte) else {
                words.append([])
                continue
            }
            if isUpper(byte), index > 0 {
                let follows = isLower(bytes[index - 1]) || isDigit(bytes[index - 1])
                let leads = index + 1 < bytes.count && isLower(bytes[index + 1])
                if follows || leads { words.append([]) }
            }
            words[words.count - 1].append(byte)
        }
        return words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static let underscore = UInt8(ascii: "_")
    private static func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
    private static func isLower(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
    private static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte) || isLower(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
