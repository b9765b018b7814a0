import Foundation
import MartletMessages
import Testing

/// Bytes that no ordinary writer makes, against what Python's protobuf makes of them:
/// `Tests/Peers/wire.py > Tests/Peers/fixtures/wire.tsv`.
struct UnusualBytesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let type: any GeneratedMessage.Type
        let bytes: [UInt8]
        /// What is written again; nil where the bytes are refused.
        let written: [UInt8]?

        var testDescription: String { "\(name) of \(type.messageName)" }
    }

    @Test(arguments: try Self.groups())
    func areReadLikeElsewhere(_ group: String) throws {
        for unusual in try Self.cases() where unusual.name.hasPrefix(group + ".") {
            check(unusual, unusual.type)
        }
    }

    private func check<M: GeneratedMessage>(_ unusual: Case, _ type: M.Type) {
        let written = try? M(serialized: unusual.bytes).serialized()
        #expect(written?.hex == unusual.written?.hex, "\(unusual.testDescription), \(unusual.bytes.hex)")
    }

    /// The fixture is what the script prints now.
    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
    func fixtureIsCurrent() async throws {
        #expect(try await Peer.run([], script: "wire.py") == Self.lines())
    }

    private static func lines() throws -> [Substring] {
        let file = Peer.root.appending(path: "Tests/Peers/fixtures/wire.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }

    static func cases() throws -> [Case] {
        try lines().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Case(
                name: String(columns[0]), type: try #require(types["martlet.testing.\(columns[1])"]),
                bytes: [UInt8](hex: columns[2]), written: columns[3] == "error" ? nil : [UInt8](hex: columns[3]))
        }
    }

    /// The first parts of the cases' names, such as `lists`.
    private static func groups() throws -> [String] {
        Array(Set(try cases().map { String($0.name.prefix { $0 != "." }) })).sorted()
    }

    private static let types: [String: any GeneratedMessage.Type] = {
        let types: [any GeneratedMessage.Type] = [
            Implicit.self, Explicit.self, Packed.self, Unpacked.self, Maps.self, Choice.self, Tree.self, Nothing.self,
            Older.self, Leaf.self, Two.self, Grouped.self, MessageSet.self,
        ]
        return Dictionary(uniqueKeysWithValues: types.map { ($0.messageName, $0) })
    }()
}
