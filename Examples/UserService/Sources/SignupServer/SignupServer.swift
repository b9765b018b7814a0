import ArgumentParser
import Martlet
import ServiceSupport
import UserAPI

@main
struct SignupServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "SignupServer",
        abstract: "Serves signup.v1.SignupService, which keeps its users in a users.v1.UserService.")

    @OptionGroup var options: ServerOptions

    @Option(help: "The port to listen on; 0 lets the system choose one.")
    var port = StandardPort.signupService

    @Option(help: "The target of the UserService to call.")
    var users = "tcp://127.0.0.1:\(StandardPort.userService)"

    func run() async throws {
        let logger = options.logger("SignupService")
        let channel = try ClientChannel(users)
        let signups = Signups(users: UserServiceClient(channel), logger: logger)
        let health = options.health(logger)
        // Reported, but no reason to take this service away too: it answers, and says what is wrong.
        health.check("users", every: .seconds(5), timeout: .seconds(1), isCritical: false) {
            let users = GRPCHealthV1.HealthClient(channel)
            let status = try await users.check(.init(service: "users.v1.UserService")).status
            guard status == .serving else { throw RPCError(.unavailable, "users.v1.UserService is \(status)") }
        }
        try await options.serve(signups, named: "SignupService", port: port, health: health, logger: logger)
        await channel.shutdown()
    }
}
