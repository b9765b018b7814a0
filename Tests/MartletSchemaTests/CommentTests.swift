import Testing

@testable import MartletSchema

@Suite struct CommentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        var trailing = ""
        var detached: [String] = []
        var leading = ""

        var testDescription: String { text.debugDescription }
    }

    /// What stands between `a` and `b`.
    static let cases: [Case] = [
        Case(text: "a b"),
        Case(text: "a // one\nb", trailing: " one\n"),
        Case(text: "a // one\n// two\nb", trailing: " one\n", leading: " two\n"),
        Case(text: "a\n// one\n// two\nb", leading: " one\n two\n"),
        Case(text: "a\n// one\n\nb", trailing: " one\n"),
        Case(text: "a\n\n// one\nb", leading: " one\n"),
        Case(text: "a\n\n// one\n\n// two\nb", detached: [" one\n"], leading: " two\n"),
        Case(
            text: "a // t\n\n// one\n\n/* two */\n\n// three\nb", trailing: " t\n", detached: [" one\n", " two "],
            leading: " three\n"),
        Case(text: "a /* one */ b"),
        Case(text: "a /* one */\nb", trailing: " one "),
        Case(text: "a\n/* one */ /* two */\nb", trailing: " one ", leading: " two "),
        Case(text: "a\n/* one\n   * two\n   three\n   */\nb", leading: " one\n two\nthree\n"),
        Case(text: "a\n/* one */\n// two\nb", trailing: " one ", leading: " two\n"),
        Case(text: "a\n// one\n}", trailing: " one\n"),
        Case(text: "a\n\n// one\n}", detached: [" one\n"]),
        Case(text: "a\n\n// one\n", detached: [" one\n"]),
        Case(text: "a // no newline", trailing: " no newline"),
    ]

    @Test(arguments: cases) func sharesOut(_ expected: Case) {
        var problems = Problems(file: "")
        let text = Lexer.tokenize(Array(expected.text.utf8), problems: &problems)
        let comments = CommentCollector(before: 1, in: text)
        #expect(comments.trailing == expected.trailing)
        #expect(comments.detached == expected.detached)
        #expect(comments.leading == expected.leading)
    }

    @Test func reachTheDeclarations() throws {
        let schema = try #require(
            compile(
                """
                // About the file.

                // About the syntax.
                syntax = "proto3";

                // Detached.

                /* A user. */
                message User { // opens
                  // Chosen by the service.
                  string id = 1; // trails
                }
                """
            ).schema)
        let file = try #require(schema.file("t.proto"))
        #expect(
            file.comments(at: [12])
                == SchemaComments(leading: " About the syntax.\n", trailing: nil, detached: [" About the file.\n"]))
        #expect(
            file.comments(at: [4, 0])
                == SchemaComments(leading: " A user. ", trailing: " opens\n", detached: [" Detached.\n"]))
        #expect(
            file.comments(at: [4, 0, 2, 0])
                == SchemaComments(leading: " Chosen by the service.\n", trailing: " trails\n", detached: []))
        #expect(file.comments(at: [4, 0, 2, 0, 1]) == nil)
        #expect(file.position(of: [4, 0, 2, 0, 1]) == SchemaPosition(line: 11, column: 10))
        #expect(file.position(of: [4, 0, 2, 0, 99]) == SchemaPosition(line: 11, column: 3))
    }
}
