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

    func listUsers(_ request: ListUsersRequest, context: ServerContext) async throws -> ListUsersResponse {
        try await answer(context) {
            let (cursor, limit) = try UserCursor.reading(request)
            let page = try await repository.page(after: cursor, limit: limit)
            return ListUsersResponse(users: page.users.map(User.init), nextPageToken: page.next?.token ?? "")
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
