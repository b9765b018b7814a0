import Foundation
import TestSupport
import Testing

@testable import UserDomain

/// What holds for every repository.
@Suite struct RepositoryTests {
    @Test(arguments: Store.allCases) func keepsWhatItCreates(store: Store) async throws {
        try await store.withRepository { users in
            let ada = try await users.create(NewUser(email: "Ada@example.com", displayName: "Ada Lovelace"))
            #expect(ada.email == "Ada@example.com")
            #expect(ada.createdAt == ada.updatedAt)
            #expect(abs(ada.createdAt.timeIntervalSinceNow) < 60)
            #expect(try await users.user(id: ada.id) == ada)
        }
    }

    @Test(arguments: Store.allCases) func refusesAnAddressThatIsTaken(store: Store) async throws {
        try await store.withRepository { users in
            let ada = try await users.create(NewUser(email: "ada@example.com", displayName: "Ada"))
            let grace = try await users.create(NewUser(email: "grace@example.com", displayName: "Grace"))
            await #expect(throws: EmailTaken(email: "ADA@Example.com")) {
                try await users.create(NewUser(email: "ADA@Example.com", displayName: "Another"))
            }
            await #expect(throws: EmailTaken(email: "Ada@example.com")) {
                try await users.update(id: grace.id, UserChanges(email: "Ada@example.com"))
            }
            #expect(try await users.page(after: .start, limit: 10).users == [ada, grace])

            // One's own address in another spelling is not taken, and a deleted user's is free again.
            #expect(
                try await users.update(id: ada.id, UserChanges(email: "ADA@example.com")).email == "ADA@example.com")
            try await users.delete(id: ada.id)
            _ = try await users.create(NewUser(email: "ada@example.com", displayName: "Ada"))
        }
    }

    @Test(arguments: Store.allCases) func updatesOnlyWhatChanges(store: Store) async throws {
        try await store.withRepository { users in
            let ada = try await users.create(NewUser(email: "ada@example.com", displayName: "Ada"))
            #expect(try await users.update(id: ada.id, UserChanges()) == ada)
            try await Task.sleep(for: .milliseconds(2))
            let renamed = try await users.update(id: ada.id, UserChanges(displayName: "Countess"))
            #expect(renamed.displayName == "Countess")
            #expect(renamed.email == ada.email)
            #expect(renamed.createdAt == ada.createdAt)
            #expect(renamed.updatedAt > ada.updatedAt)
            #expect(try await users.user(id: ada.id) == renamed)
        }
    }

    @Test(arguments: Store.allCases) func namesTheUserThatIsMissing(store: Store) async throws {
        try await store.withRepository { users in
            await #expect(throws: NoSuchUser(id: "u-0")) { try await users.user(id: "u-0") }
            await #expect(throws: NoSuchUser(id: "u-0")) {
                try await users.update(id: "u-0", UserChanges(displayName: "Nobody"))
            }
            await #expect(throws: NoSuchUser(id: "u-0")) { try await users.delete(id: "u-0") }
        }
    }

    @Test(arguments: Store.allCases) func pagesStayRightWhenUsersComeAndGo(store: Store) async throws {
        try await store.withRepository { users in
            var created: [UserRecord] = []
            for number in 1...5 {
                created.append(
                    try await users.create(NewUser(email: "\(number)@example.com", displayName: "\(number)")))
            }
            let first = try await users.page(after: .start, limit: 2)
            #expect(first.users == Array(created[0..<2]))

            try await users.delete(id: created[1].id)  // the one the cursor stands on
            try await users.delete(id: created[2].id)
            let sixth = try await users.create(NewUser(email: "6@example.com", displayName: "6"))

            let second = try await users.page(after: try #require(first.next), limit: 2)
            #expect(second.users == Array(created[3..<5]))
            let third = try await users.page(after: try #require(second.next), limit: 2)
            #expect(third == UserPage(users: [sixth], next: nil))
        }
    }

    /// The place of a deleted user isn't given to the next one, which a reader who is past it would miss.
    @Test(arguments: Store.allCases) func placesInTheListAreNotUsedTwice(store: Store) async throws {
        try await store.withRepository { users in
            _ = try await users.create(NewUser(email: "1@example.com", displayName: "1"))
            let second = try await users.create(NewUser(email: "2@example.com", displayName: "2"))
            let third = try await users.create(NewUser(email: "3@example.com", displayName: "3"))
            let cursor = try #require(try await users.page(after: .start, limit: 2).next)
            try await users.delete(id: second.id)
            try await users.delete(id: third.id)
            let fourth = try await users.create(NewUser(email: "4@example.com", displayName: "4"))
            #expect(try await users.page(after: cursor, limit: 2).users == [fourth])
        }
    }

    @Test(arguments: Store.allCases) func aPageThatEndsTheListSaysSo(store: Store) async throws {
        try await store.withRepository { users in
            #expect(try await users.page(after: .start, limit: 2) == UserPage(users: [], next: nil))
            _ = try await users.create(NewUser(email: "1@example.com", displayName: "1"))
            _ = try await users.create(NewUser(email: "2@example.com", displayName: "2"))
            #expect(try await users.page(after: .start, limit: 2).next == nil)
        }
    }
}

/// The two kinds of repository, each empty and on its own.
enum Store: CaseIterable {
    case memory, sqlite

    func withRepository(_ body: (any UserRepository) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(InMemoryUserRepository())
        case .sqlite: try await withDatabasePath { try await body(SQLiteUserRepository(path: $0)) }
        }
    }
}
