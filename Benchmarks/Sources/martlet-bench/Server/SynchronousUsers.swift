import BenchmarkAPI

/// ``Users`` whose unary methods are plain functions, as `option (martlet.synchronous) = true;` makes them.
struct SynchronousUsers: RPCService {
    private let users = Users()

    func register(in router: inout Router) {
        router.register(
            UserServiceMethods.service,
            [
                .unary(UserServiceMethods.getUser, synchronous: { request, _ in .sample(request.id) }),
                .serverStreaming(UserServiceMethods.listUsers) {
                    try await users.listUsers($0, to: $1, context: $2)
                },
                .unary(UserServiceMethods.echo, synchronous: { request, _ in request }),
                .clientStreaming(UserServiceMethods.importUsers) { try await users.importUsers($0, context: $1) },
                .bidirectional(UserServiceMethods.findUsers) {
                    try await users.findUsers($0, to: $1, context: $2)
                },
                .unary(UserServiceMethods.awaitUser) { try await users.awaitUser($0, context: $1) },
            ])
    }
}
