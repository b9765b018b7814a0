import MartletMessages
import Testing

/// Whatever bytes come, Python's protobuf and Martlet read the same, or both refuse them.
@Suite(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
struct OddBytesTests {
    @Test(arguments: 1...4)
    func pythonAgrees(seed: Int) async throws {
        let before = MessageStatistics.fallbackParses
        var answers = ""
        for line in try await Peer.run(["odd", "\(seed)", "1000"]) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let type = try #require(KindTests.types[String(columns[0])])
            let bytes = [UInt8](hex: columns[1])
            answers += "\(line)\t\((try? type.init(serialized: bytes).serialized().hex) ?? "rejected")\n"
        }
        for complaint in try await Peer.run(["judge"], input: answers) { Issue.record("\(complaint)") }
        #expect(MessageStatistics.fallbackParses > before + 200)
    }
}
