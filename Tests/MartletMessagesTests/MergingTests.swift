import MartletMessages
import Testing

/// Fields that come more than once (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
struct MergingTests {
    @Test func theLastValueWins() throws {
        let bytes = Wire.varint(1, field: 3) + Wire.bytes([0x61], field: 14) + Wire.varint(2, field: 3)
        #expect(try Implicit(serialized: bytes + Wire.bytes([], field: 14)) == Implicit(anInt32: 2))
    }

    @Test func messagesMergeFieldByField() throws {
        let first = Wire.bytes([0x61], field: 1) + Wire.varint(7, field: 2)
        let cases: [([UInt8], Leaf)] = [
            ([], Leaf(name: "a", number: 7)),
            (Wire.varint(0, field: 2), Leaf(name: "a", number: 0)),
            (Wire.bytes([0x62], field: 1), Leaf(name: "b", number: 7)),
        ]
        for (second, merged) in cases {
            let bytes = Wire.bytes(first, field: 17) + Wire.bytes(second, field: 17)
            #expect(try Explicit(serialized: bytes).leaf == merged)
        }
    }

    @Test func listsGrowWhetherPackedOrNot() throws {
        let bytes = Wire.varint(1, field: 3) + Wire.bytes([2, 3], field: 3) + Wire.varint(4, field: 3)
        #expect(try Packed(serialized: bytes).int32s == [1, 2, 3, 4])
        #expect(try Unpacked(serialized: bytes).int32s == [1, 2, 3, 4])
    }

    @Test func theLastMemberOfAOneofWins() throws {
        let bytes = Wire.bytes([0x61], field: 14) + Wire.varint(5, field: 4) + Wire.varint(1, field: 13)
        #expect(try Choice(serialized: bytes).value == .aBool(true))
        #expect(try Choice(serialized: bytes + Wire.bytes([], field: 17)).value == .leaf(Leaf()))
    }

    @Test func theLastEntryOfAMapWins() throws {
        func entry(_ value: UInt8) -> [UInt8] {
            Wire.bytes(Wire.bytes([0x6B], field: 1) + Wire.bytes([value], field: 2), field: 12)
        }
        #expect(try Maps(serialized: entry(0x61) + entry(0x62)).byString == ["k": "b"])
    }

    @Test func aMapEntryMayLackItsKeyOrValue() throws {
        let bytes = Wire.bytes([], field: 12) + Wire.bytes([], field: 15) + Wire.bytes([], field: 1)
        #expect(try Maps(serialized: bytes) == Maps(byInt32: [0: 0], byString: ["": ""], toLeaf: ["": Leaf()]))
    }

    /// libprotobuf-c would replace the first, or refuse both.
    @Test func theMessageOfAOneofMergesToo() throws {
        let first = Wire.bytes(Wire.bytes([0x61], field: 1), field: 17)
        let second = Wire.bytes(Wire.varint(7, field: 2), field: 17)
        #expect(try Choice(serialized: first + second).value == .leaf(Leaf(name: "a", number: 7)))
        let between = Wire.varint(1, field: 3)
        #expect(try Choice(serialized: first + between + second).value == .leaf(Leaf(number: 7)))
        let empty = Wire.bytes([], field: 2)
        #expect(try Tree(serialized: empty + empty).child == Tree())
    }

    @Test func mergingKeepsWhatTheFirstCopyHadAlone() throws {
        let first = Wire.bytes(Wire.bytes([0x61], field: 1) + Wire.varint(1, field: 99), field: 17)
        let second = Wire.bytes(Wire.bytes([], field: 1) + Wire.varint(2, field: 99), field: 17)
        let leaf = try Explicit(serialized: first + second).leaf
        #expect(leaf?.name == "")
        #expect(leaf?.unknownFields.bytes == Wire.varint(1, field: 99) + Wire.varint(2, field: 99))
    }

    /// Kept, as unknown fields, and in their order.
    @Test func valuesOfAnotherFormAreUnknown() throws {
        let forms: [[UInt8]] = [
            Wire.bytes([1], field: 3), Wire.varint(5, field: 14), Wire.varint(3 << 3 | 5) + [1, 2, 3, 4],
            Wire.varint(3 << 3 | 1) + [1, 2, 3, 4, 5, 6, 7, 8], [0x1B, 0x08, 0x01, 0x1C],
        ]
        let implicit = try Implicit(serialized: forms.joined() + Wire.varint(9, field: 3))
        #expect(implicit.anInt32 == 9)
        #expect(implicit.unknownFields.bytes == Array(forms.joined()))
        let maps = try Maps(serialized: Wire.varint(1, field: 1))
        #expect(maps.byInt32.isEmpty && maps.unknownFields.bytes == Wire.varint(1, field: 1))
    }

    @Test func groupsOfANewerSchemaAreKept() throws {
        let group: [UInt8] = [0xA3, 0x06, 0x0B, 0x08, 0x01, 0x0C, 0x12, 0x01, 0x61, 0xA4, 0x06]
        let implicit = try Implicit(serialized: Wire.varint(1, field: 3) + group)
        #expect(implicit.anInt32 == 1)
        #expect(implicit.unknownFields.bytes == group)
        #expect(try implicit.serialized() == Wire.varint(1, field: 3) + group)
    }

}
