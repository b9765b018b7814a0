import Testing

/// Text that can be read but breaks a rule, with everything that is said about it.
@Suite struct LinkErrorTests {
    static let cases: [DiagnosticCase] = [
        DiagnosticCase(
            """
            syntax = "proto3";
            message C { strng a = 1; Usr b = 2; int c = 3; Edition d = 4; google.protobuf.FileOptions e = 5; }
            message User { User.Foo a = 1; .User.Bar b = 2; S c = 3; map<string, Usr> d = 4; }
            service S { rpc A(Zebra) returns (S); rpc B(E) returns (User); }
            enum E { Z = 0; }
            """,
            [
                "t.proto:2:13: unknown type `strng`; did you mean `string`?",
                "t.proto:2:26: unknown type `Usr`; did you mean `User`?",
                "t.proto:2:37: unknown type `int`; did you mean `int32`?",
                "t.proto:2:48: unknown type `Edition`; write `google.protobuf.Edition` and add "
                    + "`import \"google/protobuf/descriptor.proto\";`",
                "t.proto:2:63: unknown type `google.protobuf.FileOptions`; add "
                    + "`import \"google/protobuf/descriptor.proto\";`",
                "t.proto:3:16: unknown type `User.Foo`",
                "t.proto:3:32: unknown type `.User.Bar`",
                "t.proto:3:49: `S` is a service, not a message or an enum",
                "t.proto:3:58: unknown type `Usr`; did you mean `User`?",
                "t.proto:4:19: unknown type `Zebra`",
                "t.proto:4:35: `S` is a service, not a message or an enum",
                "t.proto:4:45: `E` is an enum; a method takes and returns messages",
            ]
        ),
        DiagnosticCase(
            "syntax = \"proto3\"; message A { B.C x = 1; message B {} } message B { message C {} }",
            [
                "t.proto:1:32: `B.C` is looked for in `A.B`, the closest that starts so, which has no such type; "
                    + "write `.B.C` to start at the root"
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message A {
              int32 a = 0;
              int32 b = 19000;
              int32 c = 1;
              int32 d = 1;
              reserved 5, 2 to 4, 9;
              int32 e = 5;
              reserved "f", "f";
              int32 f = 7;
              int32 c = 8;
              reserved 4 to 6;
              reserved 0;
              reserved 20 to 12;
              extensions 40;
            }
            """,
            [
                "t.proto:3:13: field numbers start at 1",
                "t.proto:4:13: the field numbers 19000 to 19999 are kept for protobuf itself; choose another",
                "t.proto:6:13: field number 1 is already used by `c`; the next free one is 10",
                "t.proto:8:13: field number 5 is reserved; the next free one is 10",
                "t.proto:9:17: `f` is reserved twice; remove one",
                "t.proto:10:9: the field name `f` is reserved; choose another",
                "t.proto:11:9: `c` is already a field in `A` (line 5)",
                "t.proto:12:12: the range overlaps the range 5 to 5",
                "t.proto:13:12: a range of field numbers starts at 1 or later",
                "t.proto:14:12: the range ends before it starts; write the smaller first",
                "t.proto:15:14: proto3 has no extension ranges; remove it, or use google.protobuf.Any or proto2",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            enum OrderState { A = 1; B = 1; }
            enum F { A = 0; }
            enum H { H_X = 0; HX = 1; reserved 1, 1 to 2; reserved "H_X"; }
            enum I { option allow_alias = true; I_X = 0; }
            """,
            [
                "t.proto:2:23: the first value of a proto3 enum is 0; put one such as "
                    + "`ORDER_STATE_UNSPECIFIED = 0;` first",
                "t.proto:2:30: the number 1 is already `A`; the next free one is 2, or write "
                    + "`option allow_alias = true;` for a second name",
                "t.proto:3:10: `A` is already an enum value (line 2); the values of an enum are names beside it, so put "
                    + "the enum's name in front of each",
                "t.proto:4:10: the name `H_X` is reserved; choose another",
                "t.proto:4:19: `HX` and `H_X` are the same name without the enum's name and capitals; rename one",
                "t.proto:4:24: the number 1 is reserved; choose another",
                "t.proto:4:39: the range overlaps the range 1 to 1",
                "t.proto:5:10: no two values of `I` share a number; remove `allow_alias`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            enum E { A = 0; }
            message M {
              oneof o { option (x) = 1; }
              map<float, string> a = 1;
              map<E, int32> b = 2;
              map<M, int32> c = 3;
              required int32 d = 4;
              int32 e = 5 [default = 3];
              repeated group H = 6 {}
              AEntry f = 7;
              int32 foo_bar = 8;
              int32 fooBar = 9;
              int32 g = 10 [json_name = "e"];
            }
            """,
            [
                "t.proto:4:9: oneof `o` has no fields; add one or remove it",
                "t.proto:4:13: unknown option `(x)`; import the file that declares it with "
                    + "`extend google.protobuf.OneofOptions`",
                "t.proto:5:3: the key of a map is an integer, `bool` or `string`, not `float`",
                "t.proto:6:3: the key of a map is an integer, `bool` or `string`, not `E`",
                "t.proto:7:3: the key of a map is an integer, `bool` or `string`, not `M`",
                "t.proto:8:3: proto3 has no `required`; remove it",
                "t.proto:9:26: proto3 has no explicit defaults; remove it",
                "t.proto:10:12: proto3 has no groups; declare a message and use it as the type",
                "t.proto:11:3: `M.AEntry` belongs to a map; write `map<K, V>` instead",
                "t.proto:13:9: fields `foo_bar` and `fooBar` have the same JSON name `fooBar`; rename one or set its "
                    + "`json_name`",
                "t.proto:14:9: fields `e` and `g` have the same JSON name `e`; rename one or set its `json_name`",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            option java_pakage = "x";
            option deprecated = 1;
            option optimize_for = FAST;
            option java_package = 5;
            option a.b = 2;
            option (M) = 1;
            message M {
              option deprecatd = true;
              option map_entry = true;
              option deprecated.x = true;
              int32 a = 1 [deprecated = yes];
              int32 b = 2 [packed = true];
              int32 c = 3 [lazy = true, jstype = JS_STRING, features.x = 5];
              int64 d = 4 [jstype = JS_STRING, deprecated = true, deprecated = true];
            }
            """,
            [
                "t.proto:2:1: unknown option `java_pakage` of a file; did you mean `java_package`?",
                "t.proto:3:1: option `deprecated` takes `true` or `false`",
                "t.proto:4:1: option `optimize_for` takes one of `SPEED`, `CODE_SIZE`, `LITE_RUNTIME`",
                "t.proto:5:1: option `java_package` takes a string in quotes",
                "t.proto:6:1: unknown option `a` of a file; a custom option is written in parentheses: `(a)`",
                "t.proto:7:1: `M` is a message, not an option; options are declared with "
                    + "`extend google.protobuf.FileOptions`",
                "t.proto:9:3: unknown option `deprecatd` of a message; did you mean `deprecated`?",
                "t.proto:10:3: `map_entry` is for the compiler; declare a field `map<K, V>`",
                "t.proto:11:3: `deprecated` has no parts that can be set one by one",
                "t.proto:12:16: option `deprecated` takes `true` or `false`",
                "t.proto:13:16: only repeated numbers, bools and enums can be packed; remove `packed`",
                "t.proto:14:16: only messages can be `lazy`; remove it",
                "t.proto:14:29: `jstype` is for 64-bit integers only; remove it",
                "t.proto:14:49: features belong to editions; start the file with `edition = \"2023\";`",
                "t.proto:15:55: option `deprecated` is set twice; remove one",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto2";
            package x.y;
            message A {
              optional E a = 2 [default = BA];
              repeated int32 b = 3 [default = 1];
              optional A c = 4 [default = X];
              extensions 20 to 30;
              optional int32 d = 22;
              reserved 25;
              map<int32, E> e = 5;
            }
            enum E { BB = 1; }
            extend A {
              optional int32 q = 100;
              required int32 r = 20;
              optional int32 s = 20;
              optional int32 t = 21 [json_name = "u"];
            }
            extend E { optional int32 z = 1; }
            extend Ab { optional int32 y = 1; }
            extend B { optional int32 x = 1; }
            message B {}
            """,
            [
                "t.proto:4:31: enum `x.y.E` has no value `BA`",
                "t.proto:5:35: a repeated field has no default; remove it",
                "t.proto:6:31: a message has no default; remove it",
                "t.proto:7:14: the range overlaps the range 25 to 25",
                "t.proto:8:22: field number 22 is kept for extensions; the next free one is 31",
                "t.proto:10:3: the values of a map start as 0, but the first value of `x.y.E` is not 0",
                "t.proto:14:22: 100 is none of the extension numbers of `x.y.A`, which are 20 to 30",
                "t.proto:15:3: an extension can't be `required`; write `optional`",
                "t.proto:16:22: `x.y.r` already extends `x.y.A` with number 20",
                "t.proto:17:26: an extension has no JSON name; remove `json_name`",
                "t.proto:19:8: `x.y.E` is an enum; only messages can be extended",
                "t.proto:20:8: unknown type `Ab`",
                "t.proto:21:31: `x.y.B` has no extension ranges, so it can't be extended",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            import "google/protobuf/descriptor.proto";
            extend google.protobuf.UninterpretedOption { int32 a = 1; }
            extend google.protobuf.FieldOptions { optional int32 zz = 50000; }
            option (zz) = 1;
            message B { google.protobuf.FieldOptions.CType c = 1 [(zz) = 4]; }
            """,
            [
                "t.proto:3:8: proto3 extends only the options of google/protobuf/descriptor.proto, not "
                    + "`google.protobuf.UninterpretedOption`",
                "t.proto:3:56: `google.protobuf.UninterpretedOption` has no extension ranges, so it can't be extended",
                "t.proto:5:1: `zz` extends `google.protobuf.FieldOptions`, not `google.protobuf.FileOptions`",
                "t.proto:6:13: `google.protobuf.FieldOptions.CType` is a closed enum, which a proto3 message can't use; "
                    + "declare it in a proto3 file",
            ]
        ),
        DiagnosticCase(
            "message A {}",
            [
                "t.proto:1:1: warning: the file has no `syntax` and is read as proto2; start it with "
                    + "`syntax = \"proto3\";`"
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message A { message A {} enum b { c = 0; } string A = 1; oneof A { int32 y = 2; } map<int32, int32> z = 3; }
            message A {}
            service A { rpc B(C) returns (C); rpc B(C) returns (C); }
            message C {}
            """,
            [
                "t.proto:2:21: `A` is already a field in `A` (line 2)",
                "t.proto:2:64: `A` is already a field in `A` (line 2)",
                "t.proto:3:9: `A` is already a message (line 2)",
                "t.proto:4:9: `A` is already a message (line 2)",
                "t.proto:4:39: `B` is already a method in `A` (line 4)",
            ]
        ),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ example: DiagnosticCase) {
        #expect(diagnostics(example.text) == example.expected)
    }
}
