import GRPCCore
import GRPCNIOTransportHTTP2Posix
import UserAPI

/// Answers every request with the same 109 bytes, and echoes blobs.
struct Users: Benchmarks_V1_UserService.SimpleServiceProtocol {
    let user = Benchmarks_V1_User.with {
        $0.id = "user-000042"
        $0.email = "someone.42@engineering.example.com"
        $0.displayName = "Some One Forty-Two"
        $0.createdAtUnix = 1_700_000_042
        $0.roles = ["administrator", "member", "auditor"]
        $0.active = true
    }

    func getUser(request: Benchmarks_V1_GetUserRequest, context: ServerContext) async throws -> Benchmarks_V1_User {
        user
    }

    func listUsers(
        request: Benchmarks_V1_ListUsersRequest, response: RPCWriter<Benchmarks_V1_User>, context: ServerContext
    ) async throws {
        var sent: Int32 = 0
        while request.count == 0 || sent < request.count {
            try await response.write(user)
            sent &+= 1
        }
    }

    func echo(request: Benchmarks_V1_Blob, context: ServerContext) async throws -> Benchmarks_V1_Blob { request }

    func importUsers(
        request: RPCAsyncSequence<Benchmarks_V1_User, any Error>, context: ServerContext
    ) async throws -> Benchmarks_V1_ImportUsersResponse {
        var response = Benchmarks_V1_ImportUsersResponse()
        for try await _ in request { response.count += 1 }
        return response
    }

    func findUsers(
        request: RPCAsyncSequence<Benchmarks_V1_GetUserRequest, any Error>, response: RPCWriter<Benchmarks_V1_User>,
        context: ServerContext
    ) async throws {
        for try await _ in request { try await response.write(user) }
    }

    func awaitUser(request: Benchmarks_V1_AwaitUserRequest, context: ServerContext) async throws -> Benchmarks_V1_User {
        try await Task.sleep(for: .milliseconds(Int64(request.milliseconds)))
        return user
    }
}

guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
    fatalError("usage: server PORT")
}
let transport = HTTP2ServerTransport.Posix(
    address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: .plaintext)
try await GRPCServer(transport: transport, services: [Users()]).serve()
