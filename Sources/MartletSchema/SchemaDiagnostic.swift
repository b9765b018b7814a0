/// Something wrong, or doubtful, in a `.proto` file.
package struct SchemaDiagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Severity: Sendable, Hashable {
        case error
        case warning
    }

    /// The file as people know it: its path on disk where it has one.
    package let file: String
    /// From 1; 0 where the whole file is meant.
    package let line: Int
    /// From 1, in bytes; a tab reaches the next multiple of 8, as in protoc's messages.
    package let column: Int
    package let severity: Severity
    /// What is wrong and what would be right.
    package let message: String

    package init(
        file: String, at position: SchemaPosition?, severity: Severity = .error, message: String
    ) {
        self.file = file
        line = position?.line ?? 0
        column = position?.column ?? 0
        self.severity = severity
        self.message = message
    }

    /// `file:line:column: message`, the form that editors make clickable.
    package var description: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        return severity == .error ? "\(place): \(message)" : "\(place): warning: \(message)"
    }
}

/// A place in a file: line and column from 1, as ``SchemaDiagnostic`` counts them.
package struct SchemaPosition: Sendable, Hashable {
    package let line: Int
    package let column: Int
}

/// The diagnostics of one file while it is read.
struct Problems {
    /// Of errors and of warnings each: more than a person reads. Keeps the report of a file of garbage bounded.
    static let limit = 100

    let file: String
    private(set) var diagnostics: [SchemaDiagnostic] = []
    private(set) var errors = 0
    private var warnings = 0

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool { errors > 0 }
    /// Further errors are dropped; who looks at this saves the work of finding out where they are.
    var isFull: Bool { errors >= Self.limit }
    var isFullOfWarnings: Bool { warnings >= Self.limit }

    mutating func error(at position: SchemaPosition?, _ message: String) {
        guard !isFull else { return }
        errors += 1
        diagnostics.append(SchemaDiagnostic(file: file, at: position, message: message))
    }

    mutating func add(_ error: SchemaDiagnostic) {
        guard !isFull else { return }
        errors += 1
        diagnostics.append(error)
    }

    mutating func warning(at position: SchemaPosition?, _ message: String) {
        guard !isFullOfWarnings else { return }
        warnings += 1
        diagnostics.append(SchemaDiagnostic(file: file, at: position, severity: .warning, message: message))
    }
}
