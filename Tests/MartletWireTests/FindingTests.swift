import Foundation
import Testing

/// What the fuzzers look for, on what they found (`Fuzz/Findings/NAME`) and on random bytes.
struct FindingTests {
    @Test func http2PropertyHolds() throws {
        for input in Self.inputs(of: "HTTP2Fuzzer") {
            #expect(input.bytes.withUnsafeBytes { HTTP2Property.violation($0) } == nil, "\(input.name)")
        }
    }

    @Test func grpcPropertyHolds() throws {
        for input in Self.inputs(of: "GRPCFuzzer") {
            #expect(input.bytes.withUnsafeBytes { GRPCProperty.violation($0) } == nil, "\(input.name)")
        }
    }

    private static func inputs(of fuzzer: String) -> [(name: String, bytes: [UInt8])] {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let directory = repository.appending(path: "Fuzz/Findings/\(fuzzer)")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        let found = files.compactMap { file in
            (try? Data(contentsOf: file)).map { (name: file.lastPathComponent, bytes: [UInt8]($0)) }
        }
        var random = SplitMix(state: 1)
        let others = (0..<2000).map { number in
            let count = Int.random(in: 1...200, using: &random)
            return (name: "random \(number)", bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        return found + others
    }
}
