import MartletCore
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10, and the two last digits.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), (">>>???", "Pj4+Pz8/"),
    ])
    func bytesBecomeTextAndBack(bytes: String, text: String) {
        #expect(Base64.encode(bytes.utf8) == Array(text.utf8))
        #expect(Base64.decode(text.utf8) == Array(bytes.utf8))
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        #expect(Base64.decode(padded.utf8) == Array(bytes.utf8))
    }

    @Test(arguments: ["A", "AAAAA", "Zg=", "Zg===", "Z===", "Zm9v=", "Z g", "Zm9-", "Zm9_", "=", "====", "Zg==Zg", "é"])
    func otherTextsAreNone(text: String) { #expect(Base64.decode(text.utf8) == nil) }

    @Test func everyByteSurvives() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
