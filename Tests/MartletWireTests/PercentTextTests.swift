import Testing

@testable import MartletWire

@Suite struct PercentTextTests {
    @Test(arguments: [
        ("", ""), ("plain text ~!$&", "plain text ~!$&"), ("100 %", "100 %25"), ("a\nb\u{7F}\0", "a%0Ab%7F%00"),
        (
            "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
            "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A"
        ),
    ])
    func textIsWrittenAndReadAgain(text: String, encoded: String) {
        #expect(String(decoding: PercentText.encode(text), as: UTF8.self) == encoded)
        #expect(PercentText.decode(encoded.utf8) == text)
    }

    @Test(arguments: [
        ("%", "%"), ("%2", "%2"), ("%%41", "%A"), ("%4G%4a", "%4GJ"), ("a%", "a%"), ("%e2%98%ba", "☺"), ("☺", "☺"),
        ("%E2%98", "\u{FFFD}"), ("%FFx", "\u{FFFD}x"), ("%25%34%31", "%41"),
    ])
    func brokenTextIsTakenAsItIs(encoded: String, text: String) { #expect(PercentText.decode(encoded.utf8) == text) }
}
