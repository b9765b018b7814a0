internal import MartletSchema

/// `martlet lint`: reads files and holds them against the rules.
package struct LintCommand: Sendable {
    /// Where imports are looked up; empty means the directories among `files`, or else the current one.
    package var protoPaths: [String] = []
    /// Paths on disk, import names under one of the `protoPaths`, or directories, which mean all files below them.
    package var files: [String] = []
    package var rules: [LintRule]

    package init(rules: [LintRule]) {
        self.rules = rules
    }

    package func run() -> CheckOutcome {
        let inputs = SchemaInputs(protoPaths: protoPaths, arguments: files)
        guard inputs.errors.isEmpty else { return .errors(inputs.errors) }
        let result = SchemaCompiler(providers: [inputs.provider]).compile(inputs.names)
        guard let schema = result.schema else {
            return .errors(result.diagnostics.filter { $0.severity == .error }.map(\.description))
        }
        return .findings(Linter(rules: rules).check(schema))
    }
}
