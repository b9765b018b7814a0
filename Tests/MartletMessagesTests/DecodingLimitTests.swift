import Foundation
import MartletMessages
import Testing

/// Whatever the bytes say, decoding stays within its limits and says which one was hit.
struct DecodingLimitTests {
    @Test func aHundredLevelsAreTheLimit() throws {
        let tree = try Tree(serialized: Wire.nested(levels: 100, field: 2))
        #expect(try tree.serialized() == Wire.nested(levels: 100, field: 2))
        let deeper = Wire.nested(levels: 101, field: 2)
        let error = try #require(throws: DecodingError.self) { try Tree(serialized: deeper) }
        let steps = Array(repeating: "child", count: 8).joined(separator: ".")
        #expect(
            "\(error)" == """
                cannot decode martlet.testing.Tree at \(steps).….\(steps), byte \(deeper.count): \
                messages nest deeper than the limit of 100 levels
                """)
    }

    /// Messages, lists, maps, oneofs, and groups that the schema doesn't know.
    @Test(arguments: [
        (Wire.nested(levels: 3, field: 2), Wire.nested(levels: 4, field: 2)),
        (Wire.nested(levels: 3, field: 3), Wire.nested(levels: 4, field: 3)),
        (inEntry(Wire.nested(levels: 2, field: 2)), inEntry(Wire.nested(levels: 3, field: 2))),
        (groups(2), groups(3)),
    ])
    func theLimitCanBeChosen(within: [UInt8], beyond: [UInt8]) throws {
        let limits = DecodingLimits(depth: 3)
        _ = try Tree(serialized: within, limits: limits)
        expectTooDeep(limit: 3) { () throws(DecodingError) in try Tree(serialized: beyond, limits: limits) }
    }

    @Test func noLevelAtAll() {
        expectTooDeep(limit: 0) { () throws(DecodingError) in
            try Tree(serialized: [], limits: DecodingLimits(depth: 0))
        }
    }

    /// A level of libprotobuf-c takes about 1 KiB of stack.
    @Test(arguments: [64, 128, 512, 8192], [200, 10_000, 100_000])
    func noStackIsOverrun(kibibytes: Int, levels: Int) async {
        for bytes in [
            Wire.nested(levels: levels, field: 2), Wire.nested(levels: levels, field: 3), Self.groups(levels),
            Array(repeating: 0x13, count: levels), Wire.bytes([], field: 2) + Wire.nested(levels: levels, field: 2),
        ] {
            let result = await onThread(kibibytes) { () throws(DecodingError) in try Tree(serialized: bytes) }
            expectTooDeep(limit: 100) { () throws(DecodingError) in try result.get() }
        }
    }

    /// What fits into a small stack is read there, also what takes the slow way.
    @Test(arguments: [64, 128, 512])
    func smallStacksServeUsualMessages(kibibytes: Int) async throws {
        let nested = Wire.nested(levels: 5, field: 2)
        for bytes in [nested, nested + nested, Self.groups(5)] {
            let tree = await onThread(kibibytes) { () throws(DecodingError) in try Tree(serialized: bytes) }
            #expect(try tree.get() == Tree(serialized: bytes))
        }
    }

    @Test func emptyMessagesStayWithinTheBudget() throws {
        let bytes = Array(repeating: Wire.bytes([], field: 17), count: 1_000_000).flatMap { $0 }
        expectOverBudget(limit: 1 << 20) { () throws(DecodingError) in
            try Unpacked(serialized: bytes, limits: DecodingLimits(memory: 1 << 20))
        }
        #expect(try Unpacked(serialized: bytes).leaves.count == 1_000_000)
    }

    /// libprotobuf-c copies the list at each repetition, so that 48 KB of it would take 129 MB.
    @Test func repeatedMergesTakeMemoryForTheirResultOnly() throws {
        let once = Wire.bytes(Wire.bytes([], field: 3), field: 2)
        let bytes = Array(repeating: once, count: 12_000).flatMap { $0 }
        let limits = DecodingLimits(memory: 2 << 20)
        #expect(try Tree(serialized: bytes, limits: limits).child?.children.count == 12_000)
        expectOverBudget(limit: 1 << 20) { () throws(DecodingError) in
            try Tree(serialized: bytes, limits: DecodingLimits(memory: 1 << 20))
        }
    }

    /// In a second a quadratic reader would get nowhere.
    @Test(.timeLimit(.minutes(1)))
    func repetitionsTakeLinearTime() throws {
        let merged = Wire.bytes(Wire.bytes([0x61], field: 1) + Wire.varint(9, field: 99), field: 17)
        let unknown = Wire.varint(1, field: 99) + Wire.varint(2, field: 3)
        let messages = Array(repeating: merged + unknown, count: 200_000).flatMap { $0 }
        let explicit = try Explicit(serialized: messages)
        #expect(explicit.leaf?.unknownFields.bytes.count == 3 * 200_000)
        #expect(explicit.unknownFields.bytes.count == 3 * 200_000)
    }

    @Test func lengthsOfTwoGibibytesAreRefused() throws {
        for field in [2, 3, 4, 77] as [UInt64] {
            let tag = Wire.varint(field << 3 | 2)
            let error = try #require(throws: DecodingError.self) {
                try Tree(serialized: tag + Wire.varint(UInt64(1) << 31) + [0])
            }
            #expect(error.reason == .malformed(.length))
            let shorter = try #require(throws: DecodingError.self) {
                try Tree(serialized: tag + Wire.varint(UInt64(1) << 31 - 1) + [0])
            }
            #expect(shorter.reason == .malformed(.cutShort))
        }
    }

    /// What a thread has decoded before makes no difference.
    @Test func theBudgetCountsEveryByte() throws {
        let bytes = Wire.bytes(Array(repeating: 7, count: 100_000), field: 15)
        let record = try #require((1...4096).first { decodes(Wire.bytes([], field: 15), memory: $0) })
        for _ in 1...3 {
            #expect(decodes(bytes, memory: record + 100_000))
            #expect(!decodes(bytes, memory: record + 100_000 - 1))
            _ = try Implicit(serialized: Wire.bytes(Array(repeating: 7, count: 1 << 20), field: 15))
        }
    }
}

extension DecodingLimitTests {
    private static func inEntry(_ tree: [UInt8]) -> [UInt8] { Wire.bytes(Wire.bytes(tree, field: 2), field: 4) }

    private static func groups(_ count: Int) -> [UInt8] {
        Array(repeating: 0x53, count: count) + Array(repeating: 0x54, count: count)
    }

    private func decodes(_ bytes: [UInt8], memory: Int) -> Bool {
        (try? Implicit(serialized: bytes, limits: DecodingLimits(memory: memory))) != nil
    }

    private func expectTooDeep(limit: Int, _ body: () throws(DecodingError) -> Tree) {
        let error = #expect(throws: DecodingError.self) { try body() }
        #expect(error?.reason == .tooDeep(limit: limit))
    }

    private func expectOverBudget(limit: Int, _ body: () throws(DecodingError) -> some Message) {
        let error = #expect(throws: DecodingError.self) { try body() }
        #expect(error?.reason == .overBudget(limit: limit))
    }
}
