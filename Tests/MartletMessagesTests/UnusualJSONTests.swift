import Foundation
import MartletMessages
import Testing

/// JSON in all forms, right and wrong, against what Python's protobuf makes of it:
/// `Tests/Peers/jsontext.py > Tests/Peers/fixtures/json.tsv`.
struct UnusualJSONTests {
    struct Case: Sendable {
        let name: String
        let type: any GeneratedMessage.Type
        let json: String
        /// The binary form, in hexadecimal digits; nil where the JSON is refused.
        let bytes: String?
        /// What is written again.
        let written: String
    }

    @Test(arguments: try Self.groups())
    func isReadAndWrittenLikeElsewhere(_ group: String) throws {
        for unusual in try Self.cases() where unusual.name.hasPrefix(group + ".") {
            try check(unusual, unusual.type)
        }
    }

    private func check<M: GeneratedMessage>(_ unusual: Case, _ type: M.Type) throws {
        let message: M? = try? M(jsonString: unusual.json)
        let place: Comment = "\(unusual.name): \(unusual.json)"
        #expect(try message?.serialized().hex == unusual.bytes, place)
        guard let message, unusual.bytes != nil else { return }
        #expect(try Self.value(message.jsonString()) == Self.value(unusual.written), place)
    }

    /// Equal for texts that differ in spaces, the order of members and the form of numbers.
    private static func value(_ text: String) throws -> NSObject? {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? NSObject
    }

    /// The fixture is what the script prints now.
    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
    func fixtureIsCurrent() async throws {
        #expect(try await Peer.run([], script: "jsontext.py") == Self.lines())
    }

    private static func lines() throws -> [Substring] {
        let file = Peer.root.appending(path: "Tests/Peers/fixtures/json.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }

    static func cases() throws -> [Case] {
        let registry = TypeRegistry(files: [MartletTestingKindsProto.self])
        return try lines().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let name = columns[1].contains(".") ? columns[1] : "martlet.testing.\(columns[1])"
            return Case(
                name: columns[0], type: try #require(registry.messageType(named: name)),
                json: try #require(value(columns[2]) as? String), bytes: columns[3] == "error" ? nil : columns[3],
                written: columns[4])
        }
    }

    /// The first parts of the cases' names, such as `integers`.
    private static func groups() throws -> [String] {
        Array(Set(try cases().map { String($0.name.prefix { $0 != "." }) })).sorted()
    }
}
