import MartletMessages
import Testing

/// Numbers that a closed enum doesn't know are unknown fields (https://protobuf.dev/programming-guides/enum).
struct ClosedEnumTests {
    private func expectUnknown(
        _ bytes: [UInt8], _ expected: Grouped, kept: [UInt8], at location: SourceLocation = #_sourceLocation
    ) throws {
        var grouped = try Grouped(serialized: bytes)
        #expect(grouped.unknownFields.bytes == kept, sourceLocation: location)
        grouped.unknownFields = .init()
        #expect(grouped == expected, sourceLocation: location)
    }

    @Test func singularFieldsStayAsTheyWere() throws {
        let unknown = Wire.varint(77, field: 6)
        try expectUnknown(unknown, Grouped(), kept: unknown)
        try expectUnknown(Wire.varint(1, field: 6) + unknown, Grouped(size: .small), kept: unknown)
        #expect(try Grouped(serialized: unknown).sizeOrDefault == .large)
    }

    @Test func oneofsStayAsTheyWere() throws {
        let unknown = Wire.varint(77, field: 5)
        try expectUnknown(unknown, Grouped(), kept: unknown)
        try expectUnknown(Wire.bytes([], field: 4) + unknown, Grouped(choice: .right("")), kept: unknown)
    }

    @Test func listsLoseThem() throws {
        let minusOne = Wire.varint(.max, field: 7)
        try expectUnknown(
            Wire.varint(1, field: 7) + minusOne + Wire.bytes([3, 2], field: 7), Grouped(sizes: [.small, .large]),
            kept: minusOne + Wire.varint(3, field: 7))
        try expectUnknown(
            Wire.bytes([0, 1, 2, 3], field: 8), Grouped(packedSizes: [.small, .large]),
            kept: Wire.varint(0, field: 8) + Wire.varint(3, field: 8))
    }

    @Test func mapsLoseTheWholeEntry() throws {
        func entry(_ content: [UInt8]) -> [UInt8] { Wire.bytes(content, field: 9) }
        let unknown = entry(Wire.varint(4, field: 1) + Wire.varint(9, field: 2))
        let known = entry(Wire.varint(5, field: 1) + Wire.varint(1, field: 2))
        try expectUnknown(unknown + known, Grouped(byNumber: [5: .one]), kept: unknown)
        #expect(try Grouped(serialized: entry(Wire.varint(4, field: 1))).byNumber == [4: .none])
    }

    @Test func aRequiredOneIsMissing() throws {
        let bytes = try #require(Fixture.bytes["two.required"])
        let error = #expect(throws: DecodingError.self) {
            try Two(serialized: bytes.dropLast(2) + Wire.varint(9, field: 5))
        }
        #expect(error == DecodingError(.missingRequiredField, message: "martlet.testing.two.Two", field: "size"))
    }

    @Test func extensionsLoseThemToo() throws {
        let grouped = try Grouped(serialized: Wire.bytes([1, 9, 2], field: 111) + Wire.varint(9, field: 112))
        #expect(grouped[.extraSizes] == [.small, .large])
        #expect(grouped[.extraSize] == nil)
        #expect(!grouped.hasExtension(.extraSize))
    }

    /// A million of them, in every form, take memory and time for a million.
    @Test(.timeLimit(.minutes(1)))
    func manyUnknownNumbers() throws {
        let packed = Wire.bytes(Array(repeating: 9, count: 1_000_000), field: 8)
        #expect(try Grouped(serialized: packed).unknownFields.bytes.count == 2_000_000)
        let single = Array(repeating: Wire.varint(9, field: 7), count: 1_000_000).flatMap { $0 }
        #expect(try Grouped(serialized: single).unknownFields.bytes == single)
    }
}
