// swift-format-ignore-file

import Foundation

/// Small files, one a line, that protoc takes or refuses; Martlet has to do the same.
enum VerdictCases: CaseIterable {
    case proto2
    case proto3
    /// Compared with a protoc that knows editions.
    case edition2023
    /// Files that say their syntax, or not, themselves.
    case whole

    /// What comes before each of `files`.
    var head: String {
        switch self {
        case .proto2: "syntax = \"proto2\";\n"
        case .proto3: "syntax = \"proto3\";\n"
        case .edition2023: "edition = \"2023\";\n"
        case .whole: ""
        }
    }

    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Verdicts")

    /// One file of `Verdicts` holds those of a case.
    var files: [String] {
        let text = try! String(contentsOf: Self.directory.appending(path: "\(self).txt"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// Where the two don't agree, by file, and why.
    static let differences: [String: Difference] = [
        #"message A { reserved 5 to 1; }"#: .newerRefuses,
        #"message M { reserved 2147483647; }"#: .newerRefuses,
        #"message M { reserved 1 to 2147483647; }"#: .newerRefuses,
        #"message A { extensions 10 [verification = UNVERIFIED]; }"#: .newerTakes,
        #"message A { optional double a = 1 [default = 99999999999999999999999999]; }"#: .newerTakes,
        #"message M { optional string s = 1 [default = "\X41"]; }"#: .newerTakes,
        #"message A { optional string a = 1 [default = "\xff"]; }"#: .onlyUTF8,
        #"option java_package = "\xff";"#: .onlyUTF8,
        #"message A { string a = 1 [json_name = "\ud800"]; }"#: .onlyUTF8,
        #"message A { string a = 1 [json_name = "\U00110000"]; }"#: .onlyUTF8,
        #"message A { optional int32 a = 1 [json_name = "a\0b"]; }"#: .newerRefuses,
        #"message A { string a = 1 [json_name = "\400"]; }"#: .newerRefuses,
        #"message A { optional int32 a = 1 [json_name = "[a]"]; }"#: .newerRefuses,
        #"message A { optional int32 a = 1 [json_name = "x"]; optional int32 b = 2 [json_name = "x"]; }"#: .newerRefuses,
        #"message A { int32 a = 1 [json_name = "x"]; int32 b = 2 [json_name = "x"]; }"#: .newerRefuses,
        #"message A { int32 a = 1 [json_name = "b"]; int32 b = 2; }"#: .newerRefuses,
        #"message A { option map_entry = true; }"#: .newerRefuses,
        #"message A { option map_entry = false; }"#: .newerRefuses,
        #"message A { optional int32 a = 1; optional int32 _a = 2; }"#: .newerCompares,
        #"message A { optional int32 a = 1; int32 _a = 2; int32 X_a = 3; }"#: .newerCompares,
        #"message A { int32 a_b = 1; int32 ab = 2; }"#: .newerCompares,
        #"message A { int32 a = 1; int32 A = 2; }"#: .newerCompares,
        #"message A { int32 foo = 1; int32 _foo = 2; }"#: .newerCompares,
        #"message A { option deprecated_legacy_json_field_conflicts = true; int32 a_b = 1; int32 aB = 2; }"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = inf;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = -inf;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional float a = 50000; } option (a) = nan;"#: .newerTakes,
        #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { optional M a = 50000; } option (a) = { s: "\xff" }; message M { string s = 1; }"#: .newerRefuses,
    ]

    enum Difference {
        /// protoc 3.21 lets it pass; newer ones refuse it, as Martlet does.
        case newerRefuses
        /// protoc 3.21 compares names without capitals and underscores; newer ones compare JSON names, as Martlet does.
        case newerCompares
        /// protoc 3.21 doesn't know it; newer ones take it, as Martlet does.
        case newerTakes
        /// Martlet's descriptors hold text as UTF-8, and there is none.
        case onlyUTF8
    }
}
