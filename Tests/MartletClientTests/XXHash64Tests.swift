import Testing

@testable import MartletClient

@Suite struct XXHash64Tests {
    /// What the reference implementation says.
    @Test(
        arguments: [
            ("", 0, 0xef46_db37_51d8_e999), ("a", 0, 0xd24e_c4f1_a98c_6e5b), ("abc", 0, 0x44bc_2cf5_ad77_0999),
            ("user-17", 0, 0xfc1c_6a71_863c_e5e7), ("127.0.0.1:7000_0", 0, 0x2c0c_9594_db6a_d92d),
            ("", 7, 0x95f0_626f_6f0a_4409), ("a", 7, 0xdc63_49d4_89e0_f965),
        ] as [(String, UInt64, UInt64)])
    func hashesText(text: String, seed: UInt64, hash: UInt64) {
        #expect(XXHash64.hash(text, seed: seed) == hash)
    }

    @Test(
        arguments: [
            (32, 0, 0xcbf5_9c51_16ff_32b4), (101, 0, 0xe990_3849_5f85_381e), (32, 7, 0xa597_2d57_c4ae_a230),
            (101, 7, 0xe878_e979_1dbc_64fa),
        ] as [(UInt8, UInt64, UInt64)])
    func hashesLongBytes(count: UInt8, seed: UInt64, hash: UInt64) {
        let bytes = Array(0..<count)
        #expect(bytes.withUnsafeBytes { XXHash64.hash($0, seed: seed) } == hash)
    }
}
