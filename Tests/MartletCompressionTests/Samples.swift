import MartletCompression
import MartletCore
import Testing

/// Bytes of many sizes, some that become smaller and some that can't, the same in every run.
enum Samples {
    static let all: [[UInt8]] =
        [0, 1, 2, 3, 17, 100, 1000, 4095, 4096, 4097].map { noise(count: $0) }
        + [0, 1, 5, 50, 500].map { records(count: $0) }
        + [[UInt8](repeating: 0, count: 100_000), noise(count: 66_000) + records(count: 100) + noise(count: 10)]

    /// Looks like messages with names and numbers.
    static func records(count: Int) -> [UInt8] {
        var random = SeededRandom(state: 1)
        return (0..<count).flatMap { number in
            Array("\n\u{24}user-\(random.next() % 100_000)\u{12}\u{10}name\(number)@example.com".utf8)
        }
    }

    static func noise(count: Int) -> [UInt8] {
        var random = SeededRandom(state: UInt64(count))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}

struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}

func gzip(_ bytes: [UInt8], level: Int = 1) -> [UInt8] {
    bytes.withUnsafeBytes { Gzip.compress($0, level: level) }
}

func gunzip(_ bytes: [UInt8], limit: Int = 4 << 20) throws -> [UInt8] {
    try bytes.withUnsafeBytes { try Gzip.decompress($0, limit: limit) }
}

func deflated(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { Compression.deflate.compress($0) } }

func inflated(_ bytes: [UInt8], limit: Int = 4 << 20) throws -> [UInt8] {
    try bytes.withUnsafeBytes { try Compression.deflate.decompress($0, limit: limit) }
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return bytes.isEmpty ? "-" : String(decoding: text, as: UTF8.self)
}

func unhex(_ text: Substring) throws -> [UInt8] {
    let digits = try text.utf8.map { digit in
        try #require(UInt8(String(UnicodeScalar(digit)), radix: 16))
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
