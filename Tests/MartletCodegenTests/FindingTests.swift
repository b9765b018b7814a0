import Foundation
import Testing

/// What the fuzzer of `.proto` files looks for, on what it found (`Fuzz/Findings/SchemaFuzzer`) and on what it starts
/// from.
struct FindingTests {
    private static let files: [URL] = {
        let directories = ["Fuzz/Findings/SchemaFuzzer", "Protos", "Tests/MartletCodegenTests/Golden"]
        return directories.flatMap { directory in
            FileManager.default.enumerator(
                at: Places.repository.appending(path: directory), includingPropertiesForKeys: [.isRegularFileKey])?
                .compactMap { $0 as? URL }
                .filter { $0.pathExtension == "proto" || directory.hasPrefix("Fuzz") } ?? []
        }
    }()

    @Test(arguments: files) func schemaPropertyHolds(_ file: URL) throws {
        let text = [UInt8](try Data(contentsOf: file))
        #expect(text.withUnsafeBytes { SchemaProperty.violation($0) } == nil)
    }

    /// Ends of tokens are where a reader is in the middle of something.
    @Test func schemaPropertyHoldsForPrefixes() throws {
        let text = [UInt8](
            try Data(contentsOf: Places.repository.appending(path: "Protos/martlet/testing/kinds2.proto")))
        for count in text.indices where text[count] == UInt8(ascii: " ") || text[count] == UInt8(ascii: ";") {
            #expect(text[..<count].withUnsafeBytes { SchemaProperty.violation($0) } == nil)
        }
    }
}
