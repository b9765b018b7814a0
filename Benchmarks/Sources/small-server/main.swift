import BenchmarkAPI
import Martlet

/// The server whose start and memory are compared: as small as the other frameworks' are. Of `martlet-bench server`,
/// which takes options, most would be Foundation, which comes with those.
struct Users: RPCService {
    func register(in router: inout Router) {
        router.register(
            UserServiceMethods.service,
            [.unary(UserServiceMethods.getUser) { request, _ in .sample(request.id) }])
    }
}

guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
    fatalError("usage: small-server PORT")
}
try await RPCServer(services: [Users()], listen: .tcp("127.0.0.1", port)).run()
