import BenchmarkAPI
import Martlet

/// Answers every request with the same 109 bytes, and echoes blobs.
struct Users: BenchmarkAPI.UserService {
    func getUser(_ request: GetUserRequest, context: ServerContext) async throws -> User { user(request.id) }

    func listUsers(
        _ request: ListUsersRequest, to responses: MessageWriter<User>, context: ServerContext
    ) async throws {
        while true { try await responses.write(user("user-000042")) }
    }

    func echo(_ request: Blob, context: ServerContext) async throws -> Blob { request }

    private func user(_ id: String) -> User {
        User(
            id: id, email: "someone42@example.com", displayName: "Some One Forty-Two",
            createdAtUnix: 1_700_000_042, roles: ["administrator", "member", "auditor"], active: true)
    }
}

func runServer(port: Int) async throws {
    try await RPCServer(services: [Users()], listen: .tcp("127.0.0.1", port)).run()
}
