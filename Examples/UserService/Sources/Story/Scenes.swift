import Foundation
import Martlet
import ProcessSupport
import TestSupport
import UserAPI

/// The scenes of the story; those with streams are in a file of their own. Each throws if anything differs from what it should be.
struct Scenes {
    let database: String
    let userServer: ServiceProcess
    let signupServer: ServiceProcess
    let users: UserServiceClient
    let signups: SignupServiceClient

    func signUps() async throws {
        title("2. Three visitors sign up. SignupService has each one created by UserService.")
        for (email, name) in [
            ("ada@example.com", "Ada Lovelace"), ("grace@example.com", "Grace Hopper"), ("edsger@example.com", ""),
        ] {
            let response = try await signUp(email, name)
            let user = try response.user.orSurprise("SignUp returned no user")
            try expect("the address", user.email, toBe: email)
            try expect(!user.id.isEmpty && user.createdAt != nil, "the user has no id or no time: \(user)")
            tell("SignUp \(email) → \"\(response.greeting)\" id \(user.id)")
        }
    }

    func rejection() async throws {
        title("3. A request that breaks rules is told all of them at once.")
        let error = try await failure(.invalidArgument) {
            try await signUp("not-an-address", String(repeating: "x", count: 101))
        }
        let violations = try error.details(of: GoogleRPC.BadRequest.self).flatMap(\.fieldViolations)
        try expect("the fields", violations.map(\.field), toBe: ["email", "display_name"])
        tell("SignUp not-an-address → \(error.code.name), google.rpc.BadRequest:")
        for violation in violations { tell("  \(violation.field) \(violation.description)") }
    }

    func duplicate() async throws {
        title("4. An e-mail address belongs to one user, however it is spelled.")
        let error = try await failure(.alreadyExists) { try await signUp("ADA@Example.com", "Another Ada") }
        let resource = try error.details(of: GoogleRPC.ResourceInfo.self).first.orSurprise("no ResourceInfo came")
        try expect("the resource", resource.resourceName, toBe: "ADA@Example.com")
        tell("SignUp ADA@Example.com → \(error.code.name), google.rpc.ResourceInfo:")
        tell("  \(resource.resourceType) \(resource.resourceName): \(resource.description)")
    }

    func changes() async throws {
        title("5. Users change, and go.")
        let edsger = try await everyone(users).last.orSurprise("there are no users")
        let renamed = try await users.updateUser(
            .init(
                user: User(id: edsger.id, displayName: "Edsger Dijkstra"), updateMask: .init(paths: ["display_name"])),
            options: .timeout(.seconds(5)))
        try expect("the address", renamed.email, toBe: "edsger@example.com")
        tell("UpdateUser \(edsger.displayName) → \(renamed.displayName)")

        let short = try await users.createUser(
            .init(email: "short@example.com", displayName: "Short Stay"), options: .timeout(.seconds(5)))
        _ = try await users.deleteUser(.init(id: short.id), options: .timeout(.seconds(5)))
        let error = try await failure(.notFound) {
            try await users.getUser(.init(id: short.id), options: .timeout(.seconds(5)))
        }
        tell("DeleteUser \(short.displayName), and then GetUser → \(error.code.name): \(error.message)")
    }

    func deadline() async throws {
        title("6. A deadline passes, through both services.")
        tell("Another process takes SQLite's write lock (BEGIN IMMEDIATE), so that nobody can write.")
        let lock = try WriteLock(path: database)
        let clock = ContinuousClock()
        let start = clock.now
        let error = try await failure(.deadlineExceeded) {
            try await signUp("late@example.com", "Late", timeout: .milliseconds(400))
        }
        let elapsed = clock.now - start
        tell("SignUp late@example.com, with 400 ms to spend → \(error.code.name) after \(elapsed.inMilliseconds)")
        try expect(elapsed < .seconds(2), "the deadline was 400 ms and the call took \(elapsed)")
        try await quote(userServer, "write lock")
        try await quote(userServer, "CreateUser: stopped")
        try await quote(signupServer, "SignUp: stopped")
        try await lock.release()

        let addresses = try await everyone(users).map(\.email)
        try expect(!addresses.contains("late@example.com"), "the user exists after all")
        tell("The lock is free again, and nobody called late@example.com has been created meanwhile.")
    }

    /// Both services are told to stop while a call runs through them.
    func goodbye() async throws {
        title("10. Both services are asked to stop (SIGTERM) in the middle of a sign-up, and finish it first.")
        let lock = try WriteLock(path: database)
        let signups = signups
        let last = SignUpRequest(email: "last@example.com", displayName: "Last But Not Least")
        async let response = signups.signUp(last, options: .timeout(.seconds(5)))
        try await quote(userServer, "write lock")
        userServer.terminate()
        signupServer.terminate()
        try await quote(userServer, "shutting down")
        try await quote(signupServer, "shutting down")
        try await lock.release()
        tell("The write lock is released. SignUp last@example.com → \"\(try await response.greeting)\"")
        for server in [signupServer, userServer] {
            try expect("the exit status of \(server.name)", try await server.exitStatus(), toBe: 0)
            tell("\(server.name) has stopped, exit status 0.")
        }
    }

    /// Tells the next line of a server's log that contains `text`.
    private func quote(_ server: ServiceProcess, _ text: String) async throws {
        tell("\(server.name) logs: \(try await server.line(containing: text))")
    }

    private func signUp(
        _ email: String, _ name: String, timeout: Duration = .seconds(5)
    ) async throws -> SignUpResponse {
        try await signups.signUp(.init(email: email, displayName: name), options: .timeout(timeout))
    }
}
