internal import MartletSchema

/// Comments that allow what a rule forbids: `// martlet:lint:ignore RULE`, with any number of rules and, after them, a
/// reason. `buf:lint:ignore` means the same.
///
/// They stand at an element and hold for it and everything inside. At `syntax`, `edition` or `package` they hold for
/// what concerns the file as a whole.
enum IgnoreComments {
    static func allow(_ rule: String, at path: [Int32], in file: SchemaFile) -> Bool {
        let isAboutFile = path.count < 2 || path[0] == PathNumber.File.options
        var places = (1...max(path.count, 1)).map { Array(path.prefix($0)) }
        if isAboutFile {
            places += [PathNumber.File.syntax, PathNumber.File.edition, PathNumber.File.package].map { [$0] }
        }
        return places.contains { place in
            guard let comments = file.comments(at: place) else { return false }
            let texts =
                [comments.leading, comments.trailing].compactMap(\.self) + (isAboutFile ? comments.detached : [])
            return texts.contains { rules(in: $0).contains(rule) }
        }
    }

    /// The text without the lines that are for the linter.
    static func stripped(_ text: String) -> String {
        text.split(separator: "\n").filter { LintMark.rest(of: $0) == nil }.joined(separator: "\n")
    }

    private static func rules(in text: String) -> [String] {
        text.split(separator: "\n").flatMap { line in
            (LintMark.rest(of: line) ?? "").split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        }
    }
}
