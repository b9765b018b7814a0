import Foundation
import GRDB
import TestSupport
import Testing

@testable import UserDomain

/// What only a real database file can show.
@Suite struct SQLiteTests {
    @Test func usersOutliveTheProcess() async throws {
        try await withDatabasePath { path in
            let ada = try await SQLiteUserRepository(path: path)
                .create(NewUser(email: "ada@example.com", displayName: "Ada"))
            #expect(try await SQLiteUserRepository(path: path).user(id: ada.id) == ada)
        }
    }

    @Test func theCheckTellsAFileWithUsersFromOneWithout() async throws {
        try await withDatabasePath { path in
            let users = try SQLiteUserRepository(path: path)
            try await users.check()
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TABLE user") }
            await #expect(throws: DatabaseError.self) { try await users.check() }
        }
    }

    @Test func aWriteWaitsForTheLockAndReadsDoNot() async throws {
        try await withDatabasePath { path in
            let users = try SQLiteUserRepository(path: path)
            let other = try WriteLock(path: path)
            let ada = Task { try await users.create(NewUser(email: "ada@example.com", displayName: "Ada")) }
            #expect(try await users.page(after: .start, limit: 10).users.isEmpty)
            try await other.release()
            let created = try await ada.value
            #expect(try await users.user(id: created.id) == created)
        }
    }

    /// Cancelled while it waits, a write ends at once, leaves nothing behind, and stands in nobody's way.
    @Test func cancellationEndsAWriteThatWaits() async throws {
        try await withDatabasePath { path in
            let users = try SQLiteUserRepository(path: path)
            let other = try WriteLock(path: path)
            let ada = Task { try await users.create(NewUser(email: "ada@example.com", displayName: "Ada")) }
            try await Task.sleep(for: .milliseconds(20))
            let start = ContinuousClock.now
            ada.cancel()
            await #expect(throws: CancellationError.self) { try await ada.value }
            #expect(ContinuousClock.now - start < .seconds(1))

            try await other.release()
            #expect(try await users.page(after: .start, limit: 10).users.isEmpty)
            _ = try await users.create(NewUser(email: "ada@example.com", displayName: "Ada"))
        }
    }

    @Test func manyWritersAtOnceGetOneAddressOnce() async throws {
        try await withDatabasePath { path in
            let replicas = [try SQLiteUserRepository(path: path), try SQLiteUserRepository(path: path)]
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        (try? await replicas[number % 2].create(NewUser(email: "ada@example.com", displayName: "Ada")))
                            != nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
        }
    }

    @Test func aFileThatIsNoDatabaseIsRefused() async throws {
        try await withDatabasePath { path in
            try Data(repeating: 0x2A, count: 4096).write(to: URL(filePath: path))
            #expect(throws: DatabaseError.self) { try SQLiteUserRepository(path: path) }
        }
    }
}
