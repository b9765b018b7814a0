import MartletMessages
import Testing

/// Byte strings from 16 KiB on aren't copied but taken over from the scratch memory.
struct LargeBytesTests {
    private static func bytes(_ count: Int, _ first: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ first) }
    }

    private static let large = bytes(100_000, 1)
    private static let other = bytes(16 << 10, 2)
    private static let small = bytes((16 << 10) - 1, 3)

    @Test func allPlacesOfBytes() throws {
        let lists = Unpacked(byteStrings: [Self.large, Self.small, [], Self.other, Self.large])
        #expect(try Unpacked(serialized: lists.serialized()) == lists)
        let maps = Maps(toBytes: ["a": Self.large, "b": Self.other, "c": Self.small])
        #expect(try Maps(serialized: maps.serialized()) == maps)
        let choice = Choice(value: .someBytes(Self.large), other: .note(String(repeating: "x", count: 50_000)))
        #expect(try Choice(serialized: choice.serialized()) == choice)
        let explicit = Explicit(someBytes: Self.other)
        #expect(try Explicit(serialized: explicit.serialized()) == explicit)
    }

    @Test func theLastOfSeveralWins() throws {
        let bytes = Wire.bytes(Self.large, field: 15) + Wire.bytes(Self.other, field: 15)
        #expect(try Implicit(serialized: bytes).someBytes == Self.other)
    }

    @Test func laterDecodingDoesNotTouchEarlierResults() throws {
        let wire = Wire.bytes(Self.large, field: 15)
        var first = try Implicit(serialized: wire)
        let second = try Implicit(serialized: wire)
        first.someBytes[0] = 99
        _ = try Implicit(serialized: Wire.bytes(Array(repeating: 0, count: 100_000), field: 15))
        #expect(first.someBytes == [99] + Self.large.dropFirst())
        #expect(second.someBytes == Self.large)
    }

    @Test func unknownOnesAreKept() throws {
        let wire = Wire.bytes(Self.large, field: 3) + Wire.bytes(Self.other, field: 3)
        #expect(try Nothing(serialized: wire).serialized() == wire)
    }
}
