import BenchmarkAPI

/// Answers every request with the same 109 bytes, and echoes blobs.
struct Users: BenchmarkAPI.UserService {
    func getUser(_ request: GetUserRequest, context: ServerContext) async throws -> User { .sample(request.id) }

    func listUsers(
        _ request: ListUsersRequest, to responses: MessageWriter<User>, context: ServerContext
    ) async throws {
        guard request.count >= 0 else { throw RPCError(.invalidArgument, "count is negative: \(request.count)") }
        var sent: Int32 = 0
        while request.count == 0 || sent < request.count {
            try await responses.write(.sample(User.sampleID))
            sent &+= 1
        }
    }

    func echo(_ request: Blob, context: ServerContext) async throws -> Blob { request }

    func importUsers(
        _ requests: MessageStream<User>, context: ServerContext
    ) async throws -> ImportUsersResponse {
        var response = ImportUsersResponse()
        for try await _ in requests { response.count += 1 }
        return response
    }

    func findUsers(
        _ requests: MessageStream<GetUserRequest>, to responses: MessageWriter<User>, context: ServerContext
    ) async throws {
        for try await request in requests { try await responses.write(.sample(request.id)) }
    }

    func awaitUser(_ request: AwaitUserRequest, context: ServerContext) async throws -> User {
        try await Task.sleep(for: .milliseconds(request.milliseconds))
        return .sample(User.sampleID)
    }
}
