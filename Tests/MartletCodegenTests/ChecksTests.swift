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
            "message SBlockingClient {}\nservice S { rpc Get(SBlockingClient) returns (SBlockingClient); }",
            "a.proto:4:1: service \"a.S\" and message \"a.SBlockingClient\" (a.proto:3:1) would both be "
                + "\"SBlockingClient\" in Swift: rename one, or set `option swift_prefix` in one of the files"
        ),
        (
            "message A { message b {}\nmessage B {} }",
            "a.proto:4:1: message \"a.A.B\" and message \"a.A.b\" (a.proto:3:13) would both be \"B\" in Swift: rename one"
        ),
    ])
    func collision(body: String, expected: String) throws {
        #expect(try problems(proto3(body)) == [expected])
    }

    @Test(arguments: [
        (
            "message A { optional int32 n = 1 [default = 1];\noptional int32 n_or_default = 2; }",
            "a.proto:3:1: field \"n_or_default\" and the default of field \"n\" (a.proto:2:13) would both be "
                + "\"nOrDefault\" in Swift: rename one"
        ),
        (
            "message A { oneof o { int32 n = 1 [default = 1]; }\noptional int32 n_or_default = 2; }",
            "a.proto:3:1: field \"n_or_default\" and the default of field \"n\" (a.proto:2:23) would both be "
                + "\"nOrDefault\" in Swift: rename one"
        ),
        (
            "message A { extensions 1 to 9; }\nextend A { optional int32 a_b = 1;\noptional int32 aB = 2; }",
            "a.proto:4:1: extension \"aB\" and extension \"a_b\" (a.proto:3:12) would both be \"aB\" in Swift: rename one"
        ),
        (
            "message A { extensions 1 to 9;\nextend A { optional int32 a_b = 1;\noptional int32 aB = 2; } }",
            "a.proto:4:1: extension \"A.aB\" and extension \"A.a_b\" (a.proto:3:12) would both be \"aB\" in Swift: "
                + "rename one"
        ),
    ])
    func collisionInProto2(body: String, expected: String) throws {
        #expect(try problems(["a.proto": "syntax = \"proto2\";\n\(body)"]) == [expected])
    }

    @Test func extensionsOfTwoMessagesMayShareAName() throws {
        let body = "message A { extensions 1; }\nmessage B { extensions 1; }\nextend A { optional int32 a_b = 1; }\n"
        let files = ["a.proto": "syntax = \"proto2\";\n\(body)extend B { optional int32 aB = 1; }"]
        #expect(try problems(files) == [])
    }

    @Test(arguments: [
        (
            "message A { bool has_b = 1;\nA b = 2; }",
            "a.proto:4:1: the presence of field \"b\" and field \"has_b\" (a.proto:3:13) would both be \"hasB\" in Swift: "
                + "rename one, or make no view of the message"
        ),
        (
            "message A { string b = 1;\nint32 with_b_bytes = 2; }",
            "a.proto:4:1: field \"with_b_bytes\" and the bytes of field \"b\" (a.proto:3:13) would both be \"withBBytes\" in "
                + "Swift: rename one, or make no view of the message"
        ),
        (
            "message A { oneof a_b { int32 ab = 1;\nint32 A_B = 2; } }",
            "a.proto:4:1: field \"A_B\" and oneof \"a_b\" (a.proto:3:13) would both be \"aB\" in Swift: rename one, or make "
                + "no view of the message"
        ),
        (
            "message A {\nmessage View {} }",
            "a.proto:3:1: the view of message \"a.A\" and message \"a.A.View\" (a.proto:4:1) would both be \"View\" in "
                + "Swift: rename one"
        ),
    ])
    func collisionInView(body: String, expected: String) throws {
        #expect(try problems(proto3(body)) == [])
        var options = GeneratorOptions()
        options.views = true
        #expect(try problems(proto3(body), options: options) == [expected])
    }

    @Test func viewOfAnotherModulesMessage() throws {
        let body = """
            import "google/protobuf/empty.proto"; import "martlet/options.proto"; message A {}
            service S { rpc Get(google.protobuf.Empty) returns (A) { option (martlet.request_view) = true; } }
            """
        #expect(
            try problems(proto3(body)) == [
                "a.proto:4:13: `a.S/Get` asks for a view of its request, but `google.protobuf.Empty` is not generated "
                    + "here, where it would get one: generate its file too, or take the option `martlet.request_view` "
                    + "away"
            ])
    }

    @Test func namespaces() throws {
        var options = GeneratorOptions()
        options.namespaces = [NamespaceMapping(name: .package)]
        let files = [
            "a.proto": "syntax = \"proto3\";\npackage a.b;\nmessage User {}",
            "b.proto": "syntax = \"proto3\";\npackage a_b;\nmessage User {}",
            "c.proto": "syntax = \"proto3\";\npackage c;\nmessage User {}",
            "d.proto": "syntax = \"proto3\";\nmessage C {}",
        ]
        #expect(
            try problems(files, options: options) == [
                "b.proto:3:1: message \"a_b.User\" and message \"a.b.User\" (a.proto:3:1) would both be \"User\" in Swift: "
                    + "rename one, or set `option swift_prefix` in one of the files",
                "c.proto:1:1: the namespace of package \"c\" and message \"C\" (d.proto:2:1) would both be \"C\" in Swift: "
                    + "rename one, or set `option swift_prefix` in one of the files",
            ])
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

    @Test(arguments: ["(A) returns (stream A)", "(stream A) returns (A)", "(stream A) returns (stream A)"])
    func synchronousStream(types: String) throws {
        let body = """
            import "martlet/options.proto"; message A {}
            service S { rpc Go\(types) { option (martlet.synchronous) = true; } rpc Wait\(types); }
            """
        var options = GeneratorOptions()
        options.synchronous = true
        #expect(
            try problems(proto3(body), options: options) == [
                "a.proto:4:13: `a.S/Go` streams, and what streams waits for its other end: take the option "
                    + "`martlet.synchronous` away"
            ])
    }

    @Test(arguments: ["(stream A) returns (A)", "(stream A) returns (stream A)"])
    func viewOfAStreamOfRequests(types: String) throws {
        let body = """
            import "martlet/options.proto"; message A {}
            service S { rpc Go\(types) { option (martlet.request_view) = true; } }
            """
        #expect(
            try problems(proto3(body)) == [
                "a.proto:4:13: `a.S/Go` takes a stream of requests, of which there are no views: take the option "
                    + "`martlet.request_view` away"
            ])
    }

    @Test func requiredRecursion() throws {
        #expect(
            try problems(["a.proto": "syntax = \"proto2\";\nmessage A { required A a = 1; }"]) == [
                "a.proto:2:13: the required field \"a\" leads back to its own message, so that no such message could "
                    + "ever be complete; make it optional"
            ])
    }

    @Test(arguments: ["1A", "A B", "A.B", "Ä"])
    func prefix(prefix: String) throws {
        #expect(
            try problems(proto3("option swift_prefix = \"\(prefix)\";")) == [
                "a.proto:3:1: swift_prefix \"\(prefix)\" can't start a name in Swift: use letters, digits and \"_\""
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

    @Test(arguments: [
        ("package", NamespaceMapping(name: .package)), ("none", NamespaceMapping(name: .none)),
        ("Users", NamespaceMapping(name: .fixed("Users"))),
        ("users/v1/=package", NamespaceMapping(pathPrefix: "users/v1/", name: .package)),
        ("users", nil), ("Any", nil), ("a/=", nil), ("a/=b/=C", nil), ("A.B", nil), ("", nil),
    ])
    func namespaceArgument(text: String, expected: NamespaceMapping?) {
        #expect(NamespaceMapping(argument: text) == expected)
    }

    @Test func namespaceOfAnotherModule() throws {
        var options = GeneratorOptions()
        options.modules = [ModuleMapping(pathPrefix: "billing/", module: "Billing")]
        options.namespaces = [
            NamespaceMapping(pathPrefix: "billing/", name: .none), NamespaceMapping(name: .fixed("Shop")),
            NamespaceMapping(pathPrefix: "billing/", name: .package),
        ]
        let texts = try text(options)
        #expect(texts[1].contains("public nonisolated enum Shop {}\n\nnonisolated extension Shop {\n"))
        #expect(texts[1].contains("    public var money: Billing.Billing.Money?\n"))
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
