import Foundation
import Martlet
import Testing
import UserAPI
import UserDomain

@Suite struct UsersTests {
    @Test func createsAndReturnsAUser() async throws {
        try await withUsers { users in
            let ada = try await users.createUser(.init(email: "ada@example.com", displayName: "Ada"))
            let created = try #require(ada.createdAt)
            #expect(abs(Double(created.seconds) - Date.now.timeIntervalSince1970) < 60)
            #expect(ada.updatedAt == created)
            #expect(try await users.getUser(.init(id: ada.id)) == ada)
        }
    }

    @Test func namesEveryViolation() async throws {
        try await withUsers { users in
            let error = try await #require(throws: RPCError.self) { try await users.createUser(.init(email: "ada")) }
            #expect(error.code == .invalidArgument)
            let violations = try error.details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
            #expect(violations.map(\.field) == ["email", "display_name"])
            #expect(violations.map(\.description).allSatisfy { !$0.isEmpty })
        }
    }

    @Test func namesTheAddressThatIsTaken() async throws {
        try await withUsers { users in
            _ = try await users.createUser(.init(email: "ada@example.com", displayName: "Ada"))
            let error = try await #require(throws: RPCError.self) {
                try await users.createUser(.init(email: "ADA@example.com", displayName: "Ada"))
            }
            #expect(error.code == .alreadyExists)
            let resource = try #require(try error.details(of: GoogleRPC.ResourceInfo.self).first)
            #expect(resource.resourceType == "users.v1.User")
            #expect(resource.resourceName == "ADA@example.com")
        }
    }

    @Test func namesTheUserThatIsMissing() async throws {
        try await withUsers { users in
            let update = UpdateUserRequest(user: User(id: "u-0", displayName: "Nobody"))
            let errors = [
                try await #require(throws: RPCError.self) { try await users.getUser(.init(id: "u-0")) },
                try await #require(throws: RPCError.self) { try await users.updateUser(update) },
                try await #require(throws: RPCError.self) { try await users.deleteUser(.init(id: "u-0")) },
            ]
            for error in errors {
                #expect(error.code == .notFound)
                #expect(error.message == "no user has the id u-0")
            }
        }
    }

    @Test(arguments: [
        (["email"], "new@example.com", "Ada"),
        (["display_name"], "ada@example.com", "New"),
        (["email", "display_name"], "new@example.com", "New"),
        ([], "new@example.com", "New"),
    ])
    func updatesWhatTheMaskNames(paths: [String], email: String, displayName: String) async throws {
        try await withUsers { users in
            let ada = try await users.createUser(.init(email: "ada@example.com", displayName: "Ada"))
            let new = User(id: ada.id, email: "new@example.com", displayName: "New")
            let mask = paths.isEmpty ? nil : GoogleProtobuf.FieldMask(paths: paths)
            let updated = try await users.updateUser(.init(user: new, updateMask: mask))
            #expect(updated.email == email)
            #expect(updated.displayName == displayName)
            #expect(updated.createdAt == ada.createdAt)
        }
    }

    @Test func aMaskCannotEmptyAFieldOrNameAnother() async throws {
        try await withUsers { users in
            let ada = try await users.createUser(.init(email: "ada@example.com", displayName: "Ada"))
            let request = UpdateUserRequest(
                user: User(id: ada.id), updateMask: .init(paths: ["email", "display_name", "created_at"]))
            let error = try await #require(throws: RPCError.self) { try await users.updateUser(request) }
            #expect(error.code == .invalidArgument)
            let violations = try error.details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
            #expect(violations.map(\.field) == ["user.email", "user.display_name", "update_mask"])
            #expect(try await users.getUser(.init(id: ada.id)) == ada)
        }
    }

    @Test func aForeignErrorKeepsItsText() async throws {
        try await withUsers(BrokenRepository()) { users in
            let error = try await #require(throws: RPCError.self) { try await users.getUser(.init(id: "u-1")) }
            #expect(error.code == .unknown)
            #expect(!error.message.contains("secret"))
            #expect(error.details.isEmpty)
        }
    }
}

private struct BrokenRepository: UserRepository {
    struct Broken: Error { let text = "the secret of the database" }

    func create(_ user: NewUser) async throws -> UserRecord { throw Broken() }
    func user(id: String) async throws -> UserRecord { throw Broken() }
    func update(id: String, _ changes: UserChanges) async throws -> UserRecord { throw Broken() }
    func delete(id: String) async throws { throw Broken() }
    func page(after cursor: UserCursor, limit: Int) async throws -> UserPage { throw Broken() }
}
