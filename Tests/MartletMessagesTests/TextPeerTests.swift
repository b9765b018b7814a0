import MartletMessages
import Testing

/// JSON and the text format of random messages against Python's protobuf.
@Suite(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
struct TextPeerTests {
    /// Python writes, Swift reads; the binary form says which message it is.
    @Test(arguments: 1...2)
    func pythonsJSONIsRead(seed: Int) async throws {
        func check<M: GeneratedMessage>(_: M.Type, _ bytes: [UInt8], _ json: String) throws {
            let message = try M(jsonString: json, options: JSONDecodingOptions(registry: Self.registry))
            let options = JSONEncodingOptions(registry: Self.registry)
            #expect(try message.jsonString(options: options) == M(serialized: bytes).jsonString(options: options))
        }
        for line in try await Peer.run(["json", "\(seed)", "500"]) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let type = try #require(Self.registry.messageType(named: String(columns[0])))
            try check(type, [UInt8](hex: columns[1]), String(columns[2]))
        }
    }

    /// Swift writes, Python reads.
    @Test(arguments: 1...2)
    func pythonReadsTheTexts(seed: Int) async throws {
        var answers = ""
        for line in try await Peer.run(["random", "\(seed)", "500"]) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let type = try #require(Self.registry.messageType(named: String(columns[0])))
            let message: any GeneratedMessage = try type.init(serialized: [UInt8](hex: columns[1]))
            let names = JSONEncodingOptions(registry: Self.registry)
            let numbers = JSONEncodingOptions(
                usesOriginalNames: true, writesEnumsAsNumbers: true, registry: Self.registry)
            let texts = [
                try message.jsonString(options: names), try message.jsonString(options: numbers),
                message.textFormat(options: TextFormatOptions(isOneLine: true, registry: Self.registry)),
            ]
            answers += line + "\t" + texts.joined(separator: "\t") + "\n"
        }
        #expect(try await Peer.run(["texts"], input: answers) == [])
    }

    private static let registry = TypeRegistry(files: [MartletTestingKindsProto.self, MartletTestingKinds2Proto.self])
}
