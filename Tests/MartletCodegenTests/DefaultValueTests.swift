import Testing

@testable import MartletCodegen

/// How explicit defaults read in Swift. The golden files show that the compiler takes them.
@Suite struct DefaultValueTests {
    @Test(arguments: [
        (Scalar.int32, "-2147483648", "-2_147_483_648"), (.int64, "-9223372036854775808", "-9_223_372_036_854_775_808"),
        (.uint64, "18446744073709551615", "18_446_744_073_709_551_615"), (.int32, "0", "0"), (.bool, "true", "true"),
        (.double, "1234567", "1234567.0"), (.double, "-0", "-0.0"), (.double, "1e+20", "1e+20"),
        (.float, "0.333333343", "0.333333343"), (.float, "inf", "Swift.Float.infinity"),
        (.double, "-inf", "-Swift.Double.infinity"), (.float, "nan", "Swift.Float.nan"),
        (.float, "1e-45", "Swift.Float.leastNonzeroMagnitude * 1.0"),
        (.double, "-1.4821969375237396e-323", "-Swift.Double.leastNonzeroMagnitude * 3.0"),
        (.string, "a\"\n\\(b)", #""a\"\u{a}\\(b)""#), (.string, "\u{200F}ü\u{0}", #""\u{200f}ü\u{0}""#),
        (.bytes, "", "[]"), (.bytes, #"a\"b\000"#, #"Swift.Array("a\"b\u{0}".utf8)"#),
        (.bytes, #"\377\001"#, "[0xff, 0x01]"),
    ])
    func literal(type: Scalar, text: String, expected: String) {
        #expect(DefaultValue(text: text).literal(type) == expected)
    }

    @Test(
        arguments: [
            (#"\n\r\t\\\'\""#, [10, 13, 9, 92, 39, 34]), (#"\1234"#, [83, 52]), (#"\1"#, [1]), (#"\xfFg"#, [255, 103]),
            ("ü", [0xC3, 0xBC]), (#"\"#, [92]),
        ] as [(String, [UInt8])])
    func unescaped(text: String, expected: [UInt8]) {
        #expect(DefaultValue.unescaped(text) == expected)
    }
}
