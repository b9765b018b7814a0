import Testing

/// `martlet lint`, run as people run it.
@Suite struct LintCommandTests {
    private static let good = "syntax = \"proto3\";\npackage a.v1;\n"
    private static let bad = good + "message m { int32 bC = 1; }\n"

    @Test func findingsAndExitCodes() async throws {
        let work = try Workplace(["protos/a/v1/good.proto": Self.good])
        #expect(try await work.martlet("lint", "protos") == .init(code: 0, output: "", errors: ""))

        try work.write(Self.bad, to: "protos/a/v1/bad.proto")
        let findings = """
            protos/a/v1/bad.proto:3:9: message `m` should be `M` (MESSAGE_PASCAL_CASE)
            protos/a/v1/bad.proto:3:19: field `bC` should be `b_c` (FIELD_LOWER_SNAKE_CASE)

            """
        for files in ["protos", "protos/a", "a/v1/bad.proto", "protos/a/v1/bad.proto"] {
            let outcome = try await work.martlet("lint", "--proto-path", "protos", files)
            #expect(outcome == .init(code: 1, output: findings, errors: ""), "\(files)")
        }
    }

    @Test func choiceOfRules() async throws {
        let work = try Workplace(["a/v1/bad.proto": Self.bad])
        let one = try await work.martlet("lint", "--rule", "MESSAGE_PASCAL_CASE", "--format", "json", "a/v1/bad.proto")
        #expect(one.code == 1)
        #expect(
            one.output == #"{"file":"a/v1/bad.proto","line":3,"column":9,"rule":"MESSAGE_PASCAL_CASE","#
                + #""message":"message `m` should be `M`"}"# + "\n")
        let none = try await work.martlet("lint", "--except", "BASIC", ".")
        #expect(none == .init(code: 0, output: "", errors: ""))
        let list = try await work.martlet("lint", "--list-rules", "--rule", "UNARY_RPC")
        #expect(
            list.output == """
                RPC_NO_CLIENT_STREAMING (UNARY_RPC): No method takes a stream.
                RPC_NO_SERVER_STREAMING (UNARY_RPC): No method returns a stream.

                """)
    }

    @Test func whatCannotBeRead() async throws {
        let work = try Workplace(["broken.proto": "syntax = \"proto3\";\nmessage M { N n = 1; }\n", "empty/readme": ""])
        for (argument, expected) in [
            (
                "missing.proto",
                "missing.proto: there is no such file, neither as a path nor under --proto-path (the current directory)\n"
            ),
            ("empty", "empty: there is no .proto file in this directory or below it\n"),
            ("broken.proto", "broken.proto:2:13: unknown type `N`\n"),
        ] {
            let outcome = try await work.martlet("lint", argument)
            #expect(outcome == .init(code: 2, output: "", errors: expected))
        }
    }

    @Test func wrongUse() async throws {
        let work = try Workplace()
        for (arguments, expected) in [
            (["lint"], "Name at least one .proto file or directory."),
            (
                ["lint", "--rule", "FIELD_LOWER_SNAKECASE", "a.proto"],
                "there is no rule FIELD_LOWER_SNAKECASE; did you mean FIELD_LOWER_SNAKE_CASE?"
            ),
        ] {
            let outcome = try await work.run(Workplace.martletPath, arguments)
            #expect(outcome.code == 64 && outcome.errors.contains(expected), "\(outcome.errors)")
        }
        let help = try await work.martlet("lint", "--help")
        #expect(help.code == 0 && help.output.contains("martlet:lint:ignore") && help.errors == "")
    }
}
