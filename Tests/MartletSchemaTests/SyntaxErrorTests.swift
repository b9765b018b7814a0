import Testing

/// Text that can't be read, with everything that is said about it.
@Suite struct SyntaxErrorTests {
    static let cases: [DiagnosticCase] = [
        DiagnosticCase(
            """
            syntax = "proto3";
            mesage A {}
            message B { string x = 1 }
            """,
            [
                "t.proto:2:1: expected `message`, `enum`, `service`, `extend`, `import`, `package` or `option`, "
                    + "found `mesage`; did you mean `message`?",
                "t.proto:3:25: missing `;` after `1`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message A {
              string a = 1
              string b = 2;
              string c 3;
              d = 4;
              string = 5;
              string e;
            """,
            [
                "t.proto:2:11: message `A` is never closed; add `}`",
                "t.proto:3:15: missing `;` after `1`",
                "t.proto:5:11: missing `=` after `c`",
                "t.proto:6:5: expected a field name after `d`, found `=`",
                "t.proto:7:10: expected a field name after `string`, found `=`",
                "t.proto:8:11: field `e` has no number; write `e = NUMBER`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message A { int32 a = 536870912; int32 b = 99999999999; int32 c = -1; int32 d = 1.5; int32 e = "x"; }
            """,
            [
                "t.proto:2:23: the number is too large; the largest here is 536870911",
                "t.proto:2:44: the number is too large; the largest here is 536870911",
                "t.proto:2:67: the number can't be negative here; remove `-`",
                "t.proto:2:81: expected a field number, found `1.5`",
                "t.proto:2:96: expected a field number, found `\"x\"`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            enum G {}
            message M {
              repeated map<string, string> z = 3;
              oneof p { repeated int32 q = 4; map<int32, int32> r = 5; }
              reserved foo;
              reserved 1 to;
            }
            """,
            [
                "t.proto:2:1: enum `G` needs at least one value",
                "t.proto:4:3: a map field has no label; remove `repeated`",
                "t.proto:5:13: a field of a oneof has no label; remove `repeated`",
                "t.proto:5:35: a map can't be in a oneof; put it into a message of its own",
                "t.proto:6:12: write the reserved name in quotes: `\"foo\"`",
                "t.proto:7:16: expected a number or `max`, found `;`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message M {}
            service S {
              rpc C(stream) returns (M);
              rpc (M) returns (M);
              foo;
              rpc D M;
              rpc E(M) returns (int32);
              rpc F(M) returns (M) { deprecated = true; option deprecated = true }
            }
            """,
            [
                "t.proto:4:15: expected a type, found `)`",
                "t.proto:5:7: expected a method name, found `(`",
                "t.proto:6:3: expected `rpc` or `option`, found `foo`",
                "t.proto:7:8: missing `(` after `D`",
                "t.proto:8:21: expected the name of a message, found `int32`",
                "t.proto:9:26: expected `option`, found `deprecated`",
                "t.proto:9:69: missing `;` after `true`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            enum X { X_A = 0 X_B = 1; X_C; X_D = 5000000000; X_E = -2147483648; X_F = -2147483649; X_G = A; }
            """,
            [
                "t.proto:2:17: missing `;` after `0`",
                "t.proto:2:30: enum value `X_C` has no number; write `X_C = NUMBER`",
                "t.proto:2:38: the number is too large; the largest here is 2147483647",
                "t.proto:2:76: the number is too large; the largest here is 2147483648",
                "t.proto:2:94: expected a number, found `A`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3
            message M { string s = 1 [json_name = "abc]; /* unterminated
            """,
            [
                "t.proto:1:10: this string is not closed on its line; add `\"` or `\\n`",
                "t.proto:2:11: message `M` is never closed; add `}`",
                "t.proto:2:39: this string is not closed on its line; add `\"` or `\\n`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message Mé { } $
            message N { int32 a = 1; } }
            option java_package = "\\q \\x";
            """,
            [
                "t.proto:2:10: `é` has no place here: outside of strings and comments only ASCII is allowed",
                "t.proto:3:28: this `}` closes nothing; remove it",
                "t.proto:4:24: unknown escape in a string; write `\\\\` for a backslash",
                "t.proto:4:27: `\\x` needs one or two hexadecimal digits",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto4";
            package a;
            package b;
            syntax = "proto3";
            """,
            [
                "t.proto:1:10: unknown syntax `proto4`; write \"proto3\" or \"proto2\"",
                "t.proto:3:1: the file already has a package; keep one `package` statement",
                "t.proto:4:1: `syntax` has to be the first statement of the file, once, without an `edition`",
            ]
        ),
        DiagnosticCase(
            "edition = \"2024\"; export message M {}",
            ["t.proto:1:11: edition 2024 is newer than what Martlet reads; write \"2023\""]
        ),
        DiagnosticCase("edition = \"2022\"; m", ["t.proto:1:11: unknown edition `2022`; write \"2023\""]),
        DiagnosticCase("edition \"2023\";", ["t.proto:1:8: missing `=` after `edition`"]),
        DiagnosticCase(
            """
            edition = "2023";
            message M {
              optional int32 a = 1;
              required int32 b = 2;
              group C = 3 {}
              reserved "d", e;
              reserved 5, f;
            }
            enum E { A = 0; reserved "B"; }
            syntax = "proto3";
            edition = "2023";
            """,
            [
                "t.proto:3:3: editions have no `optional`; remove it: a field knows whether it is set, unless "
                    + "`features.field_presence` is IMPLICIT",
                "t.proto:4:3: editions have no `required`; write `[features.field_presence = LEGACY_REQUIRED]` behind "
                    + "the number",
                "t.proto:5:3: editions have no groups; declare a message and write "
                    + "`[features.message_encoding = DELIMITED]` behind the number",
                "t.proto:6:12: reserved names of editions have no quotes; remove them",
                "t.proto:7:15: expected field numbers, or field names in quotes, found `f`",
                "t.proto:9:26: reserved names of editions have no quotes; remove them",
                "t.proto:10:1: `syntax` has to be the first statement of the file, once, without an `edition`",
                "t.proto:11:1: `edition` has to be the first statement of the file, once, without a `syntax`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto2";
            message A {
              int32 a = 1;
              optional int32 b = 2 [default = 99999999999];
              optional uint32 c = 3 [default = -1];
              optional bool d = 4 [default = 1];
              optional int32 e = 5 [default = 1, default = 2];
              optional string f = 6 [default = X];
              optional string g = 7 [default = "\\xff"];
              optional group h = 8 {}
              optional E i = 9 [default = 5];
            }
            extend A {}
            """,
            [
                "t.proto:3:3: a proto2 field needs a label; write `optional`, `required` or `repeated`",
                "t.proto:4:35: the number is too large; the largest here is 2147483647",
                "t.proto:5:36: the number can't be negative here; remove `-`",
                "t.proto:6:34: expected `true` or `false`, found `1`",
                "t.proto:7:38: `default` is already set for this field",
                "t.proto:8:36: expected a string in quotes, found `X`",
                "t.proto:9:36: a string in quotes is not UTF-8",
                "t.proto:10:18: the name of a group starts with a capital letter",
                "t.proto:11:31: expected the name of an enum value, found `5`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            option (a. = 1;
            option a = -x;
            option b = ;
            option c = { x: { y: 1 };
            """,
            [
                "t.proto:2:12: expected a name after `.`, found `=`",
                "t.proto:3:12: `-` goes only before a number; remove it",
                "t.proto:4:12: expected the value of an option, found `;`",
                "t.proto:5:12: this `{` is never closed; add `}`",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto2\"; extend A {}",
            ["t.proto:1:20: `extend A` adds no field; remove it or add one"]
        ),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ example: DiagnosticCase) {
        #expect(diagnostics(example.text) == example.expected)
    }

    @Test func stopsAfterAHundredProblems() {
        #expect(diagnostics("syntax = \"proto3\";\n" + String(repeating: "x;\n", count: 1000)).count == 100)
    }

    @Test func limitsNesting() {
        func nested(_ depth: Int) -> String {
            "syntax = \"proto3\";\n" + (1...depth).map { "message M\($0) {" }.joined(separator: "\n")
                + String(repeating: "}", count: depth)
        }
        #expect(diagnostics(nested(31)).isEmpty)
        #expect(
            diagnostics(nested(32)) == [
                "t.proto:33:1: messages nest deeper than 31 levels; move some to the top level"
            ])
        #expect(diagnostics(nested(10_000)).count == 1)
    }
}
