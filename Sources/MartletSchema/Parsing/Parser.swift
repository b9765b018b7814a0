internal import MartletDescriptors
internal import MartletMessages

/// A file as it is written: nothing is resolved, every option is uninterpreted.
struct ParsedFile {
    let name: String
    /// The file as people know it.
    let shownAs: String
    let descriptor: GoogleProtobuf.FileDescriptorProto
    /// Where each element is; `descriptor.sourceCodeInfo` stays nil.
    let locations: [GoogleProtobuf.SourceCodeInfo.Location]
    /// The names of all types that the text declares, where it has errors: any of them may be missing in `descriptor`.
    let unreadTypes: Set<String>

    /// - Parameter index: in `descriptor.dependency`.
    func position(ofImport index: Int) -> SchemaPosition {
        locations.position(of: [FieldNumber.File.dependency, Int32(index)]) ?? SchemaPosition(line: 1, column: 1)
    }
}

/// A statement that could not be read. Its problem is already reported; the parser goes on after it.
struct UnreadableStatement: Error {}

/// Reads the tokens of one file into a descriptor, keeping where everything stands.
///
/// Locations are opened and closed in the order in which protoc does it, so that `SourceCodeInfo` comes out the same.
/// The extensions of this type follow the grammar: file, messages, fields, ranges, enums, services, options.
struct Parser {
    enum Syntax {
        case proto2
        case proto3
        /// Edition 2023.
        case editions
    }

    /// Deeper nesting of messages is refused, as protoc does.
    static let nestingLimit = 31

    let text: TokenizedText
    /// Where the lexer has complained, from 0; what else is odd on these lines follows from that.
    private let unreadableLines: Set<Int>
    var problems: Problems
    var syntax = Syntax.proto2
    var nesting = 0
    private(set) var index = 0
    var locations: [GoogleProtobuf.SourceCodeInfo.Location] = []
    private var upcomingLeading = ""
    private var upcomingDetached: [String] = []

    static func parse(
        _ bytes: [UInt8], name: String, shownAs: String, problems: inout Problems
    ) -> ParsedFile {
        let text = Lexer.tokenize(bytes, problems: &problems)
        var parser = Parser(text: text, problems: problems)
        var file = parser.parseFile()
        file.name = name
        problems = parser.problems
        return ParsedFile(
            name: name, shownAs: shownAs, descriptor: file, locations: parser.locations,
            unreadTypes: problems.hasErrors ? parser.namesOfTypes() : [])
    }

    /// What follows a keyword or, in case that is misspelt, stands before a brace.
    private func namesOfTypes() -> Set<String> {
        var names: Set<String> = []
        for index in text.tokens.indices where text.tokens[index].kind == .identifier {
            let isAfterKeyword =
                index > 0 && ["message", "enum", "group"].contains { text.token(text.tokens[index - 1], is: $0) }
            // An identifier is never the last token.
            if isAfterKeyword || text.token(text.tokens[index + 1], is: "{") {
                names.insert(text.text(of: text.tokens[index]))
            }
        }
        return names
    }

    private init(text: TokenizedText, problems: Problems) {
        self.text = text
        self.problems = problems
        unreadableLines = Set(problems.diagnostics.map { $0.line - 1 })
        let comments = CommentCollector(before: 0, in: text)
        upcomingLeading = comments.leading
        upcomingDetached = comments.detached
    }

    // MARK: Tokens

    var current: Token { text.tokens[index] }
    /// The token before the current one; an empty one before the first.
    var previous: Token {
        index > 0
            ? text.tokens[index - 1]
            : Token(kind: .symbol, start: 0, end: 0, line: 0, column: 0, endColumn: 0)
    }
    var currentText: String { text.text(of: current) }
    var atEnd: Bool { current.kind == .end }

    func at(_ symbol: StaticString) -> Bool {
        text.token(current, is: symbol)
    }

    mutating func advance() {
        if !atEnd { index += 1 }
    }

    mutating func take(_ symbol: StaticString) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    /// Takes `symbol`, which has to be here.
    mutating func expect(_ symbol: StaticString) throws(UnreadableStatement) {
        guard !take(symbol) else { return }
        throw missing(symbol)
    }

    mutating func takeIdentifier(_ what: String) throws(UnreadableStatement) -> String {
        guard current.kind == .identifier else { throw expected(what) }
        defer { advance() }
        return currentText
    }

    mutating func takeInteger(_ what: String, limit: UInt64) throws(UnreadableStatement) -> UInt64 {
        if at("-"), text.tokens[index + 1].kind == .integer {
            problems.error(at: current.position, "the number can't be negative here; remove `-`")
            advance()
        }
        guard current.kind == .integer else { throw expected(what) }
        let token = current
        advance()
        guard let value = Literals.integer(text.bytes[token.start..<token.end]), value <= limit else {
            problems.error(at: token.position, "the number is too large; the largest here is \(limit)")
            return 0
        }
        return value
    }

    mutating func takeInt32(_ what: String, limit: Int32 = .max) throws(UnreadableStatement) -> Int32 {
        Int32(try takeInteger(what, limit: UInt64(limit)))
    }

    mutating func takeSignedInt32(_ what: String) throws(UnreadableStatement) -> Int32 {
        guard take("-") else { return try takeInt32(what) }
        let magnitude = try takeInteger(what, limit: UInt64(Int32.max) + 1)
        return Int32(truncatingIfNeeded: -Int64(magnitude))
    }

    /// Adjacent literals are one string.
    mutating func takeBytes(_ what: String) throws(UnreadableStatement) -> [UInt8] {
        guard current.kind == .string else { throw expected(what) }
        var result: [UInt8] = []
        while current.kind == .string {
            let token = current
            Literals.appendString(text.bytes[token.start..<token.end], to: &result) { offset, message in
                let position = SchemaPosition(line: token.line + 1, column: token.column + 1 + offset)
                problems.error(at: position, message)
            }
            advance()
        }
        return result
    }

    mutating func takeString(_ what: String) throws(UnreadableStatement) -> String {
        let position = current.position
        let bytes = try takeBytes(what)
        guard let string = String(validating: bytes, as: UTF8.self) else {
            problems.error(at: position, "\(what) is not UTF-8")
            return ""
        }
        return string
    }

    // MARK: Errors

    /// Reports that something else stands where `what` should.
    mutating func expected(_ what: String, suggestion: String? = nil) -> UnreadableStatement {
        let found = atEnd ? "but the file ends" : "found `\(currentText.prefix(40))`"
        if !unreadableLines.contains(current.line) {
            problems.error(at: current.position, "expected \(what), \(found)\(hint(suggestion))")
        }
        return UnreadableStatement()
    }

    mutating func missing(_ symbol: StaticString) -> UnreadableStatement {
        let after = index > 0 ? " after `\(text.text(of: previous).prefix(40))`" : ""
        if !unreadableLines.contains(previous.line) {
            problems.error(at: previous.endPosition, "missing `\(symbol)`\(after)")
        }
        return UnreadableStatement()
    }

    // MARK: Ends of declarations

    /// Takes `;`, `{` or `}` and gives the comments around it to the declaration at `location`, if any.
    mutating func takeEnd(_ symbol: StaticString, of location: Int?) -> Bool {
        guard take(symbol) else { return false }
        let comments = CommentCollector(before: index, in: text)
        let leading = upcomingLeading
        upcomingLeading = comments.leading
        if let location {
            if !leading.isEmpty { locations[location].leadingComments = leading }
            if !comments.trailing.isEmpty { locations[location].trailingComments = comments.trailing }
            locations[location].leadingDetachedComments += upcomingDetached
            upcomingDetached = comments.detached
        } else if text.token(previous, is: "}") {
            upcomingDetached = comments.detached
        } else {
            upcomingDetached += comments.detached
        }
        return true
    }

    /// Takes the `;` of the declaration at `location`. Where it is missing at the end of a line, goes on as if it were there.
    mutating func expectSemicolon(of location: Int) throws(UnreadableStatement) {
        guard !takeEnd(";", of: location) else { return }
        let error = missing(";")
        if current.line == previous.line || atEnd { throw error }
    }

    /// Reads statements up to the `}` of the block whose `{` is here; those that can't be read are skipped.
    ///
    /// - Parameter allowsEmpty: whether a `;` may stand alone.
    mutating func parseBlock(
        of location: Int, _ what: String, allowsEmpty: Bool = true,
        statement: (inout Parser) throws(UnreadableStatement) -> Void
    ) throws(UnreadableStatement) {
        guard takeEnd("{", of: location) else { throw missing("{") }
        let opening = previous
        while !takeEnd("}", of: nil) {
            if atEnd {
                problems.error(at: opening.position, "\(what) is never closed; add `}`")
                throw UnreadableStatement()
            }
            if allowsEmpty, takeEnd(";", of: nil) { continue }
            parseOrSkip(statement)
        }
    }

    mutating func parseOrSkip(_ statement: (inout Parser) throws(UnreadableStatement) -> Void) {
        let start = index
        do throws(UnreadableStatement) {
            try statement(&self)
        } catch {
            skipStatement()
            if index == start, !at("}") { advance() }
        }
    }

    /// Goes past the next `;` or block, or to the `}` of the enclosing one.
    private mutating func skipStatement() {
        while !atEnd, !at("}") {
            if takeEnd(";", of: nil) { return }
            if takeEnd("{", of: nil) { return skipBlock() }
            advance()
        }
    }

    private mutating func skipBlock() {
        var depth = 1
        while !atEnd {
            if takeEnd("{", of: nil) {
                depth += 1
            } else if takeEnd("}", of: nil) {
                depth -= 1
                if depth == 0 { return }
            } else {
                advance()
            }
        }
    }
}
