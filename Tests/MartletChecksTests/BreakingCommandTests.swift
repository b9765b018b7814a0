import Testing

/// `martlet breaking`, run as people run it, against each kind of old version.
@Suite struct BreakingCommandTests {
    private static let old =
        "syntax = \"proto3\";\npackage a.v1;\nimport \"google/protobuf/empty.proto\";\n"
        + "message M { int32 a = 1; google.protobuf.Empty b = 2; }\n"
    private static let new = old.replacing("int32 a", with: "string a")
    private static let finding =
        "a.proto:4:13: field 1 `a` of message `a.v1.M` was `int32` and is `string` now (FIELD_SAME_TYPE)\n"

    /// A repository with two commits, the first tagged `v1`, and `protos` changed since.
    private func repository() async throws -> Workplace {
        let work = try Workplace(["readme": ""])
        try await work.git("init", "--quiet")
        try await work.commit("Nothing yet")
        try await work.git("tag", "v0")
        try work.write(Self.old, to: "protos/a/v1/a.proto")
        try work.write("syntax = \"proto3\";\npackage b;\nmessage B {}\n", to: "protos/b/b.proto")
        try await work.commit("First")
        try await work.git("tag", "v1")
        try work.write(Self.new, to: "protos/a/v1/a.proto")
        return work
    }

    @Test func commitsOfGit() async throws {
        let work = try await repository()
        for reference in ["v1", "HEAD", "HEAD~0"] {
            let outcome = try await work.martlet("breaking", "--against", reference, "protos")
            #expect(outcome == .init(code: 1, output: "protos/a/v1/" + Self.finding, errors: ""), "\(reference)")
        }
        try await work.commit("Second")
        #expect(try await work.martlet("breaking", "--against", "HEAD", "protos").code == 0)
        let before = try await work.martlet("breaking", "--against", "v0", "protos")
        #expect(before == .init(code: 0, output: "", errors: ""))
    }

    @Test func onlyWhatIsAskedFor() async throws {
        let work = try await repository()
        try await work.run("rm", ["-r", "protos/b"])
        let all = try await work.martlet("breaking", "--against", "v1", "protos")
        #expect(all.output == "b/b.proto: message `b.B` was removed (MESSAGE_NO_DELETE)\nprotos/a/v1/" + Self.finding)
        for files in ["protos/a", "protos/a/v1/a.proto", "a/v1/a.proto"] {
            let some = try await work.martlet("breaking", "--against", "v1", "--proto-path", "protos", files)
            #expect(some.output == "protos/a/v1/" + Self.finding, "\(files)")
        }
    }

    @Test func directories() async throws {
        let work = try Workplace(["old/a.proto": Self.old, "new/a.proto": Self.new])
        let outcome = try await work.martlet("breaking", "--against", "old", "new")
        #expect(outcome == .init(code: 1, output: "new/" + Self.finding, errors: ""))
        let wire = try await work.martlet("breaking", "--against", "old", "--level", "wire", "--format", "json", "new")
        #expect(
            wire.output == #"{"file":"new/a.proto","line":4,"column":13,"rule":"FIELD_WIRE_JSON_COMPATIBLE_TYPE","#
                + #""message":"field 1 `a` of message `a.v1.M` was `int32` and is `string` now, "#
                + #"which is written in another way"}"# + "\n")
        let except = try await work.martlet("breaking", "--against", "old", "--except", "FIELD_SAME_TYPE", "new")
        #expect(except == .init(code: 0, output: "", errors: ""))
    }

    @Test func descriptorSets() async throws {
        let work = try Workplace(["old/a.proto": Self.old, "new/a.proto": Self.new])
        let written = try await work.martlet("generate", "--descriptor-set-out", "set", "--include-imports", "old")
        #expect(written.code == 0, "\(written.errors)")
        let outcome = try await work.martlet("breaking", "--against", "set", "new")
        #expect(outcome == .init(code: 1, output: "new/" + Self.finding, errors: ""))

        try await work.martlet("generate", "--descriptor-set-out", "set", "old")
        let alone = try await work.martlet("breaking", "--against", "set", "new")
        #expect(
            alone.code == 2
                && alone.errors.hasPrefix(
                    "--against set: a.proto: imports google/protobuf/empty.proto, which is missing")
        )
    }

    @Test func whatCannotBeRead() async throws {
        let work = try Workplace([
            "a.proto": Self.new, "garbage": "garbage", "empty/readme": "",
            "broken/a.proto": "syntax = \"proto3\";\nmessage M { N n = 1; }\n",
        ])
        for (reference, expected) in [
            ("garbage", "--against garbage: not a google.protobuf.FileDescriptorSet: "),
            ("empty", "--against empty: there is no .proto file in this directory or below it\n"),
            ("broken", "broken/a.proto:2:13: unknown type `N`\n"),
            (
                "main",
                "--against main is neither a directory, nor a file, nor a commit of the git repository around . (fatal: "
            ),
            ("-h", "--against -h names no commit\n"),
        ] {
            let outcome = try await work.run(Workplace.martletPath, ["breaking", "--against=\(reference)", "a.proto"])
            #expect(
                outcome.code == 2 && outcome.output == "" && outcome.errors.hasPrefix(expected), "\(outcome.errors)")
        }
        let new = try await work.martlet("breaking", "--against", "broken", "missing.proto")
        #expect(new.code == 2 && new.errors.hasPrefix("missing.proto: there is no such file"))
    }

    @Test func listsTheRulesOfALevel() async throws {
        let work = try Workplace()
        let wire = try await work.martlet("breaking", "--list-rules", "--level", "wire", "--except", "RPC_NO_DELETE")
        #expect(wire.code == 0 && wire.errors == "")
        let lines = wire.output.split(separator: "\n")
        #expect(lines.contains("SERVICE_NO_DELETE: No service is removed."))
        #expect(!lines.contains { $0.hasPrefix("RPC_NO_DELETE") || $0.hasPrefix("MESSAGE_NO_DELETE") })
    }

    @Test func wrongUse() async throws {
        let work = try Workplace()
        for (arguments, expected) in [
            (["a.proto"], "Say with --against which version to compare with."),
            (["--against", "x"], "Name at least one .proto file or directory."),
            (["--against", "x", "--level", "bytes", "a.proto"], "'bytes' is invalid"),
            (["--against", "x", "--except", "NO_RULE", "a.proto"], "there is no rule NO_RULE"),
        ] {
            let outcome = try await work.run(Workplace.martletPath, ["breaking"] + arguments)
            #expect(outcome.code == 64 && outcome.errors.contains(expected), "\(outcome.errors)")
        }
    }
}

extension Workplace {
    fileprivate func git(_ arguments: String...) async throws {
        let outcome = try await run("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com"] + arguments)
        if outcome.code != 0 { Issue.record("git \(arguments): \(outcome.errors)") }
    }

    fileprivate func commit(_ subject: String) async throws {
        try await git("add", ".")
        try await git("commit", "--quiet", "--allow-empty", "--message", subject)
    }
}
