import MartletCompression
import MartletCore
import Testing

@Suite struct GzipTests {
    @Test(arguments: 1...9)
    func whatIsCompressedComesBack(level: Int) throws {
        for bytes in Samples.all {
            let compressed = gzip(bytes, level: level)
            #expect(try gunzip(compressed, limit: bytes.count) == bytes)
        }
    }

    @Test func aCallsChoiceIsFollowed() throws {
        let text = Samples.records(count: 10)
        let compressed = text.withUnsafeBytes { Compression.gzip.compress($0) }
        #expect(try gunzip(compressed) == text)
        #expect(try compressed.withUnsafeBytes { try Compression.gzip.decompress($0, limit: text.count) } == text)
    }

    @Test func repetitionsBecomeSmall() {
        let text = Samples.records(count: 1000)
        #expect(gzip(text).count < text.count / 2)
        #expect(gzip(text, level: 9).count < gzip(text, level: 1).count)
    }

    @Test func whatCannotBecomeSmallerHardlyGrows() {
        let noise = Samples.noise(count: 1 << 17)
        #expect(gzip(noise).count < noise.count + noise.count / 1000 + 20)
    }

    @Test func severalMembersAreOneMessage() throws {
        let parts = [Array("one ".utf8), [], Samples.noise(count: 70_000), Array("four".utf8)]
        #expect(try gunzip(parts.flatMap { gzip($0) }) == parts.flatMap { $0 })
    }

    /// Many small members cost what their bytes do.
    @Test func manyMembersAreOneMessage() throws {
        let members = (0..<5000).flatMap { gzip([UInt8(truncatingIfNeeded: $0)]) }
        #expect(try gunzip(members, limit: 5000).count == 5000)
        #expect(throws: DecompressionError.overLimit(limit: 4999)) { try gunzip(members, limit: 4999) }
    }

    @Test func threadsDoNotDisturbEachOther() async throws {
        let all = Samples.all
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<40 {
                group.addTask {
                    for (index, bytes) in all.enumerated() {
                        let read = try gunzip(gzip(bytes, level: 1 + (task + index) % 9))
                        #expect(read == bytes)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)), arguments: [1, 6, 9])
    func pythonReadsWhatWeWrite(level: Int) async throws {
        let lines = Samples.all.map { hex(gzip($0, level: level)) }.joined(separator: "\n")
        let read = try await Peer.run(["decompress"], script: "compression.py", input: lines)
        #expect(read.map(String.init) == Samples.all.map(hex))
    }

    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)), arguments: [0, 1, 6, 9])
    func weReadWhatPythonWrites(level: Int) async throws {
        let lines = Samples.all.map { hex($0) + "\n" }.joined()
        let written = try await Peer.run(["compress", "\(level)"], script: "compression.py", input: lines)
        #expect(try written.map { try gunzip(unhex($0)) } == Samples.all)
    }
}
