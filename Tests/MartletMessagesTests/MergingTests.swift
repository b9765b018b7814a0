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
}
