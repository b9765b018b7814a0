import MartletMessages
import Testing

struct UnknownFieldTests {
    @Test func fieldsOfANewerSchemaAreWrittenBack() throws {
        let bytes = try #require(Fixture.bytes["explicit.lowest"])
        let older = try Older(serialized: bytes)
        #expect(older.anInt32 == .min)
        #expect(!older.unknownFields.isEmpty)
        #expect(try Explicit(serialized: older.serialized()) == Explicit(serialized: bytes))
    }

    @Test func nestedMessagesKeepTheirs() throws {
        let leaf = Wire.bytes([0x61], field: 1) + Wire.varint(5, field: 99) + Wire.bytes([1, 2], field: 100)
        let bytes = Wire.bytes(leaf, field: 17)
        #expect(try Explicit(serialized: bytes).serialized() == bytes)
        #expect(
            try Explicit(serialized: bytes).leaf?.unknownFields.bytes
                == Wire.varint(5, field: 99) + Wire.bytes([1, 2], field: 100))
    }

    @Test func extensionsOfProto2AreWrittenBack() throws {
        let bytes = try #require(Fixture.bytes["two.all"]) + Wire.bytes([0x78], field: 100)
        #expect(try Two(serialized: bytes).serialized() == bytes)
    }

    /// All four wire types, and a field number of five bytes.
    @Test func everyFormIsKept() throws {
        let bytes =
            Wire.varint(.max, field: 1) + Wire.varint(2 << 3 | 1) + [1, 2, 3, 4, 5, 6, 7, 8]
            + Wire.bytes([], field: 3) + Wire.varint(4 << 3 | 5) + [1, 2, 3, 4] + Wire.varint(0, field: 536_870_911)
        let nothing = try Nothing(serialized: bytes)
        #expect(nothing.unknownFields.bytes == bytes)
        #expect(try nothing.serialized() == bytes)
        #expect(nothing != Nothing())
    }
}
