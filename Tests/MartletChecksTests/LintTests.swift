import MartletChecks
import MartletSchema
import Testing

/// Files and what one rule says about them.
struct LintCase: Sendable, CustomTestStringConvertible {
    let rule: String
    let files: [String: String]
    let expected: [String]

    /// A file `a/v1/a.proto` of package `a.v1`, whose fourth line is the first one of `text`.
    init(_ rule: String, _ text: String, _ expected: [String] = []) {
        self.init(rule, files: ["a/v1/a.proto": "syntax = \"proto3\";\npackage a.v1;\n\n\(text)"], expected)
    }

    init(_ rule: String, files: [String: String], _ expected: [String] = []) {
        self.rule = rule
        self.files = files
        self.expected = expected
    }

    var testDescription: String { "\(rule): \(expected.isEmpty ? "good" : "bad")" }

    func findings() throws -> [String] {
        let result = SchemaCompiler(providers: [InMemoryFiles(files)]).compile(files.keys.sorted())
        let schema = try #require(result.schema, "\(result.diagnostics)")
        return Linter(rules: try LintRule.selected([rule], except: [])).check(schema).map(\.description)
    }
}

@Suite struct LintTests {
    @Test(arguments: LintCases.all)
    func finds(_ lintCase: LintCase) throws {
        #expect(try lintCase.findings() == lintCase.expected.map { "\($0) (\(lintCase.rule))" })
    }

    @Test func everyRuleHasABadAndAGoodCase() {
        let ids = Set(LintRule.all.map(\.id))
        #expect(ids.count == LintRule.all.count)
        #expect(Set(LintCases.all.filter { !$0.expected.isEmpty }.map(\.rule)) == ids)
        #expect(Set(LintCases.all.filter(\.expected.isEmpty).map(\.rule)) == ids)
    }

    @Test func categoriesAreBuiltOnOneAnother() throws {
        func ids(_ names: [String], except exceptions: [String] = []) throws -> Set<String> {
            Set(try LintRule.selected(names, except: exceptions).map(\.id))
        }
        let (minimal, basic, standard) = (try ids(["MINIMAL"]), try ids(["BASIC"]), try ids(["STANDARD"]))
        #expect(minimal.isStrictSubset(of: basic) && basic.isStrictSubset(of: standard))
        #expect(try ids([]) == standard)
        #expect(!standard.contains("COMMENT_FIELD") && !standard.contains("RPC_NO_CLIENT_STREAMING"))
        #expect(try ids(["COMMENTS"]).count == 7)
        #expect(
            try ids(["BASIC"], except: ["MINIMAL", "IMPORT_USED"])
                == basic.subtracting(minimal).subtracting(["IMPORT_USED"]))
        let unknown = #expect(throws: UnknownRule.self) { try LintRule.selected(["SERVICE_SUFIX"], except: []) }
        #expect(unknown?.description == "there is no rule SERVICE_SUFIX; did you mean SERVICE_SUFFIX?")
    }

    // MARK: Comments that allow

    static let allowed = [
        "// martlet:lint:ignore FIELD_LOWER_SNAKE_CASE\nmessage M {\n  int32 a = 1;\n  int32 bC = 2;\n}",
        "message M {\n  // A field.\n  //  buf:lint:ignore FIELD_LOWER_SNAKE_CASE\n  int32 bC = 2;\n}",
        "message M {\n  int32 bC = 2; // martlet:lint:ignore RPC_PASCAL_CASE, FIELD_LOWER_SNAKE_CASE as on the device\n}",
        "/* Many lines.\n * martlet:lint:ignore FIELD_LOWER_SNAKE_CASE\n */\nmessage M { message N { int32 bC = 2; } }",
    ]

    @Test(arguments: allowed)
    func commentsAllow(_ text: String) throws {
        #expect(try LintCase("FIELD_LOWER_SNAKE_CASE", text).findings() == [])
    }

    @Test func commentsAllowOnlyWhatTheySay() throws {
        for text in [
            "// martlet:lint:ignore RPC_PASCAL_CASE\nmessage M { int32 bC = 2; }",
            "// martlet:lint:ignore\nmessage M { int32 bC = 2; }",
            "// martlet:lint:ignore FIELD_LOWER_SNAKE_CASE\nmessage N {}\nmessage M { int32 bC = 2; }",
            "// Use martlet:lint:ignore FIELD_LOWER_SNAKE_CASE sparingly.\nmessage M { int32 bC = 2; }",
        ] {
            #expect(try LintCase("FIELD_LOWER_SNAKE_CASE", text).findings().count == 1, "\(text)")
        }
    }

    @Test func commentsAtTheTopAllowForTheFile() throws {
        for text in [
            "// martlet:lint:ignore PACKAGE_VERSION_SUFFIX\nsyntax = \"proto3\";\npackage a;\n",
            "// martlet:lint:ignore PACKAGE_VERSION_SUFFIX\n\nsyntax = \"proto3\";\npackage a;\n",
            "syntax = \"proto3\";\n// martlet:lint:ignore PACKAGE_VERSION_SUFFIX\npackage a;\n",
        ] {
            #expect(try LintCase("PACKAGE_VERSION_SUFFIX", files: ["a.proto": text]).findings() == [])
        }
    }

    // MARK: Output

    @Test func jsonIsOneEscapedLine() throws {
        let text = "syntax = \"proto3\";\npackage a;\n"
        let result = SchemaCompiler(providers: [InMemoryFiles(["a \"b\"\u{1}\\.proto": text])]).compile([
            "a \"b\"\u{1}\\.proto"
        ])
        let findings = Linter(rules: try LintRule.selected(["PACKAGE_VERSION_SUFFIX"], except: [])).check(
            try #require(result.schema))
        #expect(
            findings.map(\.json) == [
                #"{"file":"a \"b\"\u0001\\.proto","line":2,"column":1,"rule":"PACKAGE_VERSION_SUFFIX","#
                    + #""message":"package `a` should end in a version, such as `a.v1`"}"#
            ])
    }
}
