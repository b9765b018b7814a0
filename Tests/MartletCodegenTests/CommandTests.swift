import Foundation
import Testing

/// Both tools, run as people run them.
@Suite struct CommandTests {
    private static let tools = [("martlet-generate", [String]()), ("martlet", ["generate"])]

    private func execute(_ tool: (String, [String]), _ arguments: [String], in directory: URL) async throws -> Outcome {
        try await run(Places.products.appending(path: tool.0).path, tool.1 + arguments, in: directory)
    }

    private func write(_ text: String, to path: String, in directory: URL) throws {
        let url = directory.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private let good = "syntax = \"proto3\";\nmessage Good {}\n"

    @Test(arguments: tools)
    func writesAndLeavesAlone(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try write(good, to: "protos/a/good.proto", in: directory)
            let arguments = ["--proto-path", "protos", "--out", "out/deep", "--verbose", "protos/a/good.proto"]
            let first = try await execute(tool, arguments, in: directory)
            #expect(first.code == 0 && first.errors == "")
            #expect(first.output == "wrote out/deep/a.good.martlet.swift\n")

            let again = try await execute(tool, arguments.dropLast() + ["a/good.proto"], in: directory)
            #expect(again.code == 0)
            #expect(again.output == "unchanged out/deep/a.good.martlet.swift\n")
        }
    }

    @Test(arguments: tools)
    func writesNothingWhereAnythingIsWrong(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try write(good, to: "good.proto", in: directory)
            try write("syntax = \"proto3\";\nmessage Bad { Missing field = 1; }\n", to: "bad.proto", in: directory)
            let outcome = try await execute(tool, ["--out", "out", "good.proto", "bad.proto"], in: directory)
            #expect(outcome.code == 1 && outcome.output == "")
            #expect(outcome.errors.hasPrefix("bad.proto:2:15: "))
            #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "out").path))
        }
    }

    @Test(arguments: tools)
    func wrongInput(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try write(good, to: "good.proto", in: directory)
            try write("", to: "file", in: directory)
            for (arguments, expected) in [
                (
                    ["missing.proto"],
                    "missing.proto: there is no such file, neither as a path nor under --proto-path (the current "
                        + "directory)\n"
                ),
                (
                    ["--proto-path", "nowhere", "good.proto"],
                    "--proto-path nowhere: there is no such directory\ngood.proto: not under any --proto-path "
                        + "(nowhere); add the directory that its imports start from\n"
                ),
                (["--out", "file/deep", "good.proto"], "--out file/deep: file is not a directory\n"),
            ] {
                let outcome = try await execute(tool, arguments, in: directory)
                #expect(outcome.code == 1 && outcome.output == "")
                #expect(outcome.errors == expected)
            }
        }
    }

    @Test(arguments: tools)
    func directoriesMeanTheirFiles(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try write(good, to: "protos/a/good.proto", in: directory)
            try write(good.replacing("Good", with: "Fine"), to: "protos/fine.proto", in: directory)
            try write("message", to: "protos/.hidden/bad.proto", in: directory)
            try write("", to: "empty/readme.txt", in: directory)
            let outcome = try await execute(tool, ["--verbose", "protos"], in: directory)
            #expect(outcome.code == 0)
            #expect(outcome.output == "wrote a.good.martlet.swift\nwrote fine.martlet.swift\n")
            let nothing = try await execute(tool, ["empty"], in: directory)
            #expect(nothing.code == 1)
            #expect(nothing.errors == "empty: there is no .proto file in this directory or below it\n")
        }
    }

    @Test(arguments: tools)
    func wrongUsage(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            for arguments in [[], ["--access", "open", "a.proto"], ["--nonsense", "a.proto"], ["--out"]] {
                let outcome = try await execute(tool, arguments, in: directory)
                #expect(outcome.code == 64 && outcome.output == "", "\(arguments)")
                #expect(outcome.errors.contains("USAGE") || outcome.errors.contains("Usage"), "\(arguments)")
            }
        }
    }

    @Test(arguments: tools)
    func help(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            let help = try await execute(tool, ["--help"], in: directory)
            #expect(help.code == 0 && help.output.contains("--proto-path") && help.errors == "")
            let version = try await execute(tool, ["--version"], in: directory)
            #expect(version.code == 0 && version.output.wholeMatch(of: /\d+\.\d+\.\d+\S*\n/) != nil)
        }
    }
}
