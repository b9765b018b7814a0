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

/// Requests and responses of this size pass, in bytes.
let maxMessageBytes = 128 << 20

/// What a server does besides answering.
enum ServerMode: String {
    case plain
    /// An interceptor, idle times, a connection's age.
    case featured
    /// Blobs are echoed on the global pool, as handlers of large messages should be.
    case pooled
    /// Listens on all of loopback's addresses, and so on the machine's others.
    case everywhere
}

func runServer(port: Int, mode: ServerMode) async throws {
    var configuration = ServerConfiguration()
    configuration.maxMessageBytes = maxMessageBytes
    if mode == .featured {
        configuration.interceptors = [Observer()]
        configuration.keepalive.interval = .seconds(10)
        configuration.maxConnectionIdle = .seconds(60)
        configuration.maxConnectionAge = .seconds(3600)
    }
    let users = Users()
    let services: [any RPCService] =
        mode == .pooled ? [users.running(on: .globalPool, for: UserServiceMethods.echo.descriptor)] : [users]
    try await RPCServer(
        services: services, listen: .tcp(mode == .everywhere ? "0.0.0.0" : "127.0.0.1", port),
        configuration: configuration
    ).run()
}
