/// What is wrong with one field of a request.
public struct Violation: Sendable, Hashable {
    /// The field's path in the request, such as `user.email`.
    public let field: String
    /// What is wrong, and what would be right.
    public let problem: String

    public init(_ field: String, _ problem: String) {
        self.field = field
        self.problem = problem
    }
}

/// Collects every violation of a request, so that whoever made it can mend all of them at once.
public struct UserValidator: Sendable {
    /// The longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, less its angle brackets).
    public static let maximumEmailBytes = 254
    public static let maximumNameCharacters = 100

    public private(set) var violations: [Violation] = []

    public init() {}

    public mutating func check(email: String, field: String) {
        if email.isEmpty {
            add(field, "is required")
        } else if email.utf8.count > Self.maximumEmailBytes {
            add(field, "has \(email.utf8.count) bytes; at most \(Self.maximumEmailBytes) are allowed")
        } else if !isEmail(email) {
            add(field, "is not an e-mail address of the form name@host.domain")
        }
    }

    public mutating func check(displayName: String, field: String) {
        if displayName.allSatisfy(\.isWhitespace) {
            add(field, "is required")
        } else if displayName.count > Self.maximumNameCharacters {
            add(field, "has \(displayName.count) characters; at most \(Self.maximumNameCharacters) are allowed")
        } else if displayName.contains(where: \.isNewline) {
            add(field, "must be one line")
        }
    }

    public mutating func check(id: String, field: String) {
        if id.isEmpty { add(field, "is required") }
    }

    public mutating func add(_ field: String, _ problem: String) {
        violations.append(Violation(field, problem))
    }
}

/// Only an answered mail proves an address; this catches what no mail could reach.
private func isEmail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return false }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
        && !text.contains { $0.isWhitespace || $0.asciiValue.map { $0 < 0x21 || $0 == 0x7F } ?? false }
}
