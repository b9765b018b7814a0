import MartletMessages
import Testing

/// Usual messages don't take the slow way. All tests share its counter, so that far more messages are read here than
/// all others read slowly.
struct QuickReadingTests {
    private static let rounds = 100_000

    private func expectQuick<M: GeneratedMessage>(_ type: M.Type, _ bytes: [UInt8]) throws {
        let before = MessageStatistics.fallbackParses
        for _ in 0..<Self.rounds { _ = try M(serialized: bytes) }
        #expect(MessageStatistics.fallbackParses - before < Self.rounds * 9 / 10)
    }

    @Test func aMessageOfEveryKind() throws {
        try expectQuick(Explicit.self, #require(Fixture.bytes["explicit.lowest"]))
        try expectQuick(Two.self, #require(Fixture.bytes["two.all"]))
    }

    /// libprotobuf-c allocates and frees more for these.
    @Test func moreThan128Fields() throws {
        let bytes = (1...200 as ClosedRange<UInt64>).flatMap { Wire.varint($0, field: $0) }
        #expect(try Wide(serialized: bytes).last == 200)
        try expectQuick(Wide.self, bytes)
        #expect(try Wide(serialized: bytes + bytes).last == 200)
    }

    @Test func theSlowWayIsCounted() throws {
        let before = MessageStatistics.fallbackParses
        _ = try Nothing(serialized: [0x0B, 0x0C])
        #expect(MessageStatistics.fallbackParses > before)
    }
}

/// A message of 200 fields, of which it keeps the last.
private struct Wide: GeneratedMessage {
    var last: Int32?
    var unknownFields = UnknownFields()

    static let tables = MessageTables([
        .message(
            "martlet.testing.Wide",
            (0..<200).map { .optional(.int32, "number", UInt32($0 + 1), at: 24 + 4 * $0, has: 824 + 4 * $0) })
    ])

    static var table: MessageTable { tables[0] }

    init(reading record: RecordReader) throws(DecodingError) {
        last = try record.optional(at: 820, has: 1620)
        unknownFields = try record.unknownFields()
    }

    static func write(_ message: UnsafeMutablePointer<Wide>, into record: RecordWriter) {
        record.setOptional(message.pointee.last, at: 820, has: 1620)
    }
}
