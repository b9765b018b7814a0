internal import MartletSchema

/// One rule of style. The rules and their categories are those that buf made known.
package struct LintRule: Sendable {
    /// What a set of rules is for; each of the first three has the ones before it too.
    package enum Category: String, Sendable, CaseIterable {
        /// Files are where their packages say.
        case minimal = "MINIMAL"
        /// Names that look alike in every language.
        case basic = "BASIC"
        /// What a team's own files should follow: the default.
        case standard = "STANDARD"
        /// Everything has a comment.
        case comments = "COMMENTS"
        /// Nothing streams.
        case unaryRPC = "UNARY_RPC"
        /// Only by their names.
        case other = "OTHER"

        /// Whether asking for this category asks for the rules of `other`.
        func includes(_ other: Category) -> Bool {
            switch (self, other) {
            case (.basic, .minimal), (.standard, .minimal), (.standard, .basic): true
            default: self == other
            }
        }
    }

    package let id: String
    package let category: Category
    /// What the rule asks for, in one line.
    package let summary: String
    let check: @Sendable (LintScope) -> [LintProblem]

    init(
        _ id: String, _ category: Category, _ summary: String, check: @escaping @Sendable (LintScope) -> [LintProblem]
    ) {
        self.id = id
        self.category = category
        self.summary = summary
        self.check = check
    }

    /// A rule about every element of a kind: `problem` says what is wrong with one, nil if nothing is.
    ///
    /// - Parameter part: where in the element the problem is shown.
    init<Descriptor: Sendable>(
        _ id: String, _ category: Category, _ summary: String,
        each elements: @escaping @Sendable (FileElements) -> [Element<Descriptor>],
        at part: [Int32] = [1],
        problem: @escaping @Sendable (Element<Descriptor>, SchemaFile) -> String?
    ) {
        self.init(id, category, summary) { scope in
            scope.files.flatMap { file in
                elements(file).compactMap { element in
                    problem(element, file.file).map {
                        LintProblem(file: file.file, path: element.path + part, message: $0)
                    }
                }
            }
        }
    }
}

/// What the rules look at.
struct LintScope: Sendable {
    let schema: Schema
    /// The files that were asked for.
    let files: [FileElements]
}

/// Something that breaks the rule which is being checked.
struct LintProblem: Sendable {
    let file: SchemaFile
    /// As in `SourceCodeInfo`; empty for the file as a whole.
    let path: [Int32]
    let message: String
}
