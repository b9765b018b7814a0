import Foundation
import MartletSchema
import Testing

/// What protoc refuses Martlet refuses, and what it takes Martlet takes, but for a list of differences with their reasons.
@Suite struct VerdictTests {
    @Test(
        .enabled(if: Protoc.installed.isThere, "protoc 3.21 is not installed; there is nothing to compare with"),
        arguments: [VerdictCases.proto2, .proto3, .whole])
    func agree(_ cases: VerdictCases) throws {
        try compare(cases, with: .installed)
    }

    @Test(.enabled(if: Protoc.python.isThere, "grpcio-tools is not in .venv; there is nothing to compare with"))
    func agreeOnEditions() throws {
        try compare(.edition2023, with: .python)
    }

    private func compare(_ cases: VerdictCases, with protoc: Protoc) throws {
        for file in cases.files {
            try withFiles(["t.proto": cases.head + file]) { root in
                let roots = [root] + (protoc.include.map { [$0] } ?? [])
                let theirs = try protoc.refusal(of: "t.proto", roots: roots)
                let result = SchemaCompiler(providers: [DirectoryFiles(roots: roots)]).compile(["t.proto"])
                let ours = result.diagnostics.filter { $0.severity == .error }
                let agree = ours.isEmpty == (theirs == nil)
                let isKnown = VerdictCases.differences[file] != nil
                if agree == isKnown {
                    Issue.record("\(file)\nprotoc: \(theirs ?? "fine")\nours: \(ours)\nlisted: \(isKnown)")
                }
            }
        }
    }
}
