import Testing

@testable import MartletCodegen

@Suite struct DocumentationTests {
    @Test(arguments: [
        (" One line.\n", ["One line."]), (" Two\n lines. \n", ["Two", "lines."]),
        ("\n\n  Indented.\n\n", [" Indented."]), (" A\n\n B\n", ["A", "", "B"]), ("", []), ("\n", []),
        (" Tab\tand ümlaut \r\n next\u{0}\n", ["Tab\tand ümlaut", "next"]),
        (" Shown.\n buf:lint:ignore RULE\n", ["Shown."]),
    ])
    func lines(comment: String, expected: [String]) {
        #expect(Documentation.lines(comment) == expected)
    }
}
