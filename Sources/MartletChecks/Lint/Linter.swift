package import MartletSchema

/// Holds files against rules of style.
package struct Linter: Sendable {
    private let rules: [LintRule]

    package init(rules: [LintRule]) {
        self.rules = rules
    }

    /// What breaks a rule in the files that were asked for, without what a comment there allows.
    package func check(_ schema: Schema) -> [Finding] {
        let scope = LintScope(schema: schema, files: schema.files.filter(\.isRoot).map(FileElements.init))
        return rules.flatMap { rule in
            rule.check(scope).compactMap { problem in
                IgnoreComments.allow(rule.id, at: problem.path, in: problem.file)
                    ? nil : Finding(in: problem.file, at: problem.path, rule: rule.id, message: problem.message)
            }
        }.sorted()
    }
}
