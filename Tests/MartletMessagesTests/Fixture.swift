import Foundation

/// Bytes that Python's protobuf wrote: `Tests/Peers/messages.py fixture > Tests/Peers/fixtures/messages.tsv`.
enum Fixture {
    static let bytes: [String: [UInt8]] = {
        let file = Peer.root.appending(path: "Tests/Peers/fixtures/messages.tsv")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [:] }
        var bytes: [String: [UInt8]] = [:]
        for line in text.split(separator: "\n") {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            bytes[String(columns[0])] = [UInt8](hex: columns[2])
        }
        return bytes
    }()
}

extension [UInt8] {
    /// From pairs of hexadecimal digits.
    init(hex: some StringProtocol) {
        let digits = [UInt8](hex.utf8.map { UInt8($0.hexDigit) })
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    var hex: String {
        let digits = [Character]("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8 {
        self < UInt8(ascii: "a") ? self - UInt8(ascii: "0") : self - UInt8(ascii: "a") + 10
    }
}
