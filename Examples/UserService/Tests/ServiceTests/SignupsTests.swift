import Foundation
import GRDB
import Martlet
import Testing
import UserAPI
import UserDomain

@Suite struct SignupsTests {
    @Test func greetsANewUser() async throws {
        try await withSignups { signups in
            let response = try await signups.signUp(.init(email: "ada@example.com", displayName: "Ada"))
            #expect(response.greeting == "Welcome, Ada!")
            #expect(response.user?.email == "ada@example.com")
        }
    }

    @Test func namesAVisitorWhoGivesNoName() async throws {
        try await withSignups { signups in
            let response = try await signups.signUp(.init(email: "edsger@example.com"))
            #expect(response.user?.displayName == "edsger")
        }
    }

    @Test func failsAsTheUserServiceDoesDetailsIncluded() async throws {
        try await withSignups { signups in
            let error = try #require(await failure { try await signups.signUp(.init()) })
            #expect(error.code == .invalidArgument)
            let violations = try error.details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
            #expect(violations.map(\.field) == ["email", "display_name"])
        }
    }

    /// The deadline of the visitor's call ends the write that waits in the other service, and nothing is written.
    @Test func aDeadlineEndsTheWriteBehindBothServices() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "users.sqlite").path
        let repository = try SQLiteUserRepository(path: path, logger: .quiet)

        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)

        try await withSignups(repository) { signups in
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let request = SignUpRequest(email: "ada@example.com", displayName: "Ada")
            let error = await failure { try await signups.signUp(request, options: .timeout(.milliseconds(200))) }
            #expect(error?.code == .deadlineExceeded)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }

            _ = try await signups.signUp(request)
            #expect(try await repository.page(after: .start, limit: 10).users.map(\.displayName) == ["Ada"])
        }
    }
}
