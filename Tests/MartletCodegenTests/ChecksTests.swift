import MartletCodegen
import MartletSchema
import Testing

/// What stops generation, and how it is told.
@Suite struct ChecksTests {
    @Test func messagesOfTwoPackages() throws {
        let files = [
            "users/user.proto": "syntax = \"proto3\";\npackage users;\n\nmessage User {}\n",
            "admin/user.proto": "syntax = \"proto3\";\npackage admin;\nmessage User {}\n",
        ]
        #expect(
            try problems(files) == [
                "users/user.proto:4:1: message \"users.User\" and message \"admin.User\" (admin/user.proto:3:1) would "
                    + "both be \"User\" in Swift: rename one, or set `option swift_prefix` in one of the files"
            ])
    }

    @Test(arguments: [
        (
            "message A { int32 url = 1;\nint32 URL = 2; }",
            "a.proto:4:1: field \"URL\" and field \"url\" (a.proto:3:13) would both be \"url\" in Swift: rename one"
        ),
        (
            "enum E { SELF = 0;\nSELF_VALUE = 1; }",
            "a.proto:4:1: enum value \"SELF_VALUE\" and enum value \"SELF\" (a.proto:3:10) would both be "
                + "\"selfValue\" in Swift: rename one"
        ),
        (
            "message A { int32 a_b = 1;\noneof aB { int32 c = 2; } }",
            "a.proto:4:1: oneof \"aB\" and field \"a_b\" (a.proto:3:13) would both be \"aB\" in Swift: rename one"
        ),
        (
            "message A { oneof o { int32 url = 1;\nint32 URL = 2; } }",
            "a.proto:4:1: field \"URL\" and field \"url\" (a.proto:3:23) would both be \"url\" in Swift: rename one"
        ),
        (
            "message A {}\nservice S { rpc Get(A) returns (A);\nrpc get(A) returns (A); }",
            "a.proto:5:1: method \"get\" and method \"Get\" (a.proto:4:13) would both be \"get\" in Swift: rename one"
        ),
        (
            "message SClient {}\nservice S {}",
            "a.proto:4:1: service \"a.S\" and message \"a.SClient\" (a.proto:3:1) would both be \"SClient\" in Swift: "
                + "rename one, or set `option swift_prefix` in one of the files"
        ),
        (
            "message A { message b {}\nmessage B {} }",
            "a.proto:4:1: message \"a.A.B\" and message \"a.A.b\" (a.proto:3:13) would both be \"B\" in Swift: rename one"
        ),
    ])
    func collision(body: String, expected: String) throws {
        #expect(try problems(proto3(body)) == [expected])
    }

    @Test func sameNumberAndSameNameIsNoCollision() throws {
        #expect(try problems(proto3("enum E { option allow_alias = true; E_ZERO = 0; ZERO = 0; }")) == [])
    }

    @Test func typeThatIsHidden() throws {
        let body = "message User {}\nmessage Outer { message User {}\n.a.User outer = 1; }"
        #expect(
            try problems(proto3(body)) == [
                "a.proto:5:1: in Swift, \"User\" means a nested type here and not what holds \"a.User\": rename the "
                    + "nested type, or set `option swift_prefix`"
            ])
    }

    @Test(arguments: [
        ("rpc Watch(A) returns (stream A);", "Watch"), ("rpc Send(stream A) returns (A);", "Send"),
    ])
    func streaming(method: String, name: String) throws {
        #expect(
            try problems(proto3("message A {}\nservice S { \(method) }")) == [
                "a.proto:4:13: streaming methods are generated in a later version: `a.S/\(name)`"
            ])
    }

    @Test func group() throws {
        #expect(
            try problems(["a.proto": "syntax = \"proto2\";\nmessage A { optional group B = 1 {} }"]) == [
                "a.proto:2:13: groups are generated in a later version: `A.b`; use a nested message and a field"
            ])
    }

    @Test func requiredRecursion() throws {
        #expect(
            try problems(["a.proto": "syntax = \"proto2\";\nmessage A { required A a = 1; }"]) == [
                "a.proto:2:13: the required field \"a\" leads back to its own message, so that no such message could "
                    + "ever be complete; make it optional"
            ])
    }

    @Test func twoFilesOfOneName() throws {
        let files = ["a/b.proto": "syntax = \"proto3\";", "a.b.proto": "syntax = \"proto3\";"]
        #expect(
            try problems(files) == [
                "a/b.proto:1:1: would be written to a.b.martlet.swift, as a.b.proto would: rename one"
            ])
    }
}

@Suite struct ModulesTests {
    private let files = [
        "billing/money.proto": "syntax = \"proto3\";\npackage billing;\nmessage Money {}",
        "shop.proto": """
        syntax = "proto3";
        import "billing/money.proto";
        import "google/protobuf/timestamp.proto";
        message Price { billing.Money money = 1; google.protobuf.Timestamp at = 2; }
        """,
    ]

    private func text(_ options: GeneratorOptions) throws -> [String] {
        try generate(files, options: options).get().map(\.text)
    }

    @Test func otherModule() throws {
        var options = GeneratorOptions()
        options.modules = [ModuleMapping(pathPrefix: "billing/", module: "Billing")]
        let texts = try text(options)
        #expect(
            texts[0] == """
                // Generated by martlet from billing/money.proto. Do not edit.
                // Its types are in the module Billing.

                """)
        #expect(texts[1].contains("\npublic import Billing\npublic import Martlet\n"))
        #expect(texts[1].contains("public var money: Billing.Money?\n"))
        #expect(texts[1].contains("public var at: Martlet.GoogleProtobuf.Timestamp?\n"))
    }

    @Test func ownModule() throws {
        var options = GeneratorOptions()
        options.modules = [ModuleMapping(pathPrefix: "billing/", module: "Billing")]
        options.moduleName = "Billing"
        let texts = try text(options)
        #expect(texts[0].contains("public nonisolated struct Money: Martlet.GeneratedMessage {"))
        #expect(texts[1].contains("\npublic import Martlet\n") && !texts[1].contains("import Billing"))
        #expect(texts[1].contains("public var money: Money?\n"))
    }

    @Test(arguments: [
        ("a/=B", ModuleMapping(pathPrefix: "a/", module: "B")), ("a/", nil), ("=B", nil), ("a/=", nil), ("a=b=c", nil),
    ])
    func argument(text: String, expected: ModuleMapping?) {
        #expect(ModuleMapping(argument: text) == expected)
    }

    @Test(arguments: AccessLevel.allCases)
    func access(level: AccessLevel) throws {
        var options = GeneratorOptions()
        options.access = level
        let text = try text(options)[1]
        #expect(text.contains("\n\(level) import Martlet\n"))
        #expect(
            text.contains(level == .internal ? "\nnonisolated struct Price" : "\n\(level) nonisolated struct Price"))
    }
}
