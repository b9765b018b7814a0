import Logging
import Martlet
import ServiceSupport
import UserAPI
import UserDomain

/// Answers users.v1.UserService: checks the request, asks the repository, and says what went wrong in the terms of
/// the service.
///
/// There is no word about deadlines here. When one passes, the server cancels the task that runs the method, and
/// with it whatever the repository is doing.
struct Users: UserService {
    let repository: any UserRepository
    let logger: Logger

    func createUser(_ request: CreateUserRequest, context: ServerContext) async throws -> User {
        try await answer(context) {
            let user = try NewUser(request)
            return User(try await repository.create(user))
        }
    }

    func getUser(_ request: GetUserRequest, context: ServerContext) async throws -> User {
        try await answer(context) {
            try requireValid { $0.check(id: request.id, field: "id") }
            return User(try await repository.user(id: request.id))
        }
    }

    func updateUser(_ request: UpdateUserRequest, context: ServerContext) async throws -> User {
        try await answer(context) {
            let (id, changes) = try UserChanges.reading(request)
            return User(try await repository.update(id: id, changes))
        }
    }

    func deleteUser(_ request: DeleteUserRequest, context: ServerContext) async throws -> GoogleProtobuf.Empty {
        try await answer(context) {
            try requireValid { $0.check(id: request.id, field: "id") }
            try await repository.delete(id: request.id)
            return .init()
        }
    }

    /// Holds one page at a time, and no transaction between pages: a caller that reads slowly is in nobody's way.
    func listUsers(
        _ request: ListUsersRequest, to responses: MessageWriter<User>, context: ServerContext
    ) async throws {
        try await answer(context) {
            var next: UserCursor? = .start
            while let cursor = next {
                let page = try await repository.page(after: cursor, limit: 100)
                for user in page.users { try await responses.write(User(user)) }
                next = page.next
            }
        }
    }

    func importUsers(
        _ requests: MessageStream<ImportUsersRequest>, context: ServerContext
    ) async throws -> ImportUsersResponse {
        try await answer(context) {
            var response = ImportUsersResponse()
            var position: Int64 = 0
            for try await request in requests {
                do {
                    _ = try await repository.create(try NewUser(request))
                    response.createdCount += 1
                } catch let error as any RPCErrorConvertible {
                    response.failures.append(.init(position: position, status: .init(error.rpcError)))
                    if response.failures.count == 100 { break }
                }
                position += 1
            }
            return response
        }
    }

    func syncUsers(
        _ requests: MessageStream<SyncUsersRequest>, to responses: MessageWriter<SyncUsersResponse>,
        context: ServerContext
    ) async throws {
        try await answer(context) {
            for try await known in requests {
                do {
                    let user = User(try await repository.user(id: known.id))
                    if user.updatedAt != known.updatedAt { try await responses.write(.init(change: .updated(user))) }
                } catch is NoSuchUser {
                    try await responses.write(.init(change: .deletedId(known.id)))
                }
            }
        }
    }

    private func answer<Response>(
        _ context: ServerContext, _ body: () async throws -> Response
    ) async throws -> Response {
        try await logging(context, to: logger) {
            do {
                return try await body()
            } catch let error as any RPCErrorConvertible {
                throw error.rpcError
            }
        }
    }
}
