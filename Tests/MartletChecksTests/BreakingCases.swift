/// For each rule at least one change that breaks it, with all that is said, and one that doesn't.
enum BreakingCases {
    static let all = removals + reservations + fields + enums + methods + ranges + files

    private static let removals: [BreakingCase] = [
        BreakingCase(
            "MESSAGE_NO_DELETE", "message M { message N { message O {} } }\nmessage P {}", "message M {}",
            [
                "a.proto:1:1: message `a.P` was removed",
                "a.proto:2:9: message `a.M.N` was removed",
            ]),
        BreakingCase(
            "MESSAGE_NO_DELETE", ["a/a.proto": "syntax = \"proto3\";\nmessage M {}\n"],
            ["b.proto": "syntax = \"proto3\";\n"],
            ["a/a.proto: message `M` was removed"]),
        BreakingCase("MESSAGE_NO_DELETE", "message M { map<int32, int32> m = 1; }", "message M { message N {} }"),
        BreakingCase(
            "ENUM_NO_DELETE", "message M { enum E { A = 0; } }", "message M {}",
            ["a.proto:2:9: enum `a.M.E` was removed"]),
        BreakingCase("ENUM_NO_DELETE", "message M { enum E { A = 0; } }", "\nmessage M { enum E { A = 0; } }"),
        BreakingCase("SERVICE_NO_DELETE", "service S {}", "", ["a.proto:1:1: service `a.S` was removed"]),
        BreakingCase("SERVICE_NO_DELETE", "service S {}", "service S {}\nservice T {}"),
        BreakingCase(
            "RPC_NO_DELETE", "message M {}\nservice S { rpc A(M) returns (M); rpc B(M) returns (M); }",
            "message M {}\nservice S { rpc A(M) returns (M); }",
            ["a.proto:3:9: method `B` of service `a.S` was removed"]),
        BreakingCase(
            "RPC_NO_DELETE", "message M {}\nservice S { rpc A(M) returns (M); }",
            "message M {}\nservice S { rpc B(M) returns (M); rpc A(M) returns (M); }"),
        BreakingCase(
            "ONEOF_NO_DELETE", "message M { oneof o { int32 a = 1; } }", "message M { oneof p { int32 a = 1; } }",
            ["a.proto:2:9: oneof `o` of message `a.M` was removed"]),
        BreakingCase("ONEOF_NO_DELETE", "message M { optional int32 a = 1; }", "message M { int32 a = 1; }"),
        BreakingCase(
            "FIELD_NO_DELETE", "message M { int32 a = 1; int32 b = 2; }", "message M { int32 b = 3; }",
            [
                "a.proto:2:9: field 1 `a` of message `a.M` was removed",
                "a.proto:2:9: field 2 `b` of message `a.M` has number 3 now",
            ]),
        BreakingCase("FIELD_NO_DELETE", "message M { int32 a = 1; }", "message M { int32 b = 1; int32 a = 2; }"),
        BreakingCase(
            "EXTENSION_NO_DELETE", proto2: "message M { extensions 1 to 9; }\nextend M { optional int32 x = 1; }",
            "message M { extensions 1 to 9; }\nextend M { optional int32 x = 2; }",
            ["a.proto:1:1: extension `a.x` with number 1 of `a.M` was removed"]),
        BreakingCase(
            "EXTENSION_NO_DELETE", proto2: "message M { extensions 1 to 9; }\nextend M { optional int32 x = 1; }",
            "message M { extensions 1 to 9; extend M { optional int32 y = 1; } }"),
        BreakingCase(
            "ENUM_VALUE_NO_DELETE", "enum E { A = 0; B = 1; C = 2; }", "enum E { A = 0; B = 3; reserved 2; }",
            [
                "a.proto:2:6: value 1 `B` of enum `a.E` is 3 now",
                "a.proto:2:6: value 2 `C` of enum `a.E` was removed",
            ]),
        BreakingCase("ENUM_VALUE_NO_DELETE", "enum E { A = 0; B = 1; }", "enum E { A = 0; C = 1; }"),
    ]

    private static let reservations: [BreakingCase] = [
        BreakingCase(
            "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "message M { int32 a = 1; }", "message M { reserved \"a\"; }",
            [
                "a.proto:2:9: field 1 `a` of message `a.M` was removed: write `reserved 1;`, or another field may be read as it"
            ]),
        BreakingCase(
            "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "message M { int32 a = 5; }", "message M { reserved 4 to 5; }"),
        BreakingCase(
            "FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "message M { int32 a = 1; }", "message M { reserved 1; }",
            [
                "a.proto:2:9: field 1 `a` of message `a.M` was removed: write `reserved \"a\";`, or JSON may read another field "
                    + "as it"
            ]),
        BreakingCase(
            "FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "message M { int32 a = 1; int32 b = 2; }",
            "message M { reserved \"a\"; int32 b = 3; }"),
        BreakingCase(
            "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "enum E { A = 0; B = 1; }",
            "enum E { A = 0; reserved 2 to max; }",
            [
                "a.proto:2:6: value 1 `B` of enum `a.E` was removed: write `reserved 1;`, or another value may be read as it"
            ]),
        BreakingCase(
            "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "enum E { A = 0; B = 1; }",
            "enum E { A = 0; reserved 1 to 2; }"),
        BreakingCase(
            "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "enum E { A = 0; B = 1; }", "enum E { A = 0; reserved 1; }",
            [
                "a.proto:2:6: value 1 `B` of enum `a.E` was removed: write `reserved \"B\";`, or JSON may read another value as it"
            ]),
        BreakingCase(
            "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "enum E { A = 0; B = 1; C = 2; }",
            "enum E { A = 0; B = 5; reserved \"C\"; }"),
    ]

    private static let fields: [BreakingCase] = [
        BreakingCase(
            "FIELD_SAME_NAME", "message M { int32 a = 1; }", "message M { int32 b = 1; }",
            ["a.proto:2:19: field 1 `b` of message `a.M` was called `a`"]),
        BreakingCase("FIELD_SAME_NAME", "message M { int32 a = 1; }", "message M { int64 a = 1; }"),
        BreakingCase(
            "FIELD_SAME_JSON_NAME", "message M { int32 a_b = 1; }",
            "message M { int32 a_b = 1 [json_name = \"a_b\"]; }",
            ["a.proto:2:19: field 1 `a_b` of message `a.M` was `aB` in JSON and is `a_b` now"]),
        BreakingCase(
            "FIELD_SAME_JSON_NAME", proto2: "message M { extensions 1; }\nextend M { optional int32 x = 1; }",
            "message M { extensions 1; }\nextend M { optional int32 y = 1; }",
            ["a.proto:3:27: extension 1 `y` of message `a.M` was `[a.x]` in JSON and is `[a.y]` now"]),
        BreakingCase(
            "FIELD_SAME_JSON_NAME", "message M { int32 a_b = 1; }", "message M { int32 c = 1 [json_name = \"aB\"]; }"),
        BreakingCase(
            "FIELD_SAME_TYPE",
            "message M { int32 a = 1; M b = 2; repeated E c = 3; map<int32, M> d = 4; }\nenum E { A = 0; }",
            "message M { uint32 a = 1; N b = 2; repeated int32 c = 3; map<string, N> d = 4; }\nmessage N {}\nenum E { A = 0; }",
            [
                "a.proto:2:13: field 1 `a` of message `a.M` was `int32` and is `uint32` now",
                "a.proto:2:27: field 2 `b` of message `a.M` was `a.M` and is `a.N` now",
                "a.proto:2:45: field 3 `c` of message `a.M` was `a.E` and is `int32` now",
                "a.proto:2:58: field 4 `d` of message `a.M` was `map<int32, a.M>` and is `map<string, a.N>` now",
            ]),
        BreakingCase(
            "FIELD_SAME_TYPE", proto2: "message M { optional M a = 1; }", "message M { optional group A = 1 {} }",
            ["a.proto:2:28: field 1 `a` of message `a.M` was `a.M` and is `group a.M.A` now"]),
        BreakingCase(
            "FIELD_SAME_TYPE", "message M { int32 a = 1; map<int32, M> d = 4; }",
            "message M { repeated int32 b = 1; map<int32, M> e = 4; }"),
        BreakingCase(
            "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
            "message M { int32 a = 1; string b = 2; E c = 3; }\nenum E { A = 0; B = 1; }",
            "message M { int64 a = 1; bytes b = 2; F c = 3; }\nenum F { FA = 0; }",
            [
                "a.proto:2:13: field 1 `a` of message `a.M` was `int32` and is `int64` now, which is written in another way",
                "a.proto:2:26: field 2 `b` of message `a.M` was `string` and is `bytes` now, which is written in another way",
                "a.proto:2:39: field 3 `c` of message `a.M` was `a.E` and is `a.F` now, which is written in another way",
            ]),
        BreakingCase(
            "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
            "message M { int32 a = 1; fixed64 b = 2; E c = 3; map<uint64, int32> d = 4; }\nenum E { A = 0; B = 1; }",
            "message M { uint32 a = 1; sfixed64 b = 2; N.F c = 3; map<int64, uint32> d = 4; }\n"
                + "message N { enum F { A = 0; B = 1; C = 2; } }"),
        BreakingCase(
            "FIELD_SAME_CARDINALITY", "message M { int32 a = 1; int32 b = 2; repeated M c = 3; map<int32, M> d = 4; }",
            "message M {\n optional int32 a = 1;\n repeated int32 b = 2;\n M c = 3;\n repeated M d = 4;\n}",
            [
                "a.proto:3:2: field 1 `a` of message `a.M` was singular and is optional now",
                "a.proto:4:2: field 2 `b` of message `a.M` was singular and is repeated now",
                "a.proto:5:2: field 3 `c` of message `a.M` was repeated and is optional now",
                "a.proto:6:2: field 4 `d` of message `a.M` was a map and is repeated now",
            ]),
        BreakingCase(
            "FIELD_SAME_CARDINALITY", proto2: "message M { required int32 a = 1; optional int32 b = 2; }",
            "message M { optional int32 a = 1; oneof o { int32 b = 2; } }"),
        BreakingCase(
            "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "message M { int32 a = 1; map<int32, M> b = 2; }",
            "message M {\n repeated int32 a = 1;\n repeated M b = 2;\n}",
            [
                "a.proto:3:2: field 1 `a` of message `a.M` was singular and is repeated now",
                "a.proto:4:2: field 2 `b` of message `a.M` was a map and is repeated now",
            ]),
        BreakingCase(
            "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "message M { int32 a = 1; }",
            "message M { optional int32 a = 1; }"),
        BreakingCase(
            "FIELD_SAME_ONEOF", "message M { int32 a = 1; oneof o { int32 b = 2; int32 c = 3; int32 d = 4; } }",
            "message M { oneof o { int32 a = 1; int32 b = 2; } oneof p { int32 d = 4; } int32 c = 3; }",
            [
                "a.proto:2:29: field 1 `a` of message `a.M` was in no oneof and is in oneof `o` now",
                "a.proto:2:67: field 4 `d` of message `a.M` was in oneof `o` and is in oneof `p` now",
                "a.proto:2:82: field 3 `c` of message `a.M` was in oneof `o` and is in no oneof now",
            ]),
        BreakingCase(
            "FIELD_SAME_ONEOF", "message M { oneof o { int32 a = 1; int32 b = 2; } optional int32 c = 3; }",
            "message M { oneof p { int32 a = 1; int32 b = 2; int32 d = 4; } int32 c = 3; }"),
        BreakingCase(
            "FIELD_SAME_DEFAULT", proto2: "message M { optional int32 a = 1 [default = 1]; optional string b = 2; }",
            "message M { optional int32 a = 1; optional string b = 2 [default = \"x\"]; }",
            [
                "a.proto:2:13: field 1 `a` of message `a.M` had the default `1` and has no default now",
                "a.proto:2:68: field 2 `b` of message `a.M` had no default and has the default `x` now",
            ]),
        BreakingCase(
            "FIELD_SAME_DEFAULT", proto2: "message M { optional int32 a = 1 [default = 0x10]; }",
            "message M { optional int32 a = 1 [default = 16]; }"),
        BreakingCase(
            "FIELD_SAME_UTF8_VALIDATION", ["a.proto": "syntax = \"proto2\";\nmessage M { optional string a = 1; }\n"],
            ["a.proto": "edition = \"2023\";\nmessage M { string a = 1; }\n"],
            [
                "a.proto:2:20: field 1 `a` of message `M` has to be UTF-8 now, and had not: what was written before may be refused"
            ]),
        BreakingCase(
            "FIELD_SAME_UTF8_VALIDATION", ["a.proto": "syntax = \"proto3\";\nmessage M { string a = 1; }\n"],
            ["a.proto": "edition = \"2023\";\nmessage M { string a = 1 [features.utf8_validation = NONE]; }\n"],
            [
                "a.proto:2:20: field 1 `a` of message `M` had to be UTF-8, and has not now: older readers may refuse what is written"
            ]),
        BreakingCase(
            "FIELD_SAME_UTF8_VALIDATION", ["a.proto": "syntax = \"proto3\";\nmessage M { string a = 1; }\n"],
            ["a.proto": "edition = \"2023\";\nmessage M { string a = 1; }\n"]),
        BreakingCase(
            "MESSAGE_SAME_REQUIRED_FIELDS",
            proto2: "message M { required int32 a = 1; optional int32 b = 2; required int32 c = 3; }",
            "message M { optional int32 a = 1; required int32 b = 2; required int32 d = 4; }",
            [
                "a.proto:2:9: field 3 `c` was required and isn't now: older readers refuse messages without it",
                "a.proto:2:28: field 1 `a` was required and isn't now: older readers refuse messages without it",
                "a.proto:2:50: field 2 `b` is required now: messages written before are refused",
                "a.proto:2:72: field 4 `d` is required now: messages written before are refused",
            ]),
        BreakingCase(
            "MESSAGE_SAME_REQUIRED_FIELDS", ["a.proto": "syntax = \"proto2\";\nmessage M { required int32 a = 1; }\n"],
            ["a.proto": "edition = \"2023\";\nmessage M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }\n"]
        ),
    ]

    private static let enums: [BreakingCase] = [
        BreakingCase(
            "ENUM_VALUE_SAME_NAME", "enum E { A = 0; B = 1; }", "enum E { A = 0; C = 1; }",
            ["a.proto:2:17: value 1 `C` of enum `a.E` was called `B`"]),
        BreakingCase(
            "ENUM_VALUE_SAME_NAME", "enum E { A = 0; B = 1; }",
            "enum E { option allow_alias = true; A = 0; C = 1; B = 1; }"),
        BreakingCase(
            "ENUM_SAME_TYPE", ["a.proto": "syntax = \"proto2\";\nenum E { A = 0; }\n"],
            ["a.proto": "edition = \"2023\";\nenum E { A = 0; }\n"],
            ["a.proto:2:6: enum `E` was closed and is open now: numbers that it doesn't name are read in another way"]),
        BreakingCase(
            "ENUM_SAME_TYPE", ["a.proto": "syntax = \"proto3\";\nenum E { A = 0; }\n"],
            ["a.proto": "edition = \"2023\";\nenum E { A = 0; }\n"]),
    ]

    private static func method(_ signature: String, _ options: String = "") -> String {
        "message M {}\nmessage N {}\nservice S { rpc A\(signature) {\(options)} }"
    }

    private static let methods: [BreakingCase] = [
        BreakingCase(
            "RPC_SAME_REQUEST_TYPE", method("(M) returns (M)"), method("(N) returns (M)"),
            ["a.proto:4:19: method `A` of service `a.S` took `a.M` and takes `a.N` now"]),
        BreakingCase("RPC_SAME_REQUEST_TYPE", method("(M) returns (M)"), method("(stream M) returns (N)")),
        BreakingCase(
            "RPC_SAME_RESPONSE_TYPE", method("(M) returns (M)"), method("(M) returns (N)"),
            ["a.proto:4:31: method `A` of service `a.S` returned `a.M` and returns `a.N` now"]),
        BreakingCase("RPC_SAME_RESPONSE_TYPE", method("(M) returns (M)"), method("(N) returns (.a.M)")),
        BreakingCase(
            "RPC_SAME_CLIENT_STREAMING", method("(M) returns (M)"), method("(stream M) returns (M)"),
            ["a.proto:4:26: method `A` of service `a.S` took one message and takes a stream now"]),
        BreakingCase(
            "RPC_SAME_CLIENT_STREAMING", method("(stream M) returns (M)"), method("(stream M) returns (stream M)")),
        BreakingCase(
            "RPC_SAME_SERVER_STREAMING", method("(M) returns (stream M)"), method("(M) returns (M)"),
            ["a.proto:4:31: method `A` of service `a.S` returned a stream and returns one message now"]),
        BreakingCase("RPC_SAME_SERVER_STREAMING", method("(stream M) returns (M)"), method("(M) returns (M)")),
        BreakingCase(
            "RPC_SAME_IDEMPOTENCY_LEVEL", method("(M) returns (M)", "option idempotency_level = NO_SIDE_EFFECTS;"),
            method("(M) returns (M)", "option deprecated = true;"),
            [
                "a.proto:4:35: method `A` of service `a.S` had the idempotency level NO_SIDE_EFFECTS and has IDEMPOTENCY_UNKNOWN now"
            ]),
        BreakingCase(
            "RPC_SAME_IDEMPOTENCY_LEVEL", method("(M) returns (M)"),
            method("(M) returns (M)", "option idempotency_level = IDEMPOTENCY_UNKNOWN;")),
    ]

    private static let ranges: [BreakingCase] = [
        BreakingCase(
            "RESERVED_MESSAGE_NO_DELETE", "message M { reserved 1, 3 to 9, 20 to max; reserved \"a\", \"b\"; }",
            "message M { reserved 1, 4 to 5, 20 to max; reserved \"b\"; }",
            [
                "a.proto:2:9: message `a.M` no longer reserves number 3",
                "a.proto:2:9: message `a.M` no longer reserves the name `a`",
                "a.proto:2:9: message `a.M` no longer reserves the numbers 6 to 9",
            ]),
        BreakingCase(
            "RESERVED_MESSAGE_NO_DELETE", "message M { reserved 1, 2 to 3; }",
            "message M { reserved 1 to 2, 3 to 4; reserved \"a\"; }"),
        BreakingCase(
            "RESERVED_ENUM_NO_DELETE", "enum E { A = 0; reserved -5 to -1, 9 to max; reserved \"B\"; }",
            "enum E { A = 0; reserved -5 to -2, 10 to max; }",
            [
                "a.proto:2:6: enum `a.E` no longer reserves number -1",
                "a.proto:2:6: enum `a.E` no longer reserves number 9",
                "a.proto:2:6: enum `a.E` no longer reserves the name `B`",
            ]),
        BreakingCase(
            "RESERVED_ENUM_NO_DELETE", "enum E { A = 0; reserved 2 to 3; }", "enum E { A = 0; reserved 2 to max; }"),
        BreakingCase(
            "EXTENSION_MESSAGE_NO_DELETE", proto2: "message M { extensions 100 to 200; }",
            "message M { extensions 100 to 150, 152 to 200; }",
            ["a.proto:2:9: message `a.M` no longer leaves number 151 to extensions"]),
        BreakingCase(
            "EXTENSION_MESSAGE_NO_DELETE", proto2: "message M { extensions 100 to 200; }",
            "message M { extensions 100 to max; }"),
        BreakingCase(
            "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", proto2: "message M { extensions 4 to max; }",
            "message M { option message_set_wire_format = true; extensions 4 to max; }",
            ["a.proto:2:9: message `a.M` is a message set now"]),
        BreakingCase(
            "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", proto2: "message M { extensions 4 to max; }",
            "message M { option message_set_wire_format = false; extensions 4 to max; }"),
    ]

    private static let files: [BreakingCase] =
        [
            BreakingCase(
                "FILE_SAME_PACKAGE", ["a.proto": "syntax = \"proto3\";\n"],
                ["a.proto": "syntax = \"proto3\";\npackage a;\n"],
                ["a.proto:2:1: the file had no package and has package `a` now"]),
            BreakingCase(
                "FILE_SAME_PACKAGE", ["a.proto": "syntax = \"proto3\";\npackage a;"],
                ["b.proto": "syntax = \"proto3\";\npackage b;"]),
        ]
        + [
            ("CSHARP_NAMESPACE", "\"X\""), ("GO_PACKAGE", "\"X\""), ("JAVA_MULTIPLE_FILES", "true"),
            ("JAVA_OUTER_CLASSNAME", "\"X\""), ("JAVA_PACKAGE", "\"X\""), ("OBJC_CLASS_PREFIX", "\"X\""),
            ("PHP_CLASS_PREFIX", "\"X\""), ("PHP_NAMESPACE", "\"X\""), ("RUBY_PACKAGE", "\"X\""),
            ("SWIFT_PREFIX", "\"X\""),
        ].flatMap { suffix, value in
            let option = suffix.lowercased()
            let set = "option \(option) = \(value);"
            return [
                BreakingCase(
                    "FILE_SAME_\(suffix)", "", set,
                    ["a.proto:2:1: the file had no \(option) and has \(option) `\(value.filter { $0 != "\"" })` now"]),
                BreakingCase("FILE_SAME_\(suffix)", set, set + "\noption deprecated = true;"),
            ]
        }
}
