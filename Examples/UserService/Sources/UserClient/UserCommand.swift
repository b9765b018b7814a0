import ArgumentParser
import Foundation
import Martlet
import UserAPI

/// A command that calls users.v1.UserService.
protocol UserCommand: AsyncParsableCommand {
    var call: CallFlags { get }
    func run(_ users: UserServiceClient) async throws
}

extension UserCommand {
    func run() async throws {
        try await call.withChannel(defaultPort: StandardPort.userService) { try await run(UserServiceClient($0)) }
    }
}

struct CallFlags: ParsableArguments {
    @Option(help: "Where the server is. (default: port 7000 of this machine; for signup 7001)")
    var target: String?

    @Option(help: "How many seconds a call may take.")
    var timeout = 5.0

    var options: CallOptions { .timeout(.seconds(timeout)) }

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout must be more than 0 seconds.") }
    }

    /// Shows a call that fails with its violations, and ends the process with 1.
    func withChannel(defaultPort: UInt16, _ body: (ClientChannel) async throws -> Void) async throws {
        let channel = try ClientChannel(target ?? "tcp://127.0.0.1:\(defaultPort)")
        do {
            try await body(channel)
        } catch let error as RPCError {
            FileHandle.standardError.write(Data((lines(about: error).joined(separator: "\n") + "\n").utf8))
            throw ExitCode.failure
        }
        await channel.shutdown()
    }
}

private func lines(about error: RPCError) -> [String] {
    let violations = (try? error.details(of: GoogleRPC.BadRequest.self))?.flatMap(\.fieldViolations) ?? []
    guard !violations.isEmpty else { return ["\(error)"] }
    return ["\(error.code.name):"] + violations.map { "  \($0.field) \($0.description)" }
}

func show(_ user: User) {
    print("\(user.id)  \(user.email)  \(user.displayName)")
}
