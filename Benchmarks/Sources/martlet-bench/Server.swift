import BenchmarkAPI
import Martlet

/// Answers every request with the same 109 bytes.
struct Users: BenchmarkAPI.UserService {
    func getUser(_ request: GetUserRequest, context: ServerContext) async throws -> User {
        User(
            id: request.id, email: "someone42@example.com", displayName: "Some One Forty-Two",
            createdAtUnix: 1_700_000_042, roles: ["administrator", "member", "auditor"], active: true)
    }
}

func runServer(port: Int) async throws {
    try await RPCServer(services: [Users()], listen: .tcp("127.0.0.1", port)).run()
}
