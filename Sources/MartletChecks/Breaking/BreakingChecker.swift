package import MartletSchema

/// Finds what a new version of files breaks for those who use the old one.
package struct BreakingChecker: Sendable {
    private let rules: [BreakingRule]

    package init(rules: [BreakingRule]) {
        self.rules = rules
    }

    /// - Parameters:
    ///   - new: the files as they are to be.
    ///   - old: the files as others know them; those that were asked for are compared.
    package func check(_ new: Schema, against old: Schema) -> [Finding] {
        let comparison = Comparison(old: old, new: new)
        return rules.flatMap { rule in rule.check(comparison).map { $0.finding(rule: rule.id) } }.sorted()
    }
}

extension BreakingRule {
    /// All rules, by name.
    package static let all: [BreakingRule] = [
        removalRules, reservationRules, fieldRules, enumRules, methodRules, rangeRules, fileRules,
    ].flatMap(\.self).sorted { $0.id < $1.id }

    /// The rules of a level without those named in `exceptions`.
    package static func selected(_ level: Level, except exceptions: [String]) throws(UnknownRule) -> [BreakingRule] {
        for name in exceptions where !all.contains(where: { $0.id == name }) {
            throw UnknownRule(name, among: all.map(\.id))
        }
        return all.filter { $0.levels.contains(level) && !exceptions.contains($0.id) }
    }
}
