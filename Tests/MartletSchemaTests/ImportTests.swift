import Foundation
import MartletSchema
import Testing

@Suite struct ImportTests {
    @Test func findsWhatPublicImportsPassOn() {
        let files = [
            "a.proto": "syntax = \"proto3\"; import public \"b.proto\";",
            "b.proto": "syntax = \"proto3\"; import public \"c.proto\"; import \"d.proto\"; message B { D d = 1; }",
            "c.proto": "syntax = \"proto3\"; message C {}",
            "d.proto": "syntax = \"proto3\"; message D {}",
        ]
        let result = compile(
            "syntax = \"proto3\"; import \"a.proto\"; message M { B b = 1; C c = 2; }", with: files)
        #expect(result.diagnostics.isEmpty)
        #expect(result.schema?.files.map(\.name) == ["c.proto", "d.proto", "b.proto", "a.proto", "t.proto"])
        #expect(result.schema?.files.map(\.isRoot) == [false, false, false, false, true])
        #expect(
            diagnostics("syntax = \"proto3\"; import \"a.proto\"; message M { B b = 1; D d = 2; }", with: files) == [
                "t.proto:1:59: `D` is declared in d.proto, which is not imported; add `import \"d.proto\";`"
            ])
    }

    static let cases: [DiagnosticCase] = [
        DiagnosticCase(
            """
            syntax = "proto3";
            import "nowhere.proto";
            import "google/protobuf/descripter.proto";
            import "nowhere.proto";
            """,
            [
                "t.proto:2:1: can't find `nowhere.proto` (looked for memory)",
                "t.proto:3:1: can't find `google/protobuf/descripter.proto` (looked for memory); did you mean "
                    + "`google/protobuf/descriptor.proto`?",
                "t.proto:4:1: `nowhere.proto` is imported twice; remove one",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\";",
            with: [
                "a.proto": "syntax = \"proto3\"; import \"b.proto\";",
                "b.proto": "syntax = \"proto3\"; import \"t.proto\";",
            ],
            ["b.proto:1:20: files import each other in a circle: t.proto → a.proto → b.proto → t.proto"]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"t.proto\";",
            ["t.proto:1:20: files import each other in a circle: t.proto → t.proto"]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            import "used.proto";
            import "unused.proto";
            import public "passed.proto";
            message M { Used u = 1; }
            """,
            with: [
                "used.proto": "syntax = \"proto3\"; message Used {}", "unused.proto": "syntax = \"proto3\";",
                "passed.proto": "syntax = \"proto3\";",
            ],
            ["t.proto:3:1: warning: `unused.proto` is imported but not used; remove the import"]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\"; package p.q; message M {} message A {}",
            with: ["a.proto": "syntax = \"proto3\"; package p.q.M; message A {}"],
            [
                "t.proto:1:20: warning: `a.proto` is imported but not used; remove the import",
                "t.proto:1:59: `M` is already a package in `p.q` (a.proto:1)",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\"; package p.A; message M { p.A a = 1; }",
            with: ["a.proto": "syntax = \"proto3\"; package p; message A {}"],
            ["t.proto:1:38: the package can't be `p.A`: `p.A` is already a message (a.proto:1)"]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\"; message M { A a = 1; }",
            with: ["a.proto": "syntax = \"proto3\"; message A { int32 x 1; }"],
            ["a.proto:1:39: missing `=` after `x`"]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\"; message A { }",
            with: ["a.proto": "syntax = \"proto3\"; message A { }"],
            [
                "t.proto:1:20: warning: `a.proto` is imported but not used; remove the import",
                "t.proto:1:46: `A` is already a message (a.proto:1)",
            ]
        ),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ example: DiagnosticCase) {
        #expect(diagnostics(example.text, with: example.others) == example.expected)
    }

    @Test func carriesTheWellKnownFiles() {
        let result = SchemaCompiler(providers: []).compile(WellKnownFiles.names)
        #expect(result.diagnostics.isEmpty)
        #expect(
            result.schema?.message("google.protobuf.FieldDescriptorProto")?.file == "google/protobuf/descriptor.proto")
        #expect(result.schema?.message("google.protobuf.compiler.CodeGeneratorRequest") != nil)
    }

    @Test func readsDirectoriesInOrder() throws {
        try withTemporaryDirectory { try readDirectories(in: $0) }
    }

    private func readDirectories(in base: URL) throws {
        func write(_ path: String, _ text: String) throws {
            let file = base.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write("one/p/a.proto", "syntax = \"proto3\"; import \"p/b.proto\"; message A { B b = 1; }")
        try write("one/x/dir.proto/y", "")
        try write("two/p/a.proto", "not read")
        try write("two/p/b.proto", "syntax = \"proto3\"; message B { in32 x = 1; }")
        let directories = DirectoryFiles(roots: ["\(base.path)/one", "\(base.path)/./two/"])

        let result = SchemaCompiler(providers: [directories]).compile([
            "p/a.proto", "p/none.proto", "x/dir.proto", "../a",
        ])
        #expect(
            result.diagnostics.map(\.description) == [
                "../a: no such file",
                "\(base.path)/one/x/dir.proto: can't read `\(base.path)/one/x/dir.proto`: not a regular file",
                "\(base.path)/two/p/b.proto:1:32: unknown type `in32`; did you mean `int32`?",
                "p/none.proto: no such file (looked for \(base.path)/one/p/none.proto, \(base.path)/two/p/none.proto)",
            ])

        #expect(directories.importName(of: "\(base.path)/two/p/../p/b.proto") == "p/b.proto")
        #expect(directories.importName(of: "/elsewhere/b.proto") == nil)
        #expect(DirectoryFiles(roots: []).importName(of: "./p/b.proto") == "p/b.proto")
        #expect(DirectoryFiles(roots: ["Protos"]).importName(of: "Protos/p/b.proto") == "p/b.proto")
        #expect(DirectoryFiles(roots: ["Protos"]).importName(of: "Protos2/b.proto") == nil)
    }
}
