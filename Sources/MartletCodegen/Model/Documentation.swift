internal import MartletSchema

/// What a declaration says about itself, and where it stands.
struct Documentation {
    /// The lines of the comment above the element, then those of the comment behind it.
    let comment: [String]
    let isDeprecated: Bool
    let place: SourcePlace

    init(of path: [Int32], in file: SchemaFile, isDeprecated: Bool?) {
        let comments = file.comments(at: path)
        let paragraphs = [comments?.leading, comments?.trailing].compactMap { $0.map(Self.lines) }
        comment = Array(paragraphs.filter { !$0.isEmpty }.joined(separator: [""]))
        self.isDeprecated = isDeprecated ?? false
        place = SourcePlace(file: file, path: path)
    }

    /// Lines without the space that follows the comment's mark, without what is for the linter, and without blank lines
    /// at both ends.
    static func lines(_ comment: String) -> [String] {
        let written = comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let lines = written.filter { LintMark.rest(of: $0) == nil }.map { line in
            let visible = line.filter { $0 == "\t" || !$0.isControl }
            let text = visible.hasPrefix(" ") ? visible.dropFirst() : visible[...]
            return String(text.reversed().drop(while: \.isWhitespace).reversed())
        }
        guard let first = lines.firstIndex(where: { !$0.isEmpty }) else { return [] }
        return Array(lines[first...(lines.lastIndex { !$0.isEmpty } ?? first)])
    }
}

/// A position in a `.proto` file, looked up only when it is told to someone.
struct SourcePlace: CustomStringConvertible {
    let file: SchemaFile
    let path: [Int32]

    var description: String {
        let position = file.position(of: path)
        return "\(file.shownAs):\(position.line):\(position.column)"
    }

    func error(_ message: String) -> SchemaDiagnostic {
        SchemaDiagnostic(file: file.shownAs, at: file.position(of: path), message: message)
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }
}
