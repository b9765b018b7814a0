import Testing

/// Files that can't be read whole: their unknown types are reported in the same run, and nothing that only follows from
/// what is missing.
@Suite struct PartialFileTests {
    static let cases: [DiagnosticCase] = [
        DiagnosticCase(
            """
            syntax = "proto3";
            message A { strng a = 1; B b = 2; C c = 3; }
            mesage B {}
            message C { int32 e = ; }
            message D { int32 f = 1 }
            service S { rpc Get(Missing) returns (A); }
            enum E { X = 1; }
            message A {}
            """,
            [
                "t.proto:2:13: unknown type `strng`; did you mean `string`?",
                "t.proto:3:1: expected `message`, `enum`, `service`, `extend`, `import`, `package` or `option`, "
                    + "found `mesage`; did you mean `message`?",
                "t.proto:4:23: expected a field number, found `;`",
                "t.proto:5:24: missing `;` after `1`",
                "t.proto:6:21: unknown type `Missing`",
            ]
        ),
        // What a message that could not be read holds isn't asked for.
        DiagnosticCase(
            "syntax = \"proto3\"; message A { B b = 1; C.D e = 2; } message B { message C { message D {}",
            [
                "t.proto:1:64: message `B` is never closed; add `}`",
                "t.proto:1:76: message `C` is never closed; add `}`",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"a.proto\"; message M { A a = 1; B b = 2; X x = 3; }",
            with: ["a.proto": "syntax = \"proto3\"; message A { int32 a } message B {} message X"],
            [
                "a.proto:1:39: missing `=` after `a`",
                "a.proto:1:64: missing `{` after `X`",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; import \"missing.proto\"; message M { Anything a = 1; int32 a = 2; }",
            ["t.proto:1:20: can't find `missing.proto` (looked for memory)"]
        ),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ example: DiagnosticCase) {
        #expect(diagnostics(example.text, with: example.others) == example.expected)
    }
}
