import Foundation
import MartletMessages
import Testing

/// Whatever the bytes say, decoding stays within its limits and says which one was hit.
struct DecodingLimitTests {
    private let tooDeep = DecodingError(.tooDeep(limit: 100), message: "martlet.testing.Tree")

    @Test func aHundredLevelsAreTheLimit() throws {
        let tree = try Tree(serialized: Wire.nested(levels: 100, field: 2))
        #expect(try tree.serialized() == Wire.nested(levels: 100, field: 2))
        #expect(throws: tooDeep) { try Tree(serialized: Wire.nested(levels: 101, field: 2)) }
    }

    @Test(arguments: [2, 3] as [UInt64])
    func theLimitCanBeChosen(field: UInt64) throws {
        let limits = DecodingLimits(depth: 3)
        _ = try Tree(serialized: Wire.nested(levels: 3, field: field), limits: limits)
        #expect(throws: DecodingError(.tooDeep(limit: 3), message: "martlet.testing.Tree")) {
            try Tree(serialized: Wire.nested(levels: 4, field: field), limits: limits)
        }
        #expect(throws: DecodingError(.tooDeep(limit: 0), message: "martlet.testing.Tree")) {
            try Tree(serialized: [], limits: DecodingLimits(depth: 0))
        }
    }

    @Test(arguments: [200, 1_000, 10_000, 100_000])
    func deepNestingDoesNotOverflowTheStack(levels: Int) {
        #expect(throws: tooDeep) { try Tree(serialized: Wire.nested(levels: levels, field: 2)) }
    }

    /// A level of libprotobuf-c takes about 1 KiB of stack.
    @Test(arguments: [64, 128, 512])
    func smallStacksAreSafe(kibibytes: Int) async {
        let error = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    returning: Result { () throws(DecodingError) in
                        try Tree(serialized: Wire.nested(levels: 10_000, field: 2))
                    })
            }
            thread.stackSize = kibibytes << 10
            thread.start()
        }
        #expect(throws: tooDeep) { try error.get() }
    }

    @Test func nestedGroupsAreRefused() {
        #expect(throws: DecodingError(.malformed, message: "martlet.testing.Tree")) {
            try Tree(serialized: Array(repeating: 0x13, count: 29_000))
        }
    }

    @Test func emptyMessagesStayWithinTheDefaultBudget() throws {
        let bytes = Array(repeating: Wire.bytes([], field: 17), count: 100_000).flatMap { $0 }
        #expect(throws: DecodingError(.overBudget(limit: 1 << 20), message: "martlet.testing.Unpacked")) {
            try Unpacked(serialized: bytes, limits: DecodingLimits(memory: 1 << 20))
        }
        #expect(try Unpacked(serialized: bytes, limits: DecodingLimits(memory: 1 << 25)).leaves.count == 100_000)
    }

    /// Merging copies the list at each repetition, so that 48 KB of it would take 129 MB.
    @Test func repeatedMergesAreStoppedByTheDefaultBudget() {
        let once = Wire.bytes(Wire.bytes([], field: 3), field: 2)
        let bytes = Array(repeating: once, count: 12_000).flatMap { $0 }
        #expect(throws: DecodingError(.overBudget(limit: bytes.count * 64), message: "martlet.testing.Tree")) {
            try Tree(serialized: bytes)
        }
    }

    /// What a thread has decoded before makes no difference.
    @Test func theBudgetCountsEveryByte() throws {
        let bytes = Wire.bytes(Array(repeating: 7, count: 100_000), field: 15)
        let record = try #require((1...4096).first { decodes(Wire.bytes([], field: 15), memory: $0) })
        for _ in 1...3 {
            #expect(decodes(bytes, memory: record + 100_000 + 7 & ~7))
            #expect(!decodes(bytes, memory: record + 100_000 - 1))
            _ = try Implicit(serialized: Wire.bytes(Array(repeating: 7, count: 1 << 20), field: 15))
        }
    }

    private func decodes(_ bytes: [UInt8], memory: Int) -> Bool {
        (try? Implicit(serialized: bytes, limits: DecodingLimits(memory: memory))) != nil
    }
}
