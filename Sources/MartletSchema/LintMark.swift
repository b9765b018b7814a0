/// A line of a comment that is for the linter: `martlet:lint:ignore RULE`, or `buf:lint:ignore RULE`, which means the same.
package enum LintMark {
    /// What follows the mark in a line of a comment; nil where there is none at its start.
    package static func rest(of line: Substring) -> String? {
        let text = line.utf8.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "*") }
        for mark in ["martlet:lint:ignore", "buf:lint:ignore"] where text.starts(with: mark.utf8) {
            return String(text.dropFirst(mark.utf8.count))
        }
        return nil
    }
}
