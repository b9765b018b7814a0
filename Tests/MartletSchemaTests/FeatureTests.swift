import MartletSchema
import Testing

/// What features say about fields and enums, in each syntax and through inheritance.
@Suite struct FeatureTests {
    private func file(_ text: String) throws -> SchemaFile {
        let result = compile(text)
        #expect(result.diagnostics.map(\.description) == [])
        return try #require(result.schema?.file("t.proto"))
    }

    private func rules(_ file: SchemaFile, message: Int32 = 0, _ field: Int32) -> FieldRules {
        file.fieldRules(at: [4, message, 2, field])
    }

    @Test func proto2() throws {
        let file = try file(
            """
            syntax = "proto2";
            message M {
              optional string a = 1;
              required int32 b = 2;
              repeated int32 c = 3;
              repeated int32 d = 4 [packed = true];
              optional group E = 5 {}
              extensions 10;
              extend M { optional bool f = 10; }
            }
            enum N { N_A = 1; }
            """)
        #expect(rules(file, 0).presence == .explicit && !rules(file, 0).validatesUTF8)
        #expect(rules(file, 1).presence == .required)
        #expect(rules(file, 2).presence == .repeated && !rules(file, 2).isPacked)
        #expect(rules(file, 3).isPacked)
        #expect(rules(file, 4).isDelimited && rules(file, 4).presence == .explicit)
        #expect(file.fieldRules(at: [4, 0, 6, 0]).presence == .explicit)
        #expect(file.features(at: [5, 0]).enumType == .closed)
        #expect(file.features(at: [4, 0]).jsonFormat == .legacyBestEffort)
    }

    @Test func proto3() throws {
        let file = try file(
            """
            syntax = "proto3";
            message M {
              string a = 1;
              optional int32 b = 2;
              repeated int32 c = 3;
              repeated int32 d = 4 [packed = false];
              M e = 5;
              oneof o { bool f = 6; }
              map<string, M> g = 7;
            }
            enum N { N_A = 0; }
            """)
        #expect(rules(file, 0).presence == .implicit && rules(file, 0).validatesUTF8)
        #expect(rules(file, 1).presence == .explicit)
        #expect(rules(file, 2).isPacked)
        #expect(!rules(file, 3).isPacked)
        #expect(rules(file, 4).presence == .explicit && !rules(file, 4).isDelimited)
        #expect(rules(file, 5).presence == .explicit)
        #expect(rules(file, 6).presence == .repeated && !rules(file, 6).isPacked)
        #expect(file.features(at: [5, 0]).enumType == .open)
        #expect(file.features(at: [4, 0]).jsonFormat == .allow)
    }

    @Test func edition2023() throws {
        let file = try file(
            """
            edition = "2023";
            message M {
              string a = 1;
              int32 b = 2 [features.field_presence = IMPLICIT];
              int32 c = 3 [features.field_presence = LEGACY_REQUIRED];
              repeated int32 d = 4;
              repeated int32 e = 5 [features.repeated_field_encoding = EXPANDED];
              M f = 6 [features.message_encoding = DELIMITED];
              string g = 7 [features = { utf8_validation: NONE }];
            }
            enum N { option features.enum_type = CLOSED; N_A = 1; }
            enum O { O_A = 0; }
            """)
        #expect(rules(file, 0).presence == .explicit && rules(file, 0).validatesUTF8)
        #expect(rules(file, 1).presence == .implicit)
        #expect(rules(file, 2).presence == .required)
        #expect(rules(file, 3).isPacked)
        #expect(!rules(file, 4).isPacked)
        #expect(rules(file, 5).isDelimited)
        #expect(!rules(file, 6).validatesUTF8)
        #expect(file.features(at: [5, 0]).enumType == .closed)
        #expect(file.features(at: [5, 1]).enumType == .open)
    }

    @Test func inheritance() throws {
        let file = try file(
            """
            edition = "2023";
            option features.field_presence = IMPLICIT;
            option features.message_encoding = DELIMITED;
            option features.json_format = LEGACY_BEST_EFFORT;
            option features.enum_type = CLOSED;
            message M {
              option features.json_format = ALLOW;
              int32 a = 1;
              int32 b = 2 [features.field_presence = EXPLICIT];
              M c = 3;
              M d = 4 [features.message_encoding = LENGTH_PREFIXED];
              map<int32, M> e = 5;
              oneof o { int32 f = 6; }
              message Inner {}
              enum Open { option features.enum_type = OPEN; OPEN_A = 0; }
              enum Closed { CLOSED_A = 1; }
              extensions 100;
            }
            extend M { int32 g = 100; }
            message N {}
            """)
        #expect(rules(file, 0).presence == .implicit)
        #expect(rules(file, 1).presence == .explicit)
        #expect(rules(file, 2).isDelimited && rules(file, 2).presence == .explicit)
        #expect(!rules(file, 3).isDelimited)
        #expect(!rules(file, 4).isDelimited && rules(file, 4).presence == .repeated)
        #expect(rules(file, 5).presence == .explicit)
        #expect(!file.fieldRules(at: [4, 0, 3, 0, 2, 1]).isDelimited)
        #expect(file.features(at: [4, 0, 3, 1]).jsonFormat == .allow)
        #expect(file.features(at: [4, 0, 4, 0]).enumType == .open)
        #expect(file.features(at: [4, 0, 4, 1]).enumType == .closed)
        #expect(file.fieldRules(at: [7, 0]).presence == .explicit)
        #expect(file.features(at: [4, 1]).jsonFormat == .legacyBestEffort)
    }

    @Test func descriptorsOfOthersHaveThemToo() throws {
        let original = try file(
            "edition = \"2023\"; enum E { option features.enum_type = CLOSED; A = 1; } message M {}")
        let schema = try Schema(linked: [original.descriptor], roots: ["t.proto"])
        #expect(schema.file("t.proto")?.isRoot == true)
        #expect(schema.isClosed(try #require(schema.enumeration("E"))))
        #expect(schema.message(".M")?.file == "t.proto")
    }
}
