import GRDB

/// A second connection to the database, of another process than the service's, that holds SQLite's write lock from
/// its creation until it is released.
struct WriteLock {
    private let connection: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(5)
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func release() async throws {
        try await connection.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
}
