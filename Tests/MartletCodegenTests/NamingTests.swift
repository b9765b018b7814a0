import Testing

@testable import MartletCodegen

@Suite struct NamingTests {
    @Test(arguments: [
        ("id", "id"), ("user_id", "userId"), ("display_name", "displayName"), ("createdAt", "createdAt"),
        ("URL", "url"), ("GetUser", "getUser"), ("HTTPServer", "httpServer"), ("IPv4_address", "iPv4Address"),
        ("field_1", "field1"), ("a_1_2", "a12"), ("_leading", "leading"), ("trailing_", "trailing"),
        ("double__score", "doubleScore"), ("_1", "_1"), ("x", "x"), ("X", "x"), ("AB", "ab"), ("_", "_"),
    ])
    func lowerCamel(name: String, expected: String) {
        #expect(Naming.lowerCamel(name) == expected)
    }

    @Test(arguments: [
        ("STATE_ACTIVE", "State", "active"), ("STATE_IN_PROGRESS", "State", "inProgress"),
        ("STATE", "State", "state"), ("STATE_", "State", "state"), ("STATEFUL", "State", "stateful"),
        ("ACTIVE", "State", "active"), ("EDITION_2023", "Edition", "edition2023"),
        ("EDITION_1_TEST_ONLY", "Edition", "edition1TestOnly"), ("JS_NORMAL", "JSType", "jsNormal"),
        ("JS_TYPE_NORMAL", "JSType", "normal"), ("JSTYPE_NORMAL", "JSType", "normal"),
        ("FIELD_PRESENCE_UNKNOWN", "FieldPresence", "unknown"), ("Foo_Bar", "Other", "fooBar"),
        ("fooBar", "Other", "fooBar"), ("OTHER_SELF", "Other", "selfValue"), ("OTHER_INIT", "Other", "initValue"),
        ("ALL_CASES", "Other", "allCasesValue"), ("RAW_VALUE", "Other", "rawValueValue"),
        ("UNRECOGNIZED", "Other", "unrecognizedValue"), ("OTHER_DEFAULT", "Other", "default"),
    ])
    func caseName(name: String, enumName: String, expected: String) {
        #expect(Naming.caseName(name, inEnum: enumName) == expected)
    }

    @Test(arguments: [
        ("User", "User"), ("user", "User"), ("Foo_Bar", "Foo_Bar"), ("Any", "AnyMessage"), ("Type", "TypeMessage"),
        ("type", "TypeMessage"), ("Self", "SelfMessage"), ("Protocol", "ProtocolMessage"), ("Swift", "SwiftMessage"),
        ("Martlet", "MartletMessage"), ("String", "String"),
    ])
    func typeName(name: String, expected: String) {
        #expect(Naming.typeName(name, suffix: "Message") == expected)
    }

    @Test(arguments: [
        ("self", "selfField"), ("init", "initField"), ("hash_value", "hashValueField"),
        ("unknown_fields", "unknownFieldsField"), ("file_tables", "fileTablesField"),
        ("json_string", "jsonStringField"), ("serialized", "serializedField"), ("description", "description"),
        ("default", "default"),
    ])
    func propertyName(name: String, expected: String) {
        #expect(Naming.propertyName(name, suffix: "Field") == expected)
    }

    @Test(arguments: [("table", "tableExtension"), ("write", "writeExtension"), ("a_b", "aB")])
    func extensionName(name: String, expected: String) {
        #expect(Naming.extensionName(name) == expected)
    }

    @Test(arguments: [
        ("users.v1", "UsersV1"), ("my_app.users", "MyAppUsers"), ("a", "A"), ("any", "AnyNamespace"),
        ("martlet", "MartletNamespace"), ("Acme.API.v2", "AcmeAPIV2"),
    ])
    func namespaceName(package: String, expected: String) {
        #expect(Naming.namespaceName(package) == expected)
    }

    @Test(arguments: [
        ("users/v1/user-service.proto", "UsersV1UserServiceProto"), ("a.proto", "AProto"), ("1.proto", "_1Proto"),
        ("a/b_c.txt", "ABCTxtProto"), ("ü.proto", "Proto"), ("-", "_Proto"),
    ])
    func fileName(path: String, expected: String) {
        #expect(Naming.fileName(path) == expected)
    }

    @Test(arguments: [("default", "`default`"), ("await", "`await`"), ("id", "id"), ("package", "`package`")])
    func escaped(name: String, expected: String) {
        #expect(Naming.escaped(name) == expected)
    }

    @Test(arguments: [
        ("users/v1/user_service.proto", "users.v1.user_service.martlet.swift"), ("a.proto", "a.martlet.swift"),
        ("odd.name/b.c.proto", "odd.name.b.c.martlet.swift"),
    ])
    func outputName(importName: String, expected: String) {
        #expect(Generator.outputName(for: importName) == expected)
    }

    @Test(arguments: [
        ("a/b.proto", "a/b.proto"), ("a\"b", "a\\\"b"), ("\\(x)", "\\\\(x)"), ("a\nb", "a\\u{a}b"), ("ü", "ü"),
    ])
    func quoted(text: String, expected: String) {
        #expect(Style.escaped(text) == expected)
    }

    @Test(arguments: [
        (0, "0"), (-1, "-1"), (999_999, "999999"), (1_000_000, "1_000_000"), (-12_345_678, "-12_345_678"),
        (536_870_911, "536_870_911"), (Int32.max, "2_147_483_647"), (Int32.min, "-2_147_483_648"),
    ])
    func literal(number: Int32, expected: String) {
        #expect(Style.literal(number) == expected)
    }
}
