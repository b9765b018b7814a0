import MartletSchema
import Testing

/// Compiles `text` as `t.proto` beside other files.
func compile(_ text: String, with others: [String: String] = [:]) -> SchemaResult {
    let files = others.merging(["t.proto": text]) { $1 }
    return SchemaCompiler(providers: [InMemoryFiles(files)]).compile(["t.proto"])
}

/// The diagnostics, one a line, as a person sees them.
func diagnostics(_ text: String, with others: [String: String] = [:]) -> [String] {
    compile(text, with: others).diagnostics.map(\.description)
}

/// A file and everything that is said about it.
struct DiagnosticCase: Sendable, CustomTestStringConvertible {
    let text: String
    let others: [String: String]
    let expected: [String]

    init(_ text: String, with others: [String: String] = [:], _ expected: [String]) {
        self.text = text
        self.others = others
        self.expected = expected
    }

    var testDescription: String { expected.first ?? "nothing" }
}
