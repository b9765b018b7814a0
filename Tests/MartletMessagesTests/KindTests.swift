import Foundation
import MartletMessages
import Testing

/// Every kind of field against bytes from Python's protobuf, both ways.
struct KindTests {
    @Test func everyFixtureIsTested() {
        #expect(Set(KindCase.all.map(\.name)).union(["implicit.nan"]) == Set(Fixture.bytes.keys))
    }

    @Test(arguments: KindCase.all)
    func decodes(_ kind: KindCase) throws {
        func check<M: GeneratedMessage>(_ expected: M) throws {
            #expect(try M(serialized: #require(Fixture.bytes[kind.name])) == expected)
        }
        try check(kind.message)
    }

    /// An unknown group, which libprotobuf-c refuses, sends a message to the parser that reads odd ones.
    @Test(arguments: KindCase.all)
    func theSlowWayReadsTheSame(_ kind: KindCase) throws {
        let group: [UInt8] = [0x9B, 0x06, 0x9C, 0x06]
        func check<M: GeneratedMessage>(_ expected: M) throws {
            var message = try M(serialized: #require(Fixture.bytes[kind.name]) + group)
            #expect(message.unknownFields.bytes == group)
            message.unknownFields = UnknownFields()
            #expect(message == expected)
        }
        try check(kind.message)
    }

    /// Byte for byte, but for maps, whose order is free.
    @Test(arguments: KindCase.all)
    func encodes(_ kind: KindCase) throws {
        func check<M: GeneratedMessage>(_ message: M) throws {
            let bytes = try message.serialized()
            let expected = try #require(Fixture.bytes[kind.name])
            if kind.name == "maps.many" {
                #expect(bytes.count == expected.count)
                #expect(try M(serialized: bytes) == message)
            } else {
                #expect(bytes.hex == expected.hex)
            }
        }
        try check(kind.message)
    }

    @Test func nanSurvives() throws {
        let bytes = try #require(Fixture.bytes["implicit.nan"])
        let message = try Implicit(serialized: bytes)
        #expect(message.aDouble.isNaN)
        #expect(message.aFloat.isNaN)
        #expect(try message.serialized() == bytes)
    }

    @Test func negativeZeroKeepsItsSign() throws {
        let message = try Implicit(serialized: #require(Fixture.bytes["implicit.negativeZero"]))
        #expect(message.aDouble.sign == .minus)
        #expect(message.aFloat.sign == .minus)
    }

    /// Python writes random messages, Swift reads and writes them, Python compares.
    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)), arguments: 1...4)
    func randomMessagesComeBackTheSame(seed: Int) async throws {
        var answers = ""
        for line in try await Peer.run(["random", "\(seed)", "500"]) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let type = try #require(Self.types[String(columns[0])])
            let bytes = try type.init(serialized: [UInt8](hex: columns[1])).serialized()
            answers += "\(line)\t\(bytes.hex)\n"
        }
        #expect(try await Peer.run(["compare"], input: answers) == [])
    }

    /// Python reads what Swift writes.
    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
    func pythonReadsEveryKind() async throws {
        let lines = try KindCase.all.map { kind in
            let expected = try #require(Fixture.bytes[kind.name]).hex
            return "\(type(of: kind.message).messageName)\t\(expected)\t\(try kind.message.serialized().hex)\n"
        }
        #expect(try await Peer.run(["compare"], input: lines.joined()) == [])
    }

    /// The fixture is what the script prints now.
    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
    func fixtureIsCurrent() async throws {
        for line in try await Peer.run(["fixture"]) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            #expect(Fixture.bytes[String(columns[0])]?.hex == String(columns[2]))
        }
    }

    static let types: [String: any GeneratedMessage.Type] = {
        let types: [any GeneratedMessage.Type] = [
            Implicit.self, Explicit.self, Packed.self, Unpacked.self, Maps.self, Choice.self, Tree.self, Numbers.self,
            Two.self, Grouped.self, MessageSet.self,
        ]
        return Dictionary(uniqueKeysWithValues: types.map { ($0.messageName, $0) })
    }()
}
