import MartletCompression
import MartletCore
import Testing

/// What holds for gzip too is tested there.
@Suite struct DeflateTests {
    private let text = Samples.records(count: 5)

    @Test func whatIsCompressedComesBack() throws {
        for bytes in Samples.all { #expect(try inflated(deflated(bytes), limit: bytes.count) == bytes) }
    }

    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)))
    func pythonReadsWhatWeWrite() async throws {
        let lines = Samples.all.map { hex(deflated($0)) }.joined(separator: "\n")
        let read = try await Peer.run(["inflate"], script: "compression.py", input: lines)
        #expect(read.map(String.init) == Samples.all.map(hex))
    }

    @Test(.enabled(if: Peer.python != nil, Comment(rawValue: Peer.missing)), arguments: [0, 1, 6, 9])
    func weReadWhatPythonWrites(level: Int) async throws {
        let lines = Samples.all.map { hex($0) + "\n" }.joined()
        let written = try await Peer.run(["deflate", "\(level)"], script: "compression.py", input: lines)
        #expect(try written.map { try inflated(unhex($0)) } == Samples.all)
    }

    @Test func aLimitIsExact() throws {
        for bytes in Samples.all where !bytes.isEmpty {
            #expect(throws: DecompressionError.overLimit(limit: bytes.count - 1)) {
                try inflated(deflated(bytes), limit: bytes.count - 1)
            }
        }
        #expect(try inflated(deflated([]), limit: 0) == [])
    }

    @Test func everyTruncationIsNamed() {
        let whole = deflated(text)
        for length in 0..<whole.count {
            #expect(throws: DecompressionError.truncated(length: length)) { try inflated(Array(whole.prefix(length))) }
        }
    }

    /// Nothing may follow, not even more of the same.
    @Test func trailingBytesAreNamed() {
        let bytes = deflated(text)
        for rest in [[0], bytes] {
            #expect(throws: DecompressionError.trailingBytes(offset: bytes.count, count: rest.count)) {
                try inflated(bytes + rest)
            }
        }
    }

    @Test func gzipIsAnotherFormat() {
        #expect(throws: DecompressionError.corrupted(offset: 2, reason: "incorrect header check")) {
            try inflated(gzip(text))
        }
    }
}
