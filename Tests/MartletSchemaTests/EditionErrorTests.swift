import Testing

/// Features and options that editions refuse, with everything that is said about them.
@Suite struct EditionErrorTests {
    static let cases: [DiagnosticCase] = [
        DiagnosticCase(
            """
            edition = "2023";
            option features.field_presence = LEGACY_REQUIRED;
            option java_string_check_utf8 = true;
            enum Closed { option features.enum_type = CLOSED; CLOSED_A = 1; }
            enum Open { OPEN_A = 1; }
            message M {
              option features.enum_type = OPEN;
              int32 a = 1 [features.field_presence = IMPLICIT, default = 1];
              Closed b = 2 [features.field_presence = IMPLICIT];
              M c = 3 [features.field_presence = IMPLICIT];
              repeated int32 d = 4 [features.field_presence = EXPLICIT];
              oneof o { int32 e = 5 [features.field_presence = EXPLICIT]; }
              int32 f = 6 [features.repeated_field_encoding = PACKED];
              repeated string g = 7 [features.repeated_field_encoding = PACKED];
              int32 h = 8 [features.utf8_validation = NONE];
              int32 i = 9 [features.message_encoding = DELIMITED];
              map<int32, M> j = 10 [features.message_encoding = DELIMITED];
              repeated int32 k = 11 [packed = true];
              int32 l = 12 [features.enforce_naming_style = STYLE2024];
              int32 m = 13 [features.field_presence = FIELD_PRESENCE_UNKNOWN];
              map<string, int32> n = 14 [features.utf8_validation = NONE];
              map<int32, int32> p = 15 [features.utf8_validation = NONE];
              extensions 100 to 200;
            }
            extend M {
              int32 q = 100 [features.field_presence = LEGACY_REQUIRED];
              int32 r = 101 [features.field_presence = EXPLICIT];
            }
            """,
            [
                "t.proto:2:1: not every field of a file can be required; choose it field by field",
                "t.proto:3:1: editions have no `java_string_check_utf8`; remove it",
                "t.proto:5:22: the first value of an open enum is 0; put one such as `OPEN_UNSPECIFIED = 0;` first",
                "t.proto:7:3: `enum_type` can't be set on a message; it is for an enum, a file",
                "t.proto:8:62: a field with implicit presence has no default; remove it",
                "t.proto:9:3: `Closed` is a closed enum, which a field with implicit presence can't use; "
                    + "remove `features.field_presence = IMPLICIT` or open the enum",
                "t.proto:10:12: a message can't have implicit presence; remove it",
                "t.proto:11:25: repeated fields have no `field_presence`; remove it",
                "t.proto:12:26: the fields of a oneof have no `field_presence`; remove it",
                "t.proto:13:16: only repeated fields have a `repeated_field_encoding`; remove it",
                "t.proto:14:26: only repeated numbers, bools and enums can be PACKED; remove it",
                "t.proto:15:16: only strings have a `utf8_validation`; remove it",
                "t.proto:16:16: only message fields have a `message_encoding`; remove it",
                "t.proto:17:25: only message fields have a `message_encoding`; remove it",
                "t.proto:18:26: editions have no `packed`; write `features.repeated_field_encoding` = PACKED or EXPANDED",
                "t.proto:19:17: `enforce_naming_style` exists since edition 2024; remove it",
                "t.proto:20:17: `field_presence` has to be a known value, not FIELD_PRESENCE_UNKNOWN",
                "t.proto:22:29: only strings have a `utf8_validation`; remove it",
                "t.proto:26:18: an extension can't be required; remove the `field_presence`",
                "t.proto:27:18: extensions have no `field_presence`; remove it",
            ]
        ),
        DiagnosticCase(
            """
            syntax = "proto3";
            message M { int32 a = 1 [features.field_presence = EXPLICIT]; }
            """,
            ["t.proto:2:26: features belong to editions; start the file with `edition = \"2023\";`"]
        ),
        DiagnosticCase(
            """
            edition = "2023";
            import "google/protobuf/descriptor.proto";
            extend google.protobuf.MessageOptions {
              int32 on_messages = 50000 [targets = TARGET_TYPE_MESSAGE];
              int32 on_fields = 50001 [targets = TARGET_TYPE_FIELD, targets = TARGET_TYPE_FILE];
              Part part = 50002;
            }
            message Part { int32 anywhere = 1; int32 on_files = 2 [targets = TARGET_TYPE_FILE]; }
            message M {
              option (on_messages) = 1;
              option (on_fields) = 1;
              option (part).anywhere = 1;
              option (part).on_files = 1;
            }
            message N { option (part) = { anywhere: 1 on_files: 2 }; }
            """,
            [
                "t.proto:11:3: `on_fields` can't be set on a message; it is for a field, a file",
                "t.proto:13:3: `on_files` can't be set on a message; it is for a file",
                "t.proto:15:13: option `(part)` has a field that is not allowed: `on_files` can't be set on a message; "
                    + "it is for a file",
            ]
        ),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ example: DiagnosticCase) {
        #expect(diagnostics(example.text) == example.expected)
    }
}
