internal import MartletSchema

/// One kind of change that others notice. The names are buf's where buf has the rule.
package struct BreakingRule: Sendable {
    /// What a change breaks.
    package enum Level: String, Sendable, CaseIterable {
        /// Calls and stored messages between programs of both versions, in bytes or JSON.
        case wire
        /// That, or programs that are built again with the code generated from the new version.
        case source
    }

    package let id: String
    /// Where the rule is checked. Some only in one: where a stricter rule of the other level says the same.
    package let levels: Set<Level>
    /// What may not happen, in one line.
    package let summary: String
    let check: @Sendable (Comparison) -> [BreakingChange]

    init(
        _ id: String, _ levels: Set<Level>, _ summary: String,
        check: @escaping @Sendable (Comparison) -> [BreakingChange]
    ) {
        self.id = id
        self.levels = levels
        self.summary = summary
        self.check = check
    }

    /// A rule about what is there in both versions: `problem` says what has changed for the worse, nil if nothing has.
    ///
    /// - Parameter part: where in the new element it is shown.
    init<Descriptor: Sendable>(
        _ id: String, _ levels: Set<Level>, _ summary: String,
        each pairs: @escaping @Sendable (Comparison) -> [Pair<Descriptor>],
        at part: [Int32] = [1],
        problem: @escaping @Sendable (Pair<Descriptor>, Comparison) -> String?
    ) {
        self.init(id, levels, summary) { comparison in
            pairs(comparison).compactMap { pair in
                problem(pair, comparison).map { BreakingChange(at: pair.new, part: part, $0) }
            }
        }
    }
}

/// Something that breaks the rule which is being checked.
struct BreakingChange: Sendable {
    private enum Place {
        case file(SchemaFile, path: [Int32])
        case missing(file: String)
    }

    private let place: Place
    private let message: String

    /// At something that is still there.
    init<Descriptor>(at located: Located<Descriptor>, part: [Int32] = [1], _ message: String) {
        place = .file(located.file, path: located.element.path + part)
        self.message = message
    }

    /// At the file of the old version, if the new one has it.
    init(in file: SchemaFile, at path: [Int32] = [], _ comparison: Comparison, _ message: String) {
        place = comparison.new.schema.file(file.name).map { .file($0, path: path) } ?? .missing(file: file.name)
        self.message = message
    }

    func finding(rule: String) -> Finding {
        switch place {
        case .file(let file, let path): Finding(in: file, at: path, rule: rule, message: message)
        case .missing(let file): Finding(inMissing: file, rule: rule, message: message)
        }
    }
}
