import Testing

@testable import MartletSchema

@Suite struct LexerTests {
    private func tokenize(_ text: String) -> (tokens: TokenizedText, problems: [String]) {
        var problems = Problems(file: "t.proto")
        let tokens = Lexer.tokenize(Array(text.utf8), problems: &problems)
        return (tokens, problems.diagnostics.map(\.description))
    }

    @Test(arguments: [
        ("a_1 B", ["a_1", "B"]),
        ("1 0x1F 017 1.5 .5 1e10 1.5E-3 1.", ["1", "0x1F", "017", "1.5", ".5", "1e10", "1.5E-3", "1."]),
        (#""a" 'b"' "\"" "\\""#, [#""a""#, #"'b"'"#, #""\"""#, #""\\""#]),
        ("a.b=-1;", ["a", ".", "b", "=", "-", "1", ";"]),
        ("a//x\nb/**/c/*\n*/d", ["a", "b", "c", "d"]),
        ("\u{FEFF}a", ["a"]),
        ("", []),
    ])
    func cutsText(_ text: String, _ expected: [String]) {
        let (result, problems) = tokenize(text)
        #expect(result.tokens.dropLast().map { result.text(of: $0) } == expected)
        #expect(result.tokens.last?.kind == .end)
        #expect(problems.isEmpty)
    }

    @Test func countsLinesAndColumns() {
        let tokens = tokenize("a\n\tb  é".replacing("é", with: "\"é\"") + "\r\n \tc").tokens.tokens
        #expect(tokens.map(\.line) == [0, 1, 1, 2, 2])
        #expect(tokens.map(\.column) == [0, 8, 11, 8, 9])
        #expect(tokens.map(\.endColumn) == [1, 9, 15, 9, 9])
    }

    @Test(arguments: [
        ("\"abc\nd", "t.proto:1:1: this string is not closed on its line; add `\"` or `\\n`"),
        ("/* x", "t.proto:1:1: this comment is never closed; add `*/`"),
        ("/* /* */", "t.proto:1:4: `/*` inside a block comment; block comments do not nest"),
        ("a \u{1}", "t.proto:1:3: the control character 0x1 has no place here; remove it"),
        ("aé", "t.proto:1:2: `é` has no place here: outside of strings and comments only ASCII is allowed"),
        ("0x", "t.proto:1:1: `0x` needs hexadecimal digits after it"),
        ("089", "t.proto:1:1: a number that starts with 0 is octal and has only the digits 0 to 7; remove the 0"),
        ("1e", "t.proto:1:3: the exponent needs digits"),
        ("12a", "t.proto:1:3: write a space between the number and the name"),
        ("1.2.3", "t.proto:1:4: a number has only one decimal point"),
        ("0x1.5", "t.proto:1:4: hexadecimal and octal numbers are whole; write the number in decimal"),
        ("a.5", "t.proto:1:2: write a space between the name and the number"),
    ])
    func reportsWhatIsNoToken(_ text: String, _ expected: String) {
        #expect(tokenize(text).problems == [expected])
    }

    @Test(arguments: [
        ("0", 0), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil),
        ("0xffffffffffffffff", UInt64.max),
        ("0x10000000000000000", nil), ("0755", 493), ("01777777777777777777777", UInt64.max),
        ("02000000000000000000000", nil),
    ])
    func readsIntegers(_ text: String, _ expected: UInt64?) {
        #expect(Literals.integer(Array(text.utf8)[...]) == expected)
    }

    @Test(arguments: [
        (#""plain""#, Array("plain".utf8)),
        (#"'\a\b\f\n\r\t\v\\\?\'\"'"#, [7, 8, 12, 10, 13, 9, 11, 92, 63, 39, 34]),
        (#""\0\12\1234\x4\x41f\XfF""#, [0, 10, 0o123, 52, 4, 0x41, 102, 0xFF]),
        (#""\u00e9\U0001F600\ud83d\ude00""#, Array("é😀😀".utf8)),
        (#""\400""#, [0]),
    ])
    func readsStrings(_ text: String, _ expected: [UInt8]) {
        var result: [UInt8] = []
        Literals.appendString(Array(text.utf8)[...], to: &result) { offset, message in
            Issue.record("\(offset): \(message)")
        }
        #expect(result == expected)
    }

    @Test(arguments: [
        (#""a\q""#, 2, #"unknown escape in a string; write `\\` for a backslash"#),
        (#""\x""#, 1, #"`\x` needs one or two hexadecimal digits"#),
        (#""\u12""#, 1, #"`\u` needs 4 hexadecimal digits"#),
        (#""\U00110000""#, 1, #"`\U` names no Unicode character"#),
        (#""\ud800""#, 1, #"`\u` names no Unicode character"#),
    ])
    func reportsBadEscapes(_ text: String, _ offset: Int, _ expected: String) {
        var result: [UInt8] = []
        var problems: [String] = []
        Literals.appendString(Array(text.utf8)[...], to: &result) { problems.append("\($0): \($1)") }
        #expect(problems.first == "\(offset): \(expected)")
    }

    @Test func escapesBytesAsProtocDoes() {
        #expect(Literals.escaped([0, 10, 13, 9, 34, 39, 92, 65, 127, 255]) == #"\000\n\r\t\"\'\\A\177\377"#)
    }
}
