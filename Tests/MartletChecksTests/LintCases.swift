/// For each rule at least one file that breaks it, with all that is said, and one that doesn't.
enum LintCases {
    static let all = names + enums + methods + comments + files + imports + packages

    private static let names: [LintCase] = [
        LintCase(
            "MESSAGE_PASCAL_CASE", "message user_name {}",
            ["a/v1/a.proto:4:9: message `user_name` should be `UserName`"]),
        LintCase("MESSAGE_PASCAL_CASE", "message A { message b {} }", ["a/v1/a.proto:4:21: message `b` should be `B`"]),
        LintCase("MESSAGE_PASCAL_CASE", "message HTTPRequest2 { map<string, int32> counts = 1; }"),
        LintCase(
            "ENUM_PASCAL_CASE", "enum orderState { A = 0; }",
            ["a/v1/a.proto:4:6: enum `orderState` should be `OrderState`"]),
        LintCase("ENUM_PASCAL_CASE", "enum OrderState { A = 0; }"),
        LintCase(
            "ENUM_VALUE_UPPER_SNAKE_CASE", "enum E { HTTPServer = 0; E__B = 1; }",
            [
                "a/v1/a.proto:4:10: enum value `HTTPServer` should be `HTTP_SERVER`",
                "a/v1/a.proto:4:26: enum value `E__B` should be `E_B`",
            ]),
        LintCase("ENUM_VALUE_UPPER_SNAKE_CASE", "enum E { E_A1_B2 = 0; }"),
        LintCase(
            "FIELD_LOWER_SNAKE_CASE", "message M { int32 userID = 1; optional int32 _x = 2; }",
            [
                "a/v1/a.proto:4:19: field `userID` should be `user_id`",
                "a/v1/a.proto:4:46: field `_x` should be `x`",
            ]),
        LintCase(
            "FIELD_LOWER_SNAKE_CASE",
            files: [
                "a.proto":
                    "syntax = \"proto2\";\nmessage M { extensions 1; optional group Deep = 2 {} }\nextend M { optional int32 isOld = 1; }\n"
            ],
            ["a.proto:3:27: field `isOld` should be `is_old`"]),
        LintCase("FIELD_LOWER_SNAKE_CASE", "message M { int32 user_id2 = 1; map<int32, string> by_id = 2; }"),
        LintCase(
            "ONEOF_LOWER_SNAKE_CASE", "message M { oneof theChoice { int32 a = 1; } optional int32 B = 2; }",
            ["a/v1/a.proto:4:19: oneof `theChoice` should be `the_choice`"]),
        LintCase("ONEOF_LOWER_SNAKE_CASE", "message M { oneof choice { int32 a = 1; } }"),
        LintCase(
            "SERVICE_PASCAL_CASE", "service user_service {}",
            ["a/v1/a.proto:4:9: service `user_service` should be `UserService`"]),
        LintCase("SERVICE_PASCAL_CASE", "service UserService {}"),
        LintCase(
            "RPC_PASCAL_CASE", "message M {}\nservice S { rpc getUser(M) returns (M); }",
            ["a/v1/a.proto:5:17: method `getUser` should be `GetUser`"]),
        LintCase("RPC_PASCAL_CASE", "message M {}\nservice S { rpc GetUser(M) returns (M); }"),
        LintCase(
            "SERVICE_SUFFIX", "service Users {}",
            ["a/v1/a.proto:4:9: service `Users` should end in `Service`, such as `UsersService`"]),
        LintCase("SERVICE_SUFFIX", "service UserService {}"),
    ]

    private static let enums: [LintCase] = [
        LintCase(
            "ENUM_VALUE_PREFIX", "message M { enum OrderState { ORDER_STATE_A = 0; OPEN = 1; } }",
            ["a/v1/a.proto:4:50: value `OPEN` of enum `OrderState` should start with `ORDER_STATE_`"]),
        LintCase("ENUM_VALUE_PREFIX", "enum OrderState { ORDER_STATE_A = 0; }"),
        LintCase(
            "ENUM_ZERO_VALUE_SUFFIX", "enum E { E_NONE = 0; }",
            ["a/v1/a.proto:4:10: the zero value `E_NONE` should end in `_UNSPECIFIED`"]),
        LintCase("ENUM_ZERO_VALUE_SUFFIX", "enum E { E_UNSPECIFIED = 0; E_A = 1; }"),
        LintCase(
            "ENUM_FIRST_VALUE_ZERO", files: ["a.proto": "syntax = \"proto2\";\nenum E { A = 1; B = 0; }\n"],
            ["a.proto:2:14: the first value of enum `E` should be 0, not 1"]),
        LintCase("ENUM_FIRST_VALUE_ZERO", files: ["a.proto": "syntax = \"proto2\";\nenum E { A = 0; B = 1; }\n"]),
        LintCase(
            "ENUM_NO_ALLOW_ALIAS", "enum E {\n  option allow_alias = true;\n  A = 0;\n  B = 0;\n}",
            ["a/v1/a.proto:5:3: enum `E` has two names for one number, of which JSON can write only one"]),
        LintCase("ENUM_NO_ALLOW_ALIAS", "enum E { option deprecated = true; A = 0; }"),
    ]

    private static let methods: [LintCase] = [
        LintCase(
            "RPC_REQUEST_STANDARD_NAME", "message M {}\nservice UserService { rpc Get(M) returns (M); }",
            [
                "a/v1/a.proto:5:31: the request of method `Get` should be `GetRequest` or `UserServiceGetRequest`, not `M`"
            ]),
        LintCase(
            "RPC_REQUEST_STANDARD_NAME",
            "message ARequest {}\nmessage SBRequest {}\nservice S { rpc A(ARequest) returns (ARequest); rpc B(SBRequest) returns (ARequest); }"
        ),
        LintCase(
            "RPC_RESPONSE_STANDARD_NAME", "message M {}\nservice UserService { rpc Get(M) returns (stream M); }",
            [
                "a/v1/a.proto:5:50: the response of method `Get` should be `GetResponse` or `UserServiceGetResponse`, not `M`"
            ]),
        LintCase(
            "RPC_RESPONSE_STANDARD_NAME",
            "message GetResponse {}\nservice S { rpc Get(GetResponse) returns (GetResponse); }"),
        LintCase(
            "RPC_REQUEST_RESPONSE_UNIQUE",
            "message M {}\nmessage N {}\nmessage O {}\nservice S {\n  rpc A(M) returns (N);\n  rpc B(M) returns (O);\n}",
            [
                "a/v1/a.proto:8:9: the request of a.v1.S.A is the request of a.v1.S.B too; give each a message of its own",
                "a/v1/a.proto:9:9: the request of a.v1.S.B is the request of a.v1.S.A too; give each a message of its own",
            ]),
        LintCase(
            "RPC_REQUEST_RESPONSE_UNIQUE", "message M {}\nservice S {\n  rpc A(M) returns (M);\n}",
            [
                "a/v1/a.proto:6:9: the request of a.v1.S.A is the response of a.v1.S.A too; give each a message of its own",
                "a/v1/a.proto:6:21: the response of a.v1.S.A is the request of a.v1.S.A too; give each a message of its own",
            ]),
        LintCase("RPC_REQUEST_RESPONSE_UNIQUE", "message M {}\nmessage N {}\nservice S { rpc A(M) returns (N); }"),
        LintCase(
            "RPC_NO_CLIENT_STREAMING", "message M {}\nservice S { rpc A(stream M) returns (M); }",
            ["a/v1/a.proto:5:26: method `A` takes a stream"]),
        LintCase("RPC_NO_CLIENT_STREAMING", "message M {}\nservice S { rpc A(M) returns (stream M); }"),
        LintCase(
            "RPC_NO_SERVER_STREAMING", "message M {}\nservice S { rpc A(M) returns (stream M); }",
            ["a/v1/a.proto:5:38: method `A` returns a stream"]),
        LintCase("RPC_NO_SERVER_STREAMING", "message M {}\nservice S { rpc A(stream M) returns (M); }"),
    ]

    private static let comments: [LintCase] = [
        LintCase("COMMENT_MESSAGE", "message M {}", ["a/v1/a.proto:4:9: message `M` should have a comment before it"]),
        LintCase(
            "COMMENT_MESSAGE", "// martlet:lint:ignore MESSAGE_PASCAL_CASE\nmessage M {}",
            ["a/v1/a.proto:5:9: message `M` should have a comment before it"]),
        LintCase("COMMENT_MESSAGE", "// Something.\nmessage M {}"),
        LintCase(
            "COMMENT_FIELD", "message M {\n  int32 a = 1; // After it.\n}",
            ["a/v1/a.proto:5:9: field `a` should have a comment before it"]),
        LintCase("COMMENT_FIELD", "message M {\n  // Before it.\n  int32 a = 1;\n}"),
        LintCase(
            "COMMENT_ONEOF", "message M { oneof o { int32 a = 1; } }",
            ["a/v1/a.proto:4:19: oneof `o` should have a comment before it"]),
        LintCase(
            "COMMENT_ONEOF", "message M {\n  // One of them.\n  oneof o { int32 a = 1; }\n  optional int32 b = 2;\n}"),
        LintCase("COMMENT_ENUM", "enum E { A = 0; }", ["a/v1/a.proto:4:6: enum `E` should have a comment before it"]),
        LintCase("COMMENT_ENUM", "/* Some. */ enum E { A = 0; }"),
        LintCase(
            "COMMENT_ENUM_VALUE", "enum E { A = 0; }",
            ["a/v1/a.proto:4:10: enum value `A` should have a comment before it"]),
        LintCase("COMMENT_ENUM_VALUE", "enum E {\n  // First.\n  A = 0;\n}"),
        LintCase("COMMENT_SERVICE", "service S {}", ["a/v1/a.proto:4:9: service `S` should have a comment before it"]),
        LintCase("COMMENT_SERVICE", "// Serves.\nservice S {}"),
        LintCase(
            "COMMENT_RPC", "message M {}\nservice S { rpc A(M) returns (M); }",
            ["a/v1/a.proto:5:17: method `A` should have a comment before it"]),
        LintCase("COMMENT_RPC", "message M {}\nservice S {\n  // Does.\n  rpc A(M) returns (M);\n}"),
    ]

    private static let files: [LintCase] = [
        LintCase(
            "FILE_LOWER_SNAKE_CASE",
            files: ["a/UserTypes.proto": "syntax = \"proto3\";\n", "a/user-types.proto": "syntax = \"proto3\";\n"],
            [
                "a/UserTypes.proto:1:1: file `UserTypes.proto` should be `user_types.proto`",
                "a/user-types.proto:1:1: file `user-types.proto` should be `user_types.proto`",
            ]),
        LintCase("FILE_LOWER_SNAKE_CASE", files: ["A/user_types2.proto": "syntax = \"proto3\";\n"]),
        LintCase(
            "SYNTAX_SPECIFIED", files: ["a.proto": "package a;\n"],
            ["a.proto:1:1: the file should start with `syntax = \"proto3\";` or what else it is written in"]),
        LintCase("SYNTAX_SPECIFIED", files: ["a.proto": "syntax = \"proto2\";\n", "b.proto": "edition = \"2023\";\n"]),
        LintCase(
            "FIELD_NOT_REQUIRED",
            files: [
                "a.proto": "syntax = \"proto2\";\nmessage M { required int32 a = 1; }\n",
                "b.proto":
                    "edition = \"2023\";\nmessage N { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }\n",
            ],
            ["a.proto:2:28: field `a` should not be required", "b.proto:2:19: field `a` should not be required"]),
        LintCase(
            "FIELD_NOT_REQUIRED", files: ["a.proto": "syntax = \"proto2\";\nmessage M { optional int32 a = 1; }\n"]),
    ]

    private static func importing(_ name: String, package: String = "a.v1", _ kind: String = "", body: String = "")
        -> String
    {
        "syntax = \"proto3\";\npackage \(package);\nimport \(kind)\"\(name)\";\n\(body)"
    }

    private static func file(_ package: String) -> String {
        "syntax = \"proto3\";\npackage \(package);\nmessage B {}\n"
    }

    private static let imports: [LintCase] = [
        LintCase(
            "IMPORT_NO_PUBLIC", files: ["a.proto": importing("b.proto", "public "), "b.proto": file("b")],
            ["a.proto:3:1: import `b.proto` should not be public"]),
        LintCase("IMPORT_NO_PUBLIC", files: ["a.proto": importing("b.proto"), "b.proto": file("b")]),
        LintCase(
            "IMPORT_NO_WEAK", files: ["a.proto": importing("b.proto", "weak "), "b.proto": file("b")],
            ["a.proto:3:1: import `b.proto` should not be weak"]),
        LintCase("IMPORT_NO_WEAK", files: ["a.proto": importing("b.proto"), "b.proto": file("b")]),
        LintCase(
            "IMPORT_USED", files: ["a.proto": importing("b.proto"), "b.proto": file("b")],
            ["a.proto:3:1: import `b.proto` is not used"]),
        LintCase(
            "IMPORT_USED",
            files: ["a.proto": importing("b.proto", body: "message A { b.B b = 1; }\n"), "b.proto": file("b")]),
        LintCase(
            "STABLE_PACKAGE_NO_IMPORT_UNSTABLE",
            files: ["a.proto": importing("b.proto"), "b.proto": file("b.v1p2alpha")],
            ["a.proto:3:1: import `b.proto` belongs to package `b.v1p2alpha`, which is less stable than `a.v1`"]),
        LintCase(
            "STABLE_PACKAGE_NO_IMPORT_UNSTABLE",
            files: ["a.proto": importing("b.proto", package: "a.v1beta1"), "b.proto": file("b.v1test")]),
        LintCase(
            "PACKAGE_NO_IMPORT_CYCLE",
            files: [
                "a1.proto": importing("b1.proto", package: "a"), "b1.proto": file("b"),
                "b2.proto": importing("c.proto", package: "b"), "c.proto": importing("a2.proto", package: "c"),
                "a2.proto": file("a").replacing("B", with: "C"),
            ],
            [
                "a1.proto:3:1: import `b1.proto` closes a circle of packages: a → b → c → a",
                "b2.proto:3:1: import `c.proto` closes a circle of packages: b → c → a → b",
                "c.proto:3:1: import `a2.proto` closes a circle of packages: c → a → b → c",
            ]),
        LintCase(
            "PACKAGE_NO_IMPORT_CYCLE",
            files: [
                "a1.proto": importing("a2.proto", package: "a"), "a2.proto": importing("b.proto", package: "a"),
                "b.proto": file("b"),
            ]),
    ]

    private static let packages: [LintCase] =
        [
            LintCase(
                "PACKAGE_DEFINED", files: ["a.proto": "syntax = \"proto3\";\n"],
                ["a.proto:1:1: the file should have a package"]),
            LintCase("PACKAGE_DEFINED", ""),
            LintCase(
                "PACKAGE_DIRECTORY_MATCH", files: ["a/v1/a.proto": file("a.v2"), "b.proto": file("b")],
                [
                    "a/v1/a.proto:2:1: files of package `a.v2` should be in `a/v2`, not in `a/v1`",
                    "b.proto:2:1: files of package `b` should be in `b`, not at the root",
                ]),
            LintCase("PACKAGE_DIRECTORY_MATCH", ""),
            LintCase(
                "DIRECTORY_SAME_PACKAGE",
                files: ["a/a.proto": file("a"), "a/b.proto": file("b"), "c.proto": file("c")],
                [
                    "a/b.proto:2:1: the files of a directory should have one package, but a/a.proto has `a` and this one `b`"
                ]),
            LintCase("DIRECTORY_SAME_PACKAGE", files: ["a/a.proto": file("a"), "b/b.proto": file("b")]),
            LintCase(
                "PACKAGE_SAME_DIRECTORY",
                files: ["a/a.proto": file("a"), "b/b.proto": "syntax = \"proto3\";\npackage a;\n"],
                ["b/b.proto:2:1: the files of package `a` should be in one directory, but one is a/a.proto"]),
            LintCase("PACKAGE_SAME_DIRECTORY", files: ["a/a.proto": file("a"), "b/b.proto": file("b")]),
            LintCase(
                "PACKAGE_LOWER_SNAKE_CASE", files: ["a.proto": file("userTypes.V1")],
                ["a.proto:2:1: package `userTypes.V1` should be `user_types.v1`"]),
            LintCase("PACKAGE_LOWER_SNAKE_CASE", files: ["a.proto": file("user_types.v1")]),
            LintCase(
                "PACKAGE_VERSION_SUFFIX",
                files: [
                    "a.proto": file("a"), "b.proto": file("b.v0"), "c.proto": file("c.v1beta0"), "d.proto": file("d.v"),
                ],
                [
                    "a.proto:2:1: package `a` should end in a version, such as `a.v1`",
                    "b.proto:2:1: package `b.v0` should end in a version, such as `b.v0.v1`",
                    "c.proto:2:1: package `c.v1beta0` should end in a version, such as `c.v1beta0.v1`",
                    "d.proto:2:1: package `d.v` should end in a version, such as `d.v.v1`",
                ]),
            LintCase(
                "PACKAGE_VERSION_SUFFIX",
                files: [
                    "a.proto": file("a.v1"), "b.proto": file("b.v12beta3"), "c.proto": file("c.v1p1alpha"),
                    "d.proto": file("d.v2test_x"),
                ]),
        ]
        + [
            ("CSHARP_NAMESPACE", "\"X\""), ("GO_PACKAGE", "\"X\""), ("JAVA_MULTIPLE_FILES", "true"),
            ("JAVA_PACKAGE", "\"X\""),
            ("PHP_NAMESPACE", "\"X\""), ("RUBY_PACKAGE", "\"X\""), ("SWIFT_PREFIX", "\"X\""),
        ].flatMap { suffix, value in
            let option = suffix.lowercased()
            let plain = "syntax = \"proto3\";\npackage a;\n"
            let set = "\(plain)option \(option) = \(value);\n"
            return [
                LintCase(
                    "PACKAGE_SAME_\(suffix)", files: ["a.proto": plain, "b.proto": set],
                    [
                        "b.proto:3:1: the files of package `a` should have one `\(option)`, but a.proto has none and this one "
                            + "`\(value.filter { $0 != "\"" })`"
                    ]),
                LintCase("PACKAGE_SAME_\(suffix)", files: ["a.proto": set, "b.proto": set]),
            ]
        }
}
