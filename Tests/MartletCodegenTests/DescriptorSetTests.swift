import Foundation
import Testing

/// `--descriptor-set-out`, beside protoc's option of the same name.
@Suite struct DescriptorSetTests {
    private static let combinations = [
        [], ["imports"], ["source_info"], ["imports", "source_info"],
    ]
    private static let tools = [("martlet-generate", [String]()), ("martlet", ["generate"])]

    /// Import names of this repository's files, importing ones before imported ones. Those around descriptor.proto are
    /// left out: it has options that protoc 3.21 doesn't know and so keeps in another order.
    private static let names =
        try! FileManager.default.subpathsOfDirectory(
            atPath: Places.repository.appending(path: "Protos").resolvingSymlinksInPath().path
        ).filter {
            // protoc 3.21 doesn't know all options that descriptor.proto now has, and orders them in its own way.
            $0.hasSuffix(".proto") && !$0.hasPrefix("google/protobuf/") && $0 != "martlet/options.proto"
        }.sorted().reversed() as [String]

    @Test(.enabled(if: Protoc.isInstalled, "protoc 3.21 is not installed"), arguments: combinations)
    func equalsProtocs(included: [String]) async throws {
        let protos = Places.repository.appending(path: "Protos")
        try await withTemporaryDirectory { directory in
            let theirs = directory.appending(path: "theirs").path
            let protoc = try await run(
                "protoc",
                ["-I.", "--descriptor_set_out=\(theirs)"] + included.map { "--include_\($0)" } + Self.names, in: protos)
            #expect(protoc.code == 0, "\(protoc.errors)")
            for (tool, command) in Self.tools {
                let ours = directory.appending(path: tool).path
                let options = included.map { "--include-" + $0.replacing("_", with: "-") }
                let outcome = try await run(
                    Places.products.appending(path: tool).path,
                    command + ["--descriptor-set-out", ours] + options + Self.names, in: protos)
                #expect(outcome.code == 0 && outcome.output == "", "\(outcome.errors)")
                #expect(FileManager.default.contentsEqual(atPath: ours, andPath: theirs))
            }
        }
    }

    @Test(arguments: tools)
    func writesSwiftOnlyWhereToldTo(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try Data("syntax = \"proto3\";\nmessage M {}\n".utf8).write(to: directory.appending(path: "m.proto"))
            let path = Places.products.appending(path: tool.0).path
            let set = try await run(
                path, tool.1 + ["--descriptor-set-out", "set", "--verbose", "m.proto"], in: directory)
            #expect(set.code == 0 && set.output == "wrote set\n")
            let both = try await run(
                path, tool.1 + ["--descriptor-set-out", "set", "--out", ".", "--verbose", "m.proto"], in: directory)
            #expect(both.output == "wrote m.martlet.swift\nwrote set\n")
        }
    }

    @Test(arguments: tools)
    func wrongUse(tool: (String, [String])) async throws {
        try await withTemporaryDirectory { directory in
            try Data("syntax = \"proto3\";\nmessage M {}\n".utf8).write(to: directory.appending(path: "m.proto"))
            let path = Places.products.appending(path: tool.0).path
            let alone = try await run(path, tool.1 + ["--include-imports", "m.proto"], in: directory)
            #expect(alone.code == 64 && alone.errors.contains("need --descriptor-set-out"))
            let nowhere = try await run(
                path, tool.1 + ["--descriptor-set-out", "no/such/set", "m.proto"], in: directory)
            #expect(nowhere.code == 1)
            #expect(nowhere.errors == "--descriptor-set-out no/such/set: No such file or directory\n")
        }
    }
}
