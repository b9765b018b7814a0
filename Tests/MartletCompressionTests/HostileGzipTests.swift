import Foundation
import MartletCompression
import Testing

/// Bytes that aren't gzip, not any more, or too much of it.
@Suite struct HostileGzipTests {
    private let text = Samples.records(count: 5)

    @Test func everyTruncationIsNamed() {
        for whole in [gzip(text), gzip([]), gzip(Samples.noise(count: 300))] {
            for length in 0..<whole.count {
                #expect(throws: DecompressionError.truncated(length: length)) {
                    try gunzip(Array(whole.prefix(length)))
                }
            }
        }
    }

    /// What fills its room exactly is not taken for whole.
    @Test(arguments: [0, 1, 149, 150, 151])
    func truncationsAtTheLimitAreNamed(limit: Int) throws {
        let whole = gzip(Array(text.prefix(150)), level: 9)
        let cut = Array(whole.dropLast(8))
        let expected: DecompressionError = limit < 150 ? .overLimit(limit: limit) : .truncated(length: cut.count)
        #expect(throws: expected) { try gunzip(cut, limit: limit) }
    }

    @Test func aLimitIsExact() throws {
        for bytes in Samples.all where !bytes.isEmpty {
            let compressed = gzip(bytes)
            #expect(try gunzip(compressed, limit: bytes.count) == bytes)
            #expect(try gunzip(compressed, limit: .max) == bytes)
            #expect(throws: DecompressionError.overLimit(limit: bytes.count - 1)) {
                try gunzip(compressed, limit: bytes.count - 1)
            }
        }
        #expect(try gunzip(gzip([]), limit: 0) == [])
    }

    /// 400 MB come out of 400 kB, of which the limit lets 1 MB.
    @Test func aBombStopsAtTheLimit() throws {
        let member = gzip([UInt8](repeating: 0, count: 40_000_000))
        for statedSize in [[0, 0x5A, 0x62, 0x02], [1, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
            let bomb = Array(repeatElement(member, count: 10).joined()).dropLast(4) + statedSize
            let before = peakMemory()
            #expect(throws: DecompressionError.overLimit(limit: 1_000_000)) { try gunzip(bomb, limit: 1_000_000) }
            #expect(peakMemory() - before < 100_000_000)
        }
    }

    /// The most memory that the process has held, in bytes.
    private func peakMemory() -> Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss << 10
        #endif
    }

    @Test func aStatedSizeIsNotBelieved() {
        var bytes = gzip(text)
        bytes.replaceSubrange((bytes.count - 4)..., with: [0xFF, 0xFF, 0xFF, 0xFF])
        let reason = "incorrect length check"
        #expect(throws: DecompressionError.corrupted(offset: bytes.count, reason: reason)) {
            try gunzip(bytes, limit: .max)
        }
    }

    @Test func aWrongChecksumIsNamed() {
        var bytes = gzip(text)
        bytes[bytes.count - 8] ^= 1
        #expect(throws: DecompressionError.corrupted(offset: bytes.count - 4, reason: "incorrect data check")) {
            try gunzip(bytes)
        }
    }

    @Test func whatIsNotGzipIsNamed() {
        #expect(throws: DecompressionError.corrupted(offset: 2, reason: "incorrect header check")) {
            try gunzip(Array("plain text".utf8))
        }
        var bytes = gzip(text)
        bytes[2] = 7
        #expect(throws: DecompressionError.corrupted(offset: 4, reason: "unknown compression method")) {
            try gunzip(bytes)
        }
    }

    @Test(arguments: [[0], [0x1F], Array("rest".utf8), [0x1F, 0x8A, 8, 0]] as [[UInt8]])
    func trailingBytesAreNamed(rest: [UInt8]) {
        let bytes = gzip(text)
        #expect(throws: DecompressionError.trailingBytes(offset: bytes.count, count: rest.count)) {
            try gunzip(bytes + rest)
        }
    }

    /// A flipped bit is noticed, unless it is one that means nothing: time, system, the compressor's hints, what fills
    /// up the last byte before the checksum.
    @Test func everyFlippedBitIsNoticed() {
        let bytes = gzip(text)
        for index in bytes.indices where !(4...9).contains(index) && index != bytes.count - 9 {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                let read = try? gunzip(flipped)
                // Bit 0 of the flags says "text", which means nothing either.
                #expect(read == nil || index == 3 && bit == 0, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func noiseNeverBecomesMore() {
        var random = SeededRandom(state: 7)
        for _ in 0..<3000 {
            var bytes = gzip(text)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            #expect((try? gunzip(bytes, limit: 10_000))?.count ?? 0 <= 10_000)
        }
    }

    @Test func errorsSayWhatAndWhere() {
        #expect("\(DecompressionError.overLimit(limit: 5))".contains("5 bytes"))
        #expect("\(DecompressionError.truncated(length: 6))".contains("cut off after 6"))
        #expect("\(DecompressionError.corrupted(offset: 7, reason: "so"))".contains("at byte 7: so"))
        #expect("\(DecompressionError.trailingBytes(offset: 8, count: 9))".contains("at byte 8, and 9 more"))
    }
}
