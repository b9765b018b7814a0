import MartletMessages
import Testing

/// Bytes that are nearly right: no crash, and no error but those that fit.
struct HostileInputTests {
    private static let rich = [
        "implicit.lowest", "explicit.lowest", "packed.edges", "unpacked.edges", "maps.edges", "choice.nested",
        "tree.all", "two.all",
    ]

    private static let messages = KindCase.all.filter { rich.contains($0.name) }

    /// What can be read can be written and read again.
    private func decode(_ type: any GeneratedMessage.Type, _ bytes: [UInt8]) throws {
        let message: any GeneratedMessage
        do throws(DecodingError) {
            message = try type.init(serialized: bytes)
        } catch {
            switch error.reason {
            case .malformed, .invalidUTF8, .missingRequiredField: return
            case .tooDeep, .overBudget: throw error
            }
        }
        _ = try type.init(serialized: message.serialized())
    }

    @Test(arguments: messages)
    func truncatedMessages(_ kind: KindCase) throws {
        let bytes = try #require(Fixture.bytes[kind.name])
        for count in bytes.indices { try decode(type(of: kind.message), Array(bytes[..<count])) }
    }

    @Test(arguments: messages)
    func mutatedMessages(_ kind: KindCase) throws {
        let bytes = try #require(Fixture.bytes[kind.name])
        var chance = SplitMix(state: 42)
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0...chance.next() % 3 {
                let index = Int(chance.next() % UInt64(mutated.count))
                switch chance.next() % 4 {
                case 0: mutated[index] = UInt8(truncatingIfNeeded: chance.next())
                case 1: mutated[index] ^= 1 << (chance.next() % 8)
                case 2: mutated.remove(at: index)
                default: mutated.insert(contentsOf: bytes.prefix(Int(chance.next() % 20)), at: index)
                }
            }
            try decode(type(of: kind.message), mutated)
        }
    }

    @Test func randomBytes() throws {
        var chance = SplitMix(state: 7)
        for _ in 0..<5_000 {
            let bytes = (0..<chance.next() % 60).map { _ in UInt8(truncatingIfNeeded: chance.next() >> 13) }
            try decode(Tree.self, bytes)
            try decode(Choice.self, bytes)
        }
    }
}

/// A generator of random numbers with a fixed seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
