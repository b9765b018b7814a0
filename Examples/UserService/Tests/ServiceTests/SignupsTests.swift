import Martlet
import MartletTesting
import TestSupport
import Testing
import UserAPI
import UserAPIDoubles
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

    /// What stands in for the other service tells what it was asked.
    @Test func asksForOneUserAndLeavesTheRestOfTheTime() async throws {
        let users = UserServiceDouble.creating
        try await withSignups(users.client) { signups in
            let request = SignUpRequest(email: "ada@example.com")
            let response = try await signups.signUp(request, options: .timeout(.seconds(60)))
            #expect(response.user?.id == "u-1")
        }
        #expect(users.createUser.calls.map(\.requests) == [[.init(email: "ada@example.com", displayName: "ada")]])
        let timeout = try #require(users.createUser.calls[0].timeout)
        #expect(timeout > .seconds(30) && timeout < .seconds(60))
        #expect(users.getUser.calls.isEmpty)
    }

    @Test func failsAsTheUserServiceDoesDetailsIncluded() async throws {
        try await withSignups { signups in
            let error = try await #require(throws: RPCError.self) { try await signups.signUp(.init()) }
            #expect(error.code == .invalidArgument)
            let violations = try error.details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
            #expect(violations.map(\.field) == ["email", "display_name"])
        }
    }

    /// The deadline of the visitor's call ends the write that waits in the other service, and nothing is written.
    @Test func aDeadlineEndsTheWriteBehindBothServices() async throws {
        try await withDatabasePath { path in
            let repository = try SQLiteUserRepository(path: path, logger: .quiet)
            try await withSignups(repository) { signups in
                let request = SignUpRequest(email: "ada@example.com", displayName: "Ada")
                let lock = try WriteLock(path: path)
                let error = try await #require(throws: RPCError.self) {
                    try await signups.signUp(request, options: .timeout(.milliseconds(200)))
                }
                #expect(error.code == .deadlineExceeded)
                try await lock.release()

                _ = try await signups.signUp(request)
                #expect(try await repository.page(after: .start, limit: 10).users.map(\.displayName) == ["Ada"])
            }
        }
    }
}
