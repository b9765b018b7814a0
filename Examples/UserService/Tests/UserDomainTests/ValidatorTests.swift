import Testing

@testable import UserDomain

@Suite struct ValidatorTests {
    @Test func reportsEveryViolation() {
        var validator = UserValidator()
        validator.check(email: "ada", field: "email")
        validator.check(displayName: "  ", field: "display_name")
        validator.check(id: "", field: "id")
        #expect(
            validator.violations == [
                Violation("email", "is not an e-mail address of the form name@host.domain"),
                Violation("display_name", "is required"),
                Violation("id", "is required"),
            ])
    }

    @Test(arguments: [
        "ada@example.com", "a+b@sub.example.com", "jörg@exämple.de",
        String(repeating: "a", count: 242) + "@example.com",
    ])
    func accepts(email: String) {
        var validator = UserValidator()
        validator.check(email: email, field: "email")
        #expect(validator.violations.isEmpty)
    }

    @Test(arguments: [
        "", "ada", "@example.com", "ada@", "ada@example", "ada@.com", "ada@example.", "a@b@example.com",
        "ada lovelace@example.com", "ada@exam\nple.com", "ada\u{7}@example.com",
        String(repeating: "a", count: 243) + "@example.com",
    ])
    func refuses(email: String) {
        var validator = UserValidator()
        validator.check(email: email, field: "email")
        #expect(validator.violations.map(\.field) == ["email"])
    }

    @Test(arguments: ["Ada", "名前", String(repeating: "é", count: 100)])
    func accepts(displayName: String) {
        var validator = UserValidator()
        validator.check(displayName: displayName, field: "display_name")
        #expect(validator.violations.isEmpty)
    }

    @Test(arguments: ["", " \t", "Ada\nLovelace", String(repeating: "é", count: 101)])
    func refuses(displayName: String) {
        var validator = UserValidator()
        validator.check(displayName: displayName, field: "display_name")
        #expect(validator.violations.map(\.field) == ["display_name"])
    }
}
