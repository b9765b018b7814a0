import MartletDescriptors
import MartletMessages
import Testing

@testable import MartletSchema

/// What the text becomes, where protoc isn't there to compare with.
@Suite struct DescriptorTests {
    private func file(_ text: String) throws -> GoogleProtobuf.FileDescriptorProto {
        let result = compile(text)
        #expect(result.diagnostics.isEmpty)
        return try #require(result.schema?.file("t.proto")).descriptor
    }

    @Test(arguments: [
        ("id", "id"), ("created_at", "createdAt"), ("_a__b_1_c", "AB1C"), ("fooBAR_baz", "fooBARBaz"), ("x_", "x"),
    ])
    func computesJSONNames(_ field: String, _ expected: String) throws {
        let message = try file("syntax = \"proto3\"; message M { int32 \(field) = 1; }").messageType[0]
        #expect(message.field[0].jsonName == expected)
    }

    @Test func resolvesNamesFromTheInnermostScopeOut() throws {
        let file = try file(
            """
            syntax = "proto3";
            package a.b;
            message M {
              message N { M up = 1; N me = 2; E e = 3; }
              enum E { Z = 0; }
              N n = 1;
              b.M m = 2;
              .a.b.F f = 3;
              M.E e = 4;
            }
            message F {}
            service S { rpc Get(M.N) returns (stream F); rpc Put(stream M) returns (b.F) {} }
            """)
        let message = file.messageType[0]
        #expect(message.nestedType[0].field.map(\.typeName) == [".a.b.M", ".a.b.M.N", ".a.b.M.E"])
        #expect(message.nestedType[0].field.map(\.type) == [.message, .message, .enum])
        #expect(message.field.map(\.typeName) == [".a.b.M.N", ".a.b.M", ".a.b.F", ".a.b.M.E"])
        let methods = file.service[0].method
        #expect(methods.map(\.inputType) == [".a.b.M.N", ".a.b.M"])
        #expect(methods.map(\.outputType) == [".a.b.F", ".a.b.F"])
        #expect(methods.map(\.clientStreaming) == [nil, true])
        #expect(methods.map(\.serverStreaming) == [true, nil])
        #expect(methods.map(\.options) == [nil, .init()])
    }

    @Test func makesEntriesForMaps() throws {
        let message = try file(
            "syntax = \"proto3\"; message M { map<string, M> by_long_name = 1; }"
        ).messageType[0]
        #expect(message.field[0].label == .repeated)
        #expect(message.field[0].typeName == ".M.ByLongNameEntry")
        let entry = try #require(message.nestedType.first)
        #expect(entry.options?.mapEntry == true)
        #expect(entry.field.map(\.name) == ["key", "value"])
        #expect(entry.field.map(\.type) == [.string, .message])
        #expect(entry.field[1].typeName == ".M")
    }

    @Test func givesOptionalFieldsOneofsAfterTheWrittenOnes() throws {
        let message = try file(
            """
            syntax = "proto3";
            message M {
              optional int32 a = 1;
              oneof o { int32 b = 2; }
              optional int32 _c = 3;
              optional int32 o_ = 4;
              optional int32 d = 5;
              int32 X_d = 6;
              int32 _d = 7;
            }
            """
        ).messageType[0]
        #expect(message.oneofDecl.map(\.name) == ["o", "_a", "X_c", "_o_", "XX_d"])
        #expect(message.field.map(\.oneofIndex) == [1, 0, 2, 3, 4, nil, nil])
        #expect(message.field.map(\.proto3Optional) == [true, nil, true, true, true, nil, nil])
    }

    @Test(arguments: [
        ("int32 f = 1 [default = -0x10]", "-16"),
        ("int64 f = 1 [default = -9223372036854775808]", "-9223372036854775808"),
        ("uint64 f = 1 [default = 0xffffffffffffffff]", "18446744073709551615"), ("int32 f = 1 [default = -0]", "0"),
        ("float f = 1 [default = 0.1]", "0.1"), ("float f = 1 [default = 3.4028235e38]", "3.40282347e+38"),
        ("double f = 1 [default = 1e10]", "10000000000"), ("double f = 1 [default = 0.1]", "0.1"),
        ("double f = 1 [default = -inf]", "-inf"), ("float f = 1 [default = nan]", "nan"),
        ("double f = 1 [default = 123456789.123456789]", "123456789.12345679"), ("bool f = 1 [default = true]", "true"),
        (#"string f = 1 [default = "a" 'b\n\u00e9']"#, "ab\né"),
        (#"bytes f = 1 [default = "\xff\0'"]"#, #"\377\000\'"#),
        ("E f = 1 [default = B]", "B"),
    ])
    func writesDefaultsAsProtocDoes(_ field: String, _ expected: String) throws {
        let file = try file("syntax = \"proto2\"; enum E { A = 1; B = 2; } message M { optional \(field); }")
        #expect(file.messageType[0].field[0].defaultValue == expected)
    }

    @Test func keepsRanges() throws {
        let file = try file(
            """
            syntax = "proto2";
            message M {
              reserved 2, 10 to 20, 1000 to max;
              reserved "x", 'y' "z";
              extensions 100 to 199, 300;
            }
            enum E { A = 1; reserved -3 to -1, 5, 10 to max; reserved "B"; }
            """)
        let message = file.messageType[0]
        #expect(message.reservedRange.map(\.start) == [2, 10, 1000])
        #expect(message.reservedRange.map(\.end) == [3, 21, 536_870_912])
        #expect(message.reservedName == ["x", "yz"])
        #expect(message.extensionRange.map(\.start) == [100, 300])
        #expect(message.extensionRange.map(\.end) == [200, 301])
        #expect(file.enumType[0].reservedRange.map(\.start) == [-3, 5, 10])
        #expect(file.enumType[0].reservedRange.map(\.end) == [-1, 5, .max])
    }

    @Test func interpretsBuiltInOptions() throws {
        let file = try file(
            """
            syntax = "proto3";
            option java_package = "com." "example";
            option optimize_for = CODE_SIZE;
            option swift_prefix = "Pre";
            message M {
              option deprecated = true;
              repeated int32 n = 1 [packed = false, deprecated = true, json_name = "N"];
            }
            enum E { option allow_alias = true; A = 0; B = 0 [deprecated = true]; }
            service S {
              option deprecated = true;
              rpc Get(M) returns (M) { option idempotency_level = NO_SIDE_EFFECTS; }
            }
            """)
        #expect(file.options?.javaPackage == "com.example")
        #expect(file.options?.optimizeFor == .codeSize)
        #expect(file.options?.swiftPrefix == "Pre")
        #expect(file.messageType[0].options?.deprecated == true)
        #expect(file.messageType[0].field[0].options?.packed == false)
        #expect(file.messageType[0].field[0].options?.deprecated == true)
        #expect(file.messageType[0].field[0].jsonName == "N")
        #expect(file.enumType[0].options?.allowAlias == true)
        #expect(file.enumType[0].value[1].options?.deprecated == true)
        #expect(file.service[0].options?.deprecated == true)
        #expect(file.service[0].method[0].options?.idempotencyLevel == .noSideEffects)
        #expect(file.options?.uninterpretedOption == [])
    }

    @Test func readsGroupsAndExtensions() throws {
        let file = try file(
            """
            syntax = "proto2";
            package p;
            message M {
              optional group Result = 1 { required string url = 2; }
              extensions 100 to max;
              extend M { optional int32 inside = 100; }
            }
            extend M { repeated M outside = 101; optional group More = 102 { optional int32 n = 1; } }
            """)
        let message = file.messageType[0]
        #expect(message.field[0].name == "result")
        #expect(message.field[0].type == .group)
        #expect(message.field[0].typeName == ".p.M.Result")
        #expect(message.nestedType.map(\.name) == ["Result"])
        #expect(message.extension.map(\.extendee) == [".p.M"])
        #expect(file.extension.map(\.name) == ["outside", "more"])
        #expect(file.extension.map(\.typeName) == [".p.M", ".p.More"])
        #expect(file.messageType.map(\.name) == ["M", "More"])
    }

    @Test func takesKeywordsForNames() throws {
        let file = try file(
            """
            syntax = "proto3";
            message message { int32 message = 1; map map = 2; stream stream = 3; string returns = 4; }
            message map { oneof oneof { int32 option_ = 1; string reserved_ = 2; } }
            message stream { string string = 1; string package = 2; string syntax = 3; string import = 4; }
            service service { rpc rpc(message) returns (.map); rpc stream(stream .stream) returns (map); }
            """)
        #expect(file.messageType[0].field.map(\.name) == ["message", "map", "stream", "returns"])
        #expect(file.service[0].method[1].inputType == ".stream")
    }

    @Test func offersTypesByName() throws {
        let schema = try #require(
            compile(
                "syntax = \"proto3\"; package p; message M { message N { enum E { Z = 0; } } }"
            ).schema)
        #expect(schema.message(".p.M.N")?.path == [4, 0, 3, 0])
        #expect(schema.message("p.M.N")?.file == "t.proto")
        #expect(schema.message("p.X") == nil)
        #expect(schema.enumeration(".p.M.N.E")?.path == [4, 0, 3, 0, 4, 0])
        #expect(schema.files.map(\.isRoot) == [true])
    }
}
