internal import Foundation
private import GRDB
public import Logging

/// Users in an SQLite file.
///
/// Readers never wait (WAL). A writer waits while another connection holds the write lock, without holding a
/// thread, until its task is cancelled or ``lockTimeout`` passes.
public struct SQLiteUserRepository: UserRepository {
    /// How long a write waits for the write lock before it fails with SQLITE_BUSY.
    public static let lockTimeout: Duration = .seconds(30)

    private let database: DatabasePool
    private let logger: Logger

    /// Opens the file, creates it if there is none, and brings its schema up to date.
    public init(path: String, logger: Logger = Logger(label: "users.sqlite")) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(Double(Self.lockTimeout.components.seconds))
        try UserSchema.migrator.migrate(DatabaseQueue(path: path, configuration: configuration))

        configuration.busyMode = .immediateError  // `write` does the waiting
        database = try DatabasePool(path: path, configuration: configuration)
        self.logger = logger
    }

    /// Throws why users can't be read from the file now.
    public func check() async throws {
        try await database.read { _ = try Row.fetchOne($0, sql: "SELECT 1 FROM user LIMIT 1") }
    }

    public func create(_ user: NewUser) async throws -> UserRecord {
        let record = UserRecord(id: UUID().uuidString.lowercased(), creating: user, at: .now)
        try await write { database in
            try refusingTakenEmail(record) {
                try database.execute(
                    sql: """
                        INSERT INTO user (id, email, email_key, display_name, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        record.id, record.email, record.emailKey, record.displayName,
                        record.createdAt.millisecondsSince1970, record.updatedAt.millisecondsSince1970,
                    ])
            }
        }
        return record
    }

    public func user(id: String) async throws -> UserRecord {
        try await database.read { try find(id, in: $0) }
    }

    public func update(id: String, _ changes: UserChanges) async throws -> UserRecord {
        try await write { database in
            var record = try find(id, in: database)
            record.apply(changes, at: .now)
            try refusingTakenEmail(record) {
                try database.execute(
                    sql: "UPDATE user SET email = ?, email_key = ?, display_name = ?, updated_at = ? WHERE id = ?",
                    arguments: [
                        record.email, record.emailKey, record.displayName, record.updatedAt.millisecondsSince1970, id,
                    ])
            }
            return record
        }
    }

    public func delete(id: String) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
            guard database.changesCount == 1 else { throw NoSuchUser(id: id) }
        }
    }

    public func page(after cursor: UserCursor, limit: Int) async throws -> UserPage {
        try await database.read { database in
            // One row more than asked for tells whether another page follows.
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM user WHERE position > ? ORDER BY position LIMIT ?",
                arguments: [cursor.position, limit + 1])
            let shown = rows.prefix(limit)
            return UserPage(
                users: shown.map(UserRecord.init),
                next: rows.count > limit ? shown.last.map { UserCursor(position: $0["position"]) } : nil)
        }
    }

    private func write<Result: Sendable>(
        _ updates: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        let clock = ContinuousClock()
        let end = clock.now + Self.lockTimeout
        var pause: Duration = .milliseconds(1)
        var hasWaited = false
        while true {
            do {
                return try await database.write(updates)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && clock.now < end {
                if !hasWaited {
                    logger.notice("waiting: another connection holds the database's write lock")
                    hasWaited = true
                }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }
}

private func find(_ id: String, in database: Database) throws -> UserRecord {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM user WHERE id = ?", arguments: [id]) else {
        throw NoSuchUser(id: id)
    }
    return UserRecord(row: row)
}

/// The schema's unique index on `email_key` decides, so that two writers can't both be right.
private func refusingTakenEmail(_ record: UserRecord, _ write: () throws -> Void) throws {
    do {
        try write()
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
        throw EmailTaken(email: record.email)
    }
}

extension UserRecord {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], email: row["email"], displayName: row["display_name"],
            createdAt: Date(millisecondsSince1970: row["created_at"]),
            updatedAt: Date(millisecondsSince1970: row["updated_at"]))
    }
}
