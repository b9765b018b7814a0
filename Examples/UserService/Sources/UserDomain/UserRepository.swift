/// Where users live.
///
/// Cancelling the calling task ends any of these early with a `CancellationError`, and then nothing has changed.
public protocol UserRepository: Sendable {
    /// Throws ``EmailTaken``.
    func create(_ user: NewUser) async throws -> UserRecord

    /// Throws ``NoSuchUser``.
    func user(id: String) async throws -> UserRecord

    /// Throws ``NoSuchUser`` and ``EmailTaken``.
    func update(id: String, _ changes: UserChanges) async throws -> UserRecord

    /// Throws ``NoSuchUser``.
    func delete(id: String) async throws

    /// At most `limit` users in the order in which they were created, those after `cursor`.
    func page(after cursor: UserCursor, limit: Int) async throws -> UserPage
}

/// Another user has the e-mail address.
public struct EmailTaken: Error, Hashable {
    public let email: String
}

/// No user has the id.
public struct NoSuchUser: Error, Hashable {
    public let id: String
}

public struct UserPage: Sendable, Hashable {
    public let users: [UserRecord]
    /// Nil on the last page.
    public let next: UserCursor?
}
