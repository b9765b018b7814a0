internal import MartletSchema

/// What a declaration says about itself, and where it stands. A class, because models are copied a lot.
final class Documentation: Sendable {
    /// The lines of the comment above the element, then those of the comment behind it.
    let comment: [String]
    let isDeprecated: Bool
    let place: SourcePlace

    init(of path: [Int32], in source: SourceFile, isDeprecated: Bool?) {
        let comments = source.file.comments(at: path)
        let leading = comments?.leading.map(Self.lines) ?? []
        let trailing = comments?.trailing.map(Self.lines) ?? []
        comment = leading.isEmpty || trailing.isEmpty ? leading + trailing : leading + [""] + trailing
        self.isDeprecated = isDeprecated ?? false
        place = SourcePlace(source: source, path: path)
    }

    /// Lines without the space that follows the comment's mark, without what is for the linter, and without blank lines
    /// at both ends.
    static func lines(_ comment: String) -> [String] {
        // Asking Unicode about each character takes ten times as long.
        let isPlain = comment.utf8.allSatisfy { 0x20..<0x7F ~= $0 || $0 == UInt8(ascii: "\n") }
        let written =
            isPlain
            ? comment.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
            : comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var lines: [String] = []
        for line in written where LintMark.rest(of: line) == nil {
            let text = isPlain ? trimmed(line.utf8) : trimmed(line.filter { $0 == "\t" || !$0.isControl }[...])
            if !lines.isEmpty || !text.isEmpty { lines.append(text) }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func trimmed(_ line: Substring) -> String {
        var text = line.hasPrefix(" ") ? line.dropFirst() : line
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The same for a line without other whitespace than blanks.
    private static func trimmed(_ line: Substring.UTF8View) -> String {
        let blank = UInt8(ascii: " ")
        var text = line.first == blank ? line.dropFirst() : line
        while text.last == blank { text.removeLast() }
        return String(Substring(text))
    }
}

/// A position in a `.proto` file, looked up only when it is told to someone.
struct SourcePlace: CustomStringConvertible {
    let source: SourceFile
    let path: [Int32]

    var description: String {
        let position = source.file.position(of: path)
        return "\(source.file.shownAs):\(position.line):\(position.column)"
    }

    func error(_ message: String) -> SchemaDiagnostic {
        SchemaDiagnostic(file: source.file.shownAs, at: source.file.position(of: path), message: message)
    }
}

/// A file that each of its elements refers to.
final class SourceFile: Sendable {
    let file: SchemaFile

    init(_ file: SchemaFile) { self.file = file }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }
}
