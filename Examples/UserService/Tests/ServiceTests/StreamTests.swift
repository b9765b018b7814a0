import Foundation
import Martlet
import TestSupport
import Testing
import UserAPI
import UserDomain

@Suite struct StreamTests {
    /// More users than the server holds at once, over a real file.
    @Test func listsAllUsersInOrder() async throws {
        try await withDatabasePath { path in
            let repository = try SQLiteUserRepository(path: path, logger: .quiet)
            for number in 0..<250 {
                _ = try await repository.create(NewUser(email: "\(number)@example.com", displayName: "\(number)"))
            }
            try await withUsers(repository) { users in
                var names: [String] = []
                for try await user in users.listUsers(.init()) { names.append(user.displayName) }
                #expect(names == (0..<250).map(String.init))
            }
        }
    }

    @Test func listsNobody() async throws {
        try await withUsers { users in
            for try await user in users.listUsers(.init()) { Issue.record("\(user) is not there") }
        }
    }

    @Test func importsWhatItCanAndTellsTheRest() async throws {
        try await withUsers { users in
            let response = try await users.importUsers { requests in
                for email in ["ada@example.com", "ada", "ADA@example.com", "grace@example.com"] {
                    try await requests.write(.init(email: email, displayName: "Somebody"))
                }
            }
            #expect(response.createdCount == 2)
            #expect(response.failures.map(\.position) == [1, 2])
            let errors = response.failures.compactMap(\.status).compactMap { RPCError($0) }
            #expect(errors.map(\.code) == [.invalidArgument, .alreadyExists])
            let violations = try errors[0].details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
            #expect(violations.map(\.field) == ["email"])
        }
    }

    @Test func anImportWithoutEndEndsEarly() async throws {
        try await withUsers { users in
            let response = try await users.importUsers { requests in
                while true { try await requests.write(.init(email: "nowhere")) }
            }
            #expect(response.createdCount == 0)
            #expect(response.failures.map(\.position) == Array(0..<100))
        }
    }

    @Test func anImportThatFailsOnTheWayKeepsWhatCameBefore() async throws {
        struct Lost: Error {}
        let repository = InMemoryUserRepository()
        try await withUsers(repository) { users in
            await #expect(throws: Lost.self) {
                try await users.importUsers { requests in
                    try await requests.write(.init(email: "ada@example.com", displayName: "Ada"))
                    while await repository.page(after: .start, limit: 1).users.isEmpty {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    throw Lost()
                }
            }
        }
        #expect(await repository.page(after: .start, limit: 9).users.map(\.displayName) == ["Ada"])
    }

    /// The call is kept as a value here: each answer comes while the requests go on.
    @Test func syncAnswersWhatHasChanged() async throws {
        try await withUsers { users in
            var copy: [User] = []
            for name in ["Ada", "Grace", "Edsger"] {
                copy.append(try await users.createUser(.init(email: "\(name)@example.com", displayName: name)))
            }
            let stale = SyncUsersRequest(id: copy[0].id, updatedAt: .init(seconds: 1))
            _ = try await users.deleteUser(.init(id: copy[1].id))

            let call = users.syncUsers()
            var responses = call.responses.makeAsyncIterator()
            try await call.requests.write(stale)
            #expect(try await responses.next()?.change == .updated(copy[0]))
            try await call.requests.write(.init(id: copy[2].id, updatedAt: copy[2].updatedAt))
            try await call.requests.write(.init(id: copy[1].id, updatedAt: copy[1].updatedAt))
            #expect(try await responses.next()?.change == .deletedId(copy[1].id))
            call.requests.finish()
            #expect(try await responses.next() == nil)
        }
    }

    @Test func aBlockingCallerGetsTheSame() async throws {
        try await withUsers { users in
            for name in ["Ada", "Grace"] {
                _ = try await users.createUser(.init(email: "\(name)@example.com", displayName: name))
            }
            let names = try await onAThread {
                var names: [String] = []
                try users.blocking.listUsers(.init()) { user in
                    names.append(try users.blocking.getUser(.init(id: user.id)).displayName)
                }
                return names
            }
            #expect(names == ["Ada", "Grace"])
        }
    }
}

/// Runs code that isn't async on a thread that it may hold up.
private func onAThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: .init(catching: body)) }
    }
}
