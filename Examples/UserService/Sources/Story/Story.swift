import Foundation
import Martlet
import ProcessSupport
import TestSupport
import UserAPI

/// Runs the two services as processes of their own and tells what happens between them and their callers.
/// Ends with 1 if anything differs from what it should be.
@main
struct Story {
    static func main() async {
        var processes: [ServiceProcess] = []
        do {
            try await withDatabasePath { try await run(database: $0, processes: &processes) }
            print("\nThe end. Everything was as it should be.")
        } catch {
            print("\nThe story went wrong: \(error)\n")
            for process in processes {
                process.kill()
                print(process.transcript)
            }
            exit(1)
        }
    }

    private static func run(database: String, processes: inout [ServiceProcess]) async throws {
        print("Two services that call each other, and their callers")
        title("1. The services start, each a process of its own.")
        let userServer = try ServiceProcess("UserServer", ["--port", "0", "--database", database])
        processes.append(userServer)
        let usersTarget = "tcp://\(try await address(of: userServer))"
        tell("UserService at \(usersTarget) keeps its users in the SQLite file \(database).")

        let signupServer = try ServiceProcess("SignupServer", ["--port", "0", "--users", usersTarget])
        processes.append(signupServer)
        let signupTarget = "tcp://\(try await address(of: signupServer))"
        tell("SignupService at \(signupTarget) calls UserService.")

        let userChannel = try ClientChannel(usersTarget)
        let signupChannel = try ClientChannel(signupTarget)
        for (service, channel) in [("users.v1.UserService", userChannel), ("signup.v1.SignupService", signupChannel)] {
            try await untilServing(service, channel)
        }
        let scenes = Scenes(
            database: database, userServer: userServer, signupServer: signupServer,
            users: UserServiceClient(userChannel), signups: SignupServiceClient(signupChannel))
        try await scenes.signUps()
        try await scenes.rejection()
        try await scenes.duplicate()
        try await scenes.changes()
        try await scenes.deadline()
        try await scenes.imports()
        try await scenes.list()
        try await scenes.sync()
        try await scenes.goodbye()
        await userChannel.shutdown()
        await signupChannel.shutdown()
    }

    /// A server serves once its checks have passed.
    private static func untilServing(_ service: String, _ channel: ClientChannel) async throws {
        let health = GRPCHealthV1.HealthClient(channel)
        for try await response in health.watch(.init(service: service), options: .timeout(.seconds(10))) {
            tell("grpc.health.v1 says that \(service) is \(response.status)")
            if response.status == .serving { return }
        }
    }

    private static func address(of server: ServiceProcess) async throws -> String {
        let line = try await server.line(containing: "is listening on ")
        return try line.split(separator: " ").last.map(String.init).orSurprise("no address in \"\(line)\"")
    }
}
