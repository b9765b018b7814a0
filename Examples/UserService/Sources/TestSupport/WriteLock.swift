private import GRDB

/// A connection of its own to an SQLite file that holds the write lock from its creation until it is released.
public struct WriteLock: Sendable {
    private let connection: DatabaseQueue

    public init(path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true  // the transaction stays open between two accesses
        configuration.busyMode = .timeout(5)
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    public func release() async throws {
        try await connection.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
}
