public import struct Foundation.Date

/// A user as the repository keeps it.
public struct UserRecord: Sendable, Hashable, Identifiable {
    public let id: String
    public var email: String
    public var displayName: String
    /// In whole milliseconds, as are all times here: what is read is what was written.
    public let createdAt: Date
    public var updatedAt: Date
}

/// What the service chooses when it creates a user, and the rest comes from whoever asks for it.
public struct NewUser: Sendable, Hashable {
    public var email: String
    public var displayName: String

    public init(email: String, displayName: String) {
        self.email = email
        self.displayName = displayName
    }
}

/// New values for some fields of a user; nil leaves a field as it is.
public struct UserChanges: Sendable, Hashable {
    public var email: String?
    public var displayName: String?

    public init(email: String? = nil, displayName: String? = nil) {
        self.email = email
        self.displayName = displayName
    }
}

extension UserRecord {
    init(id: String, creating user: NewUser, at instant: Date) {
        self.init(
            id: id, email: user.email, displayName: user.displayName, createdAt: instant.inMilliseconds,
            updatedAt: instant.inMilliseconds)
    }

    mutating func apply(_ changes: UserChanges, at instant: Date) {
        let before = self
        if let email = changes.email { self.email = email }
        if let displayName = changes.displayName { self.displayName = displayName }
        if self != before { updatedAt = instant.inMilliseconds }
    }

    /// Equal for two addresses that count as the same.
    var emailKey: String { email.lowercased() }
}

extension Date {
    init(millisecondsSince1970 milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    var millisecondsSince1970: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    fileprivate var inMilliseconds: Date { Date(millisecondsSince1970: millisecondsSince1970) }
}
