import Testing

@testable import MartletWire

@Suite struct GRPCTimeoutTests {
    @Test(
        arguments: [
            ("0n", 0), ("1n", 1), ("99999999n", 99_999_999), ("7u", 7000), ("12m", 12_000_000),
            ("00000012m", 12_000_000),
            ("3S", 3_000_000_000), ("2M", 120_000_000_000), ("1H", 3_600_000_000_000),
            ("2562047H", 2_562_047 * 3_600_000_000_000), ("2562048H", Int64.max), ("99999999H", Int64.max),
            ("99999999M", 5_999_999_940_000_000_000),
        ] as [(String, Int64)])
    func aTimeoutIsRead(text: String, nanoseconds: Int64) {
        #expect(GRPCTimeout(text.utf8) == GRPCTimeout(nanoseconds: nanoseconds))
    }

    @Test(arguments: ["", "n", "1", "1s", "1h", "100000000n", "-1S", "+1S", " 1S", "1 S", "1.5S", "1S ", "1SS", "١S"])
    func otherTextsAreNone(text: String) { #expect(GRPCTimeout(text.utf8) == nil) }

    @Test(
        arguments: [
            (0, "0n"), (-5, "0n"), (.min, "0n"), (1, "1n"), (99_999_999, "99999999n"), (100_000_000, "100000u"),
            (100_000_001, "100001u"), (99_999_999_000, "99999999u"), (99_999_999_001, "100000m"),
            (99_999_999_000_000, "99999999m"), (99_999_999_000_001, "100000S"), (100_000_000_000_000_000, "1666667M"),
            (99_999_999_000_000_000, "99999999S"), (5_999_999_940_000_000_001, "1666667H"), (.max, "2562048H"),
        ] as [(Int64, String)])
    func aTimeoutIsWrittenAsFineAsItFits(nanoseconds: Int64, text: String) {
        var bytes = Array("<".utf8)
        GRPCTimeout(nanoseconds: nanoseconds).write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "<" + text)
    }
}
