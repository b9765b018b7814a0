import Foundation
import Testing

/// One directory under `Golden` for each property of generated code: what goes in, and in `expected` what comes out.
/// `scripts/generate.sh` writes what is expected.
@Suite struct GoldenTests {
    static let directories = try! FileManager.default.contentsOfDirectory(
        at: Places.tests.appending(path: "Golden"), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }

    private static func expected(in directory: URL) throws -> [String: String] {
        let directory = directory.appending(path: "expected")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try String(contentsOf: directory.appending(path: $0), encoding: .utf8))
            })
    }

    @Test(arguments: directories)
    func output(directory: URL) async throws {
        let arguments = try? String(contentsOf: directory.appending(path: "arguments"), encoding: .utf8)
        let protos = try FileManager.default.subpathsOfDirectory(atPath: directory.path).filter {
            $0.hasSuffix(".proto")
        }
        try await withTemporaryDirectory { output in
            let tool = Places.products.appending(path: "martlet-generate").path
            let outcome = try await run(
                tool,
                ["--out", output.path, "--runtime-module", "MartletMessages"]
                    + (arguments ?? "").split(whereSeparator: \.isWhitespace).map(String.init) + protos.sorted(),
                in: directory)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let expected = try Self.expected(in: directory)
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: output.path)) == Set(expected.keys))
            for (name, text) in expected {
                #expect(try String(contentsOf: output.appending(path: name), encoding: .utf8) == text, "\(name)")
            }
        }
    }

    @Test func isFormatted() async throws {
        let outcome = try await run(
            "swift",
            ["format", "lint", "--strict", "--recursive", "--configuration", ".swift-format"]
                + Self.directories.map(\.path))
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    /// What a module that holds generated code may be compiled with.
    static let compilerFlags = [
        "-swift-version 6",
        "-swift-version 5",
        "-swift-version 5 -strict-concurrency=complete -default-isolation MainActor",
        """
        -swift-version 6 -default-isolation MainActor -enable-upcoming-feature ExistentialAny \
        -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility \
        -enable-upcoming-feature NonisolatedNonsendingByDefault -enable-upcoming-feature InferIsolatedConformances
        """,
    ]

    /// What stands in for services in tests needs more modules; the example of `make run` compiles and uses it.
    private static let compiled = directories.filter { $0.lastPathComponent != "doubles" }

    /// `firstLine`: what stands before each file's text.
    @Test(arguments: compilerFlags.map { ($0, "") } + [(compilerFlags[0], "internal import Foundation\n")])
    func compilesWithoutWarnings(flags: String, firstLine: String) async throws {
        try await withTemporaryDirectory { output in
            var files: [String] = []
            for (name, text) in try Self.compiled.flatMap(Self.expected) {
                files.append(name)
                try Data((firstLine + text).utf8).write(to: output.appending(path: name))
            }
            let outcome = try await run(
                "swiftc",
                [
                    // All that the compiler has to say comes before it optimizes.
                    "-emit-sil", "-o", "golden.sil", "-wmo", "-warnings-as-errors", "-package-name", "golden",
                    "-module-name", "Golden",
                    "-I", Places.products.appending(path: "Modules").path,
                    "-I", Places.repository.appending(path: "Sources/CProtobufC").path,
                ] + flags.split(separator: " ").map(String.init) + files, in: output)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
    }
}
