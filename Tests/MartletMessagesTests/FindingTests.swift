import Foundation
import Testing

/// What the fuzzers look for, on what they found and on what they start from.
struct FindingTests {
    @Test func binaryPropertyHolds() throws {
        for input in try Finding.all(of: "MessageFuzzer") + Self.bytes() {
            #expect(input.bytes.withUnsafeBytes { BinaryProperty.violation($0) } == nil, "\(input.name)")
        }
    }

    @Test func parserPropertyHolds() throws {
        for input in try Finding.all(of: "ParserFuzzer") + Self.bytes() {
            #expect(input.bytes.withUnsafeBytes { ParserProperty.violation($0) } == nil, "\(input.name)")
        }
    }

    /// The bytes of each message, ordinary and unusual ones, as every other message too.
    private static func bytes() throws -> [Finding] {
        let usual = Fixture.bytes.map { ($0, $1) }
        let unusual = try UnusualBytesTests.cases().map { ($0.testDescription, $0.bytes) }
        return (usual + unusual).flatMap { name, bytes in
            BinaryProperty.types.indices.map { Finding(name: "\(name) as message \($0)", bytes: [UInt8($0)] + bytes) }
        }
    }

    @Test func jsonPropertyHolds() throws {
        // The JSON of each message as that of every other message too, with and without unknown fields.
        let fixtures = try UnusualJSONTests.cases().flatMap { unusual in
            (UInt8.min...UInt8.max).filter { $0 & 0x7F < BinaryProperty.types.count }.map { choice in
                Finding(name: "\(unusual.json) with choice \(choice)", bytes: [choice] + Array(unusual.json.utf8))
            }
        }
        for input in Finding.all(of: "JSONFuzzer") + fixtures {
            #expect(input.bytes.withUnsafeBytes { JSONProperty.violation($0) } == nil, "\(input.name)")
        }
    }
}

/// An input that a fuzzer once stopped at: a file of `Fuzz/Findings/NAME`.
struct Finding {
    let name: String
    let bytes: [UInt8]

    static func all(of fuzzer: String) -> [Finding] {
        let directory = Peer.root.appending(path: "Fuzz/Findings/\(fuzzer)")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.compactMap { file in
            (try? Data(contentsOf: file)).map { Finding(name: file.lastPathComponent, bytes: [UInt8]($0)) }
        }
    }
}
