import MartletMessages
import Testing

/// Groups, which libprotobuf-c knows nothing of: in their order behind the other fields they are written as
/// everybody writes them.
struct GroupTests {
    private let text: [UInt8] = Wire.bytes([0x61], field: 1)

    @Test func aGroupIsWrittenBetweenItsTags() throws {
        let grouped = Grouped(data: .init(text: "a", item: [.init(size: .large), .init()]), size: .small)
        let items: [UInt8] = [0x1B, 0x08, 0x02, 0x1C, 0x1B, 0x1C]
        #expect(try grouped.serialized() == Wire.varint(1, field: 6) + [0x0B] + text + items + [0x0C])
    }

    @Test func allPlacesOfGroupsAreReadBack() throws {
        let inner = Grouped(row: [.init(number: 1), .init(), .init(number: -1)])
        let messages = [
            Grouped(), inner, Grouped(data: .init(grouped: inner)),
            Grouped(choice: .left(.init(text: "", numbers: [7]))),
            Grouped(row: [.init()], choice: .right("r"), byName: ["": inner, "a": Grouped(data: .init())]),
        ]
        for message in messages { #expect(try Grouped(serialized: message.serialized()) == message) }
    }

    @Test func groupsMergeAsMessagesDo() throws {
        let first: [UInt8] = [0x1B] + text + Wire.varint(1, field: 2) + [0x1C]
        let second: [UInt8] = [0x1B] + Wire.varint(2, field: 2) + [0x1C]
        let merged = Grouped.Left(text: "a", numbers: [1, 2])
        #expect(try Grouped(serialized: first + second).choice == .left(merged))
        #expect(try Grouped(serialized: first + Wire.bytes([], field: 4)).choice == .right(""))
    }

    @Test func unknownFieldsFollowTheGroups() throws {
        let bytes = [0x0B] + text + Wire.varint(5, field: 9) + [0x0C] + Wire.varint(5, field: 99)
        let grouped = try Grouped(serialized: bytes)
        #expect(grouped.data?.unknownFields.bytes == Wire.varint(5, field: 9))
        #expect(grouped.unknownFields.bytes == Wire.varint(5, field: 99))
        #expect(try grouped.serialized() == bytes)
    }

    @Test func groupsCountAsLevels() throws {
        func nested(_ levels: Int) -> Grouped {
            levels == 1 ? Grouped() : Grouped(data: .init(grouped: nested(levels - 1)))
        }
        _ = try Grouped(serialized: nested(50).serialized())
        let error = #expect(throws: DecodingError.self) { try Grouped(serialized: nested(51).serialized()) }
        #expect(error?.reason == .tooDeep(limit: 100))
        #expect(error?.field?.hasPrefix("data.grouped.data.grouped.") == true)
    }

    @Test func errorsNameTheWayThroughGroups() throws {
        let wrong: [UInt8] = [0x0B, 0x1B, 0x1C, 0x1B, 0x08]
        let error = #expect(throws: DecodingError.self) { try Grouped(serialized: wrong) }
        #expect(
            error.map { "\($0)" } == """
                cannot decode martlet.testing.two.Grouped at data.item[1].size, byte 5: \
                the bytes end in the middle of a field
                """)
    }
}
