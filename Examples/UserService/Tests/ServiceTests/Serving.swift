import Foundation
import Logging
import Martlet
import UserAPI
import UserDomain

@testable import SignupServer
@testable import UserServer

/// Serves users on a port of their own while `body` runs.
func withUsers(
    _ repository: any UserRepository = InMemoryUserRepository(), _ body: (UserServiceClient) async throws -> Void
) async throws {
    try await withServer(Users(repository: repository, logger: .quiet)) { try await body(UserServiceClient($0)) }
}

/// Serves sign-ups in front of such users while `body` runs.
func withSignups(
    _ repository: any UserRepository = InMemoryUserRepository(), _ body: (SignupServiceClient) async throws -> Void
) async throws {
    try await withUsers(repository) { try await withSignups($0, body) }
}

func withSignups(_ users: UserServiceClient, _ body: (SignupServiceClient) async throws -> Void) async throws {
    try await withServer(Signups(users: users, logger: .quiet)) { try await body(SignupServiceClient($0)) }
}

private func withServer(_ service: any RPCService, _ body: (ClientChannel) async throws -> Void) async throws {
    let server = RPCServer(services: [service], listen: .tcp("127.0.0.1", 0), configuration: .init())
    try await withThrowingTaskGroup { group in
        group.addTask { try await server.run() }
        let channel = try ClientChannel("tcp://\(try await server.addresses[0])")
        try await body(channel)
        await channel.shutdown()
        group.cancelAll()
    }
}

extension Logger {
    static let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })
}
