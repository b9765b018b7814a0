/// A line of a comment that is for the linter: `martlet:lint:ignore RULE`, or `buf:lint:ignore RULE`, which means the same.
package enum LintMark {
    /// What follows the mark in a line of a comment; nil where there is none at its start.
    package static func rest(of line: some StringProtocol) -> String? {
        let line = line.drop { $0 == " " || $0 == "\t" || $0 == "*" }
        for mark in ["martlet:lint:ignore", "buf:lint:ignore"] where line.hasPrefix(mark) {
            return String(line.dropFirst(mark.count))
        }
        return nil
    }
}
