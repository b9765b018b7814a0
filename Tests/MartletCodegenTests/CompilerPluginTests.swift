import Foundation
import MartletCodegen
import MartletDescriptors
import MartletMessages
import MartletSchema
import Testing

/// `protoc-gen-martlet`, driven by the two compilers that people have: Debian's and grpcio-tools'.
@Suite struct CompilerPluginTests {
    struct Compiler: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let program: String
        let arguments: [String]
        let isInstalled: Bool
        /// Debian's is older than editions.
        let knowsEditions: Bool

        static let all: [Compiler] = {
            let python = Places.repository.appending(path: ".venv/bin/python").path
            let grpc = FileManager.default.fileExists(atPath: python)
            return [
                Compiler(
                    testDescription: "Debian's", program: "protoc", arguments: [], isInstalled: Protoc.isInstalled,
                    knowsEditions: false),
                Compiler(
                    testDescription: "grpcio-tools'", program: python, arguments: ["-m", "grpc_tools.protoc"],
                    isInstalled: grpc, knowsEditions: true),
            ].filter(\.isInstalled)
        }()

        func run(_ options: [String], _ protos: [String], to output: URL, in directory: URL) async throws -> Outcome {
            try await MartletCodegenTests.run(
                program,
                arguments + [
                    "-I.", "-I\(CompilerPluginTests.protos)", "--plugin=\(CompilerPluginTests.plugin)",
                    "--martlet_out=\(output.path)",
                ]
                    + options.map { "--martlet_opt=\($0)" } + protos, in: directory)
        }
    }

    static let protos = Places.repository.appending(path: "Protos").resolvingSymlinksInPath().path
    static let plugin = Places.products.appending(path: "protoc-gen-martlet").path

    private static func protos(in directory: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".proto") }.sorted()
    }

    private static func contents(of directory: URL) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try String(contentsOf: directory.appending(path: $0), encoding: .utf8))
            })
    }

    private static let machineHasACompiler: ConditionTrait = .enabled(
        if: !Compiler.all.isEmpty, "neither protoc 3.21 nor grpcio-tools is installed")

    @Test(machineHasACompiler, arguments: Compiler.all, GoldenTests.directories)
    func writesTheGoldenFiles(compiler: Compiler, directory: URL) async throws {
        guard compiler.knowsEditions || directory.lastPathComponent != "editions" else { return }
        let arguments = (try? String(contentsOf: directory.appending(path: "arguments"), encoding: .utf8)) ?? ""
        let words = arguments.split(whereSeparator: \.isWhitespace)
        let options = words.enumerated().compactMap { index, word -> String? in
            guard word.hasPrefix("--") else { return nil }
            let value = words.dropFirst(index + 1).first.flatMap { $0.hasPrefix("--") ? nil : $0 }
            return "\(word.dropFirst(2))=\(value ?? "true")"
        }
        try await withTemporaryDirectory { output in
            let outcome = try await compiler.run(
                ["runtime_module=MartletMessages"] + options, Self.protos(in: directory), to: output, in: directory)
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try Self.contents(of: output) == Self.contents(of: directory.appending(path: "expected")))
        }
    }

    @Test(machineHasACompiler, arguments: Compiler.all)
    func writesWhatTheToolWrites(compiler: Compiler) async throws {
        let protos = URL(filePath: Self.protos)
        let directories = Dictionary(grouping: try Self.protos(in: protos)) {
            $0.split(separator: "/").dropLast().joined(separator: "/")
        }
        #expect(directories.count > 5)
        for names in directories.values {
            try await withTemporaryDirectory { directory in
                let (ours, theirs) = (directory.appending(path: "ours"), directory.appending(path: "theirs"))
                try FileManager.default.createDirectory(at: theirs, withIntermediateDirectories: true)
                let tool = try await run(
                    Places.products.appending(path: "martlet-generate").path,
                    ["--out", ours.path, "--access", "package", "--module", "users/=Users"] + names, in: protos)
                #expect(tool.code == 0, "\(tool.errors)")
                let outcome = try await compiler.run(
                    ["access=package", "module=users/=Users"], names, to: theirs, in: protos)
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(try Self.contents(of: theirs) == Self.contents(of: ours))
            }
        }
    }

    @Test(machineHasACompiler, arguments: Compiler.all)
    func saysWhatIsWrong(compiler: Compiler) async throws {
        try await withTemporaryDirectory { directory in
            let good = "syntax = \"proto3\";\nmessage M {}\nservice Foo { rpc Do(M) returns (M); }\n"
            try Data(good.utf8).write(to: directory.appending(path: "good.proto"))
            try Data((good + "  message FooClient {}\n").utf8).write(to: directory.appending(path: "bad.proto"))
            let bad = try await compiler.run([], ["bad.proto"], to: directory, in: directory)
            #expect(bad.code == 1)
            #expect(
                bad.errors.contains("bad.proto:3:1: service \"Foo\" and message \"FooClient\" (bad.proto:4:3) would"))
            for (option, expected) in [
                ("access=open", "option access is public, package or internal, not \"open\""),
                ("no_such=1", "option no_such is no option"), ("verbose", "option \"verbose\" is not NAME=VALUE"),
            ] {
                let outcome = try await compiler.run([option], ["good.proto"], to: directory, in: directory)
                #expect(outcome.code == 1 && outcome.errors.contains("--martlet_out: \(expected)"), "\(outcome.errors)")
            }
        }
    }

    // MARK: Without a compiler

    private func request(_ files: [String: String]) throws -> GoogleProtobuf.Compiler.CodeGeneratorRequest {
        let result = SchemaCompiler(providers: [InMemoryFiles(files)]).compile(files.keys.sorted())
        let schema = try #require(result.schema, "\(result.diagnostics)")
        return .init(fileToGenerate: files.keys.sorted(), protoFile: schema.files.map(\.descriptor))
    }

    @Test func answersWithFilesAndFeatures() throws {
        var request = try request(proto3("message M { optional int32 a = 1; }"))
        request.parameter = "access=internal"
        let response = CompilerPlugin.respond(to: request)
        #expect(response.error == nil && response.supportedFeatures == 3)
        #expect(response.file.map(\.name) == ["a.martlet.swift"])
        #expect(response.file[0].content?.contains("\nnonisolated struct M") == true)
    }

    @Test func answersWrongDescriptorsWithAnError() throws {
        var request = try request(proto3("message M { N n = 1; } message N {}"))
        request.protoFile[0].messageType.removeLast()
        let response = CompilerPlugin.respond(to: request)
        #expect(response.error == "a.proto:3:13: field n has no type, or .a.N, which it can't have")
        #expect(response.file.isEmpty)
    }

    /// Whatever single bytes are changed to, there is a response or no request; a trap would end the tests.
    @Test func survivesChangedRequests() throws {
        let text = """
            enum E { E_UNSPECIFIED = 0; }
            message M { repeated N n = 1; map<string, E> es = 2; oneof o { E e = 3; N m = 4; } message N { M m = 1; } }
            service S { rpc Do(M) returns (M.N); }
            """
        let bytes = try request(proto3(text)).serialized()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                changed[Int.random(in: changed.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            guard let request = try? GoogleProtobuf.Compiler.CodeGeneratorRequest(serialized: changed) else { continue }
            let response = CompilerPlugin.respond(to: request)
            #expect(response.error?.isEmpty != true)
        }
    }

    @Test func refusesWhatIsNoRequest() async throws {
        let garbage = try await run("sh", ["-c", "printf garbage | \(Self.plugin)"])
        #expect(garbage.code == 65 && garbage.output == "")
        #expect(
            garbage.errors.hasPrefix("protoc-gen-martlet: the standard input is not a request from protoc or buf: "))
        let argument = try await run(Self.plugin, ["a.proto"])
        #expect(argument.code == 64 && argument.errors.hasPrefix("protoc-gen-martlet: there is no option a.proto\n"))
        let help = try await run(Self.plugin, ["--help"])
        #expect(help.code == 0 && help.output.contains("--martlet_out") && help.errors == "")
    }
}
