import MartletChecks
import MartletDescriptors
import MartletMessages
import MartletSchema
import Testing

/// Two versions of files and what one rule says about the change.
struct BreakingCase: Sendable, CustomTestStringConvertible {
    let rule: String
    let old: [String: String]
    let new: [String: String]
    let expected: [String]

    /// A proto3 file `a.proto` of package `a`, whose second line is the first one of the texts.
    init(_ rule: String, _ old: String, _ new: String, _ expected: [String] = []) {
        let start = "syntax = \"proto3\"; package a;\n"
        self.init(rule, ["a.proto": start + old], ["a.proto": start + new], expected)
    }

    /// The same in proto2.
    init(_ rule: String, proto2 old: String, _ new: String, _ expected: [String] = []) {
        let start = "syntax = \"proto2\"; package a;\n"
        self.init(rule, ["a.proto": start + old], ["a.proto": start + new], expected)
    }

    init(_ rule: String, _ old: [String: String], _ new: [String: String], _ expected: [String] = []) {
        self.rule = rule
        self.old = old
        self.new = new
        self.expected = expected
    }

    var testDescription: String { "\(rule): \(expected.isEmpty ? "fine" : "breaking")" }

    static func schema(_ files: [String: String]) throws -> Schema {
        let result = SchemaCompiler(providers: [InMemoryFiles(files)]).compile(files.keys.sorted())
        return try #require(result.schema, "\(result.diagnostics)")
    }

    func findings(_ rules: [BreakingRule]) throws -> [String] {
        BreakingChecker(rules: rules).check(try Self.schema(new), against: try Self.schema(old)).map(\.description)
    }
}

@Suite struct BreakingTests {
    @Test(arguments: BreakingCases.all)
    func finds(_ breakingCase: BreakingCase) throws {
        let rules = BreakingRule.all.filter { $0.id == breakingCase.rule }
        #expect(rules.count == 1)
        #expect(try breakingCase.findings(rules) == breakingCase.expected.map { "\($0) (\(breakingCase.rule))" })
    }

    /// What is the same breaks nothing, in any rule.
    @Test(arguments: BreakingCases.all)
    func sameVersionsBreakNothing(_ breakingCase: BreakingCase) throws {
        for files in [breakingCase.old, breakingCase.new] {
            #expect(try BreakingCase("", files, files).findings(BreakingRule.all) == [])
        }
    }

    @Test func everyRuleHasBothCases() {
        let ids = Set(BreakingRule.all.map(\.id))
        #expect(ids.count == BreakingRule.all.count)
        #expect(Set(BreakingCases.all.filter { !$0.expected.isEmpty }.map(\.rule)) == ids)
        #expect(Set(BreakingCases.all.filter(\.expected.isEmpty).map(\.rule)) == ids)
    }

    @Test func levels() throws {
        let wire = try BreakingRule.selected(.wire, except: [])
        let source = try BreakingRule.selected(.source, except: ["FIELD_SAME_NAME"])
        #expect(!source.contains { $0.id == "FIELD_SAME_NAME" })
        let change = BreakingCase(
            "", "message M { int32 a = 1; int32 b = 2; }",
            "message M { optional uint32 c = 1; reserved 2; reserved \"b\"; }")
        #expect(
            try change.findings(wire) == [
                "a.proto:2:29: field 1 `c` of message `a.M` was `a` in JSON and is `c` now (FIELD_SAME_JSON_NAME)"
            ])
        #expect(
            try change.findings(source) == [
                "a.proto:2:9: field 2 `b` of message `a.M` was removed (FIELD_NO_DELETE)",
                "a.proto:2:13: field 1 `c` of message `a.M` was singular and is optional now (FIELD_SAME_CARDINALITY)",
                "a.proto:2:22: field 1 `c` of message `a.M` was `int32` and is `uint32` now (FIELD_SAME_TYPE)",
                "a.proto:2:29: field 1 `c` of message `a.M` was `a` in JSON and is `c` now (FIELD_SAME_JSON_NAME)",
            ])
        let unknown = #expect(throws: UnknownRule.self) {
            try BreakingRule.selected(.wire, except: ["FIELD_SAME_NAMES"])
        }
        #expect(unknown?.description == "there is no rule FIELD_SAME_NAMES; did you mean FIELD_SAME_NAME?")
    }

    /// Types are known by their full names, not by their files; and where a package changes, that is the one finding.
    @Test func movesAndPackages() throws {
        let start = "syntax = \"proto3\";\npackage "
        let body = "message M { N n = 1; E e = 2; map<int32, N> ns = 3; message N {} }\nenum E { A = 0; }\n"
        let service = "service S { rpc Do(M) returns (M.N); }\n"
        let old = ["a.proto": start + "a;\n" + body + service]
        let moved = ["a.proto": start + "a;\nimport \"b.proto\";\n" + service, "b.proto": start + "a;\n" + body]
        #expect(
            try BreakingCase("", old, moved).findings(BreakingRule.all)
                .isEmpty)
        let renamed = ["a.proto": start + "a.v1;\n" + body + service]
        #expect(
            try BreakingCase("", old, renamed).findings(BreakingRule.all) == [
                "a.proto:2:1: the file had package `a` and has package `a.v1` now (FILE_SAME_PACKAGE)"
            ])
    }

    /// Whatever single bits of a descriptor set are changed, it is refused or compared; a trap would end the tests.
    @Test func survivesChangedDescriptorSets() throws {
        let text = """
            syntax = "proto2";
            package a;
            enum E { A = 0; B = 1; reserved 2 to 5, 7; reserved "C"; }
            message M { optional M m = 1; map<string, E> es = 2; oneof o { E e = 3 [default = B]; } reserved 4 to 6; }
            message X { extensions 10 to 20; extend X { optional string x = 10; } }
            service S { rpc Do(M) returns (X) { option idempotency_level = IDEMPOTENT; } }
            """
        let new = try BreakingCase.schema(["a.proto": text])
        let set = new.descriptorSet(of: ["a.proto"], includesImports: true, includesSourceInfo: false)
        let bytes = try set.serialized()
        var compared = 0
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0...1) {
                changed[Int.random(in: changed.indices)] ^= 1 << Int.random(in: 0..<8)
            }
            guard let set = try? GoogleProtobuf.FileDescriptorSet(serialized: changed),
                let old = try? Schema(linked: set.file)
            else { continue }
            _ = BreakingChecker(rules: BreakingRule.all).check(new, against: old)
            compared += 1
        }
        #expect(compared > 50)
    }
}
