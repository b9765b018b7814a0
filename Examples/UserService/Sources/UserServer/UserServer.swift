import ArgumentParser
import Martlet
import ServiceSupport
import UserAPI
import UserDomain

@main
struct UserServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "UserServer", abstract: "Serves users.v1.UserService from an SQLite file.")

    @OptionGroup var options: ServerOptions

    @Option(help: "The port to listen on; 0 lets the system choose one.")
    var port = StandardPort.userService

    @Option(help: "The SQLite file; it is created if it doesn't exist.", completion: .file())
    var database = "users.sqlite"

    func run() async throws {
        let logger = options.logger("UserService")
        let repository = try SQLiteUserRepository(path: database, logger: logger)
        let users = Users(repository: repository, logger: logger)
        let health = options.health(logger)
        health.check("database", every: .seconds(5), timeout: .seconds(1)) { try await repository.check() }
        try await options.serve(users, named: "UserService", port: port, health: health, logger: logger)
    }
}
