internal import MartletSchema

extension LintRule {
    /// All rules, by name.
    package static let all =
        (packageRules + fileRules + importRules + nameRules + enumRules + methodRules + commentRules)
        .sorted { $0.id < $1.id }

    /// The rules that people mean.
    ///
    /// - Parameters:
    ///   - names: rules and categories; none means ``Category/standard``.
    ///   - exceptions: rules and categories to leave out of those.
    package static func selected(_ names: [String], except exceptions: [String]) throws(UnknownRule) -> [LintRule] {
        var ids: Set<String> = []
        for name in names.isEmpty ? [Category.standard.rawValue] : names { ids.formUnion(try rules(named: name)) }
        for name in exceptions { ids.subtract(try rules(named: name)) }
        return all.filter { ids.contains($0.id) }
    }

    private static func rules(named name: String) throws(UnknownRule) -> [String] {
        if let category = Category(rawValue: name) {
            return all.filter { category.includes($0.category) }.map(\.id)
        }
        guard all.contains(where: { $0.id == name }) else {
            throw UnknownRule(name, among: all.map(\.id) + Category.allCases.map(\.rawValue))
        }
        return [name]
    }
}

package struct UnknownRule: Error, CustomStringConvertible {
    package let description: String

    init(_ name: String, among names: [String]) {
        let hint = Suggestion.closest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        description = "there is no rule \(name)\(hint)"
    }
}
