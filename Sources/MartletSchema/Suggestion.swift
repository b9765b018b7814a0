/// What somebody probably meant.
package enum Suggestion {
    /// Names that other languages give to protobuf's scalar types.
    private static let scalarHabits = [
        "boolean": "bool", "byte": "bytes", "float32": "float", "float64": "double", "int": "int32",
        "integer": "int32", "long": "int64", "number": "double", "str": "string", "uint": "uint32",
    ]

    /// The closest of `candidates` where it is close: a third of the letters may differ, but no more than three.
    package static func closest(to name: String, among candidates: some Sequence<String>) -> String? {
        let limit = limit(for: name)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let distance = distance(name, candidate, limit: min(limit, (best?.distance ?? limit + 1) - 1))
            if let distance { best = (candidate, distance) }
        }
        return best?.name
    }

    /// A type by its last part, so that `Usr` finds `users.v1.User`; what is found is written as short as `scope` allows.
    static func type(for name: String, in scope: String, among fullNames: some Sequence<String>) -> String? {
        if let scalar = scalarHabits[name] { return scalar }
        if let scalar = closest(to: name, among: Parser.scalarTypes.keys.sorted()) { return scalar }
        let last = Names.last(of: name)
        let limit = limit(for: last)
        var best: (name: String, distance: Int)?
        for fullName in fullNames {
            let distance = distance(
                last, Names.last(of: fullName), limit: min(limit, (best?.distance ?? limit + 1) - 1))
            if let distance { best = (fullName, distance) }
        }
        return best.map { shorten($0.name, in: scope) }
    }

    private static func limit(for name: String) -> Int {
        min(name.utf8.count / 3, 3)
    }

    private static func shorten(_ fullName: String, in scope: String) -> String {
        var enclosing = scope
        while !enclosing.isEmpty {
            if fullName.hasPrefix(enclosing + ".") { return String(fullName.dropFirst(enclosing.count + 1)) }
            enclosing = Names.scope(of: enclosing)
        }
        return fullName
    }

    /// Insertions, deletions and replacements from one name to the other, capitals aside; nil above `limit`.
    private static func distance(_ first: String, _ second: String, limit: Int) -> Int? {
        let first = first.utf8.map(\.lowercased)
        let second = second.utf8.map(\.lowercased)
        guard limit >= 0, abs(first.count - second.count) <= limit else { return nil }
        var row = Array(0...second.count)
        for (i, left) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in second.enumerated() {
                let replaced = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[second.count] <= limit ? row[second.count] : nil
    }
}

/// ``; did you mean `name`?`` or nothing.
func hint(_ name: String?) -> String {
    name.map { "; did you mean `\($0)`?" } ?? ""
}
