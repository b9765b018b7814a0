import ArgumentParser
import Martlet
import UserAPI

@main
struct UserClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "UserClient", abstract: "Calls a running UserServer or SignupServer.",
        subcommands: [Create.self, Get.self, Update.self, Delete.self, List.self, Import.self, Sync.self, SignUp.self])
}

struct Create: UserCommand {
    static let configuration = CommandConfiguration(abstract: "Create a user.")
    @OptionGroup var call: CallFlags
    @Argument var email: String
    @Argument var displayName: String

    func run(_ users: UserServiceClient) async throws {
        show(try await users.createUser(.init(email: email, displayName: displayName), options: call.options))
    }
}

struct Get: UserCommand {
    static let configuration = CommandConfiguration(abstract: "Show a user.")
    @OptionGroup var call: CallFlags
    @Argument var id: String

    func run(_ users: UserServiceClient) async throws {
        show(try await users.getUser(.init(id: id), options: call.options))
    }
}

struct Update: UserCommand {
    static let configuration = CommandConfiguration(abstract: "Change a user.")
    @OptionGroup var call: CallFlags
    @Argument var id: String
    @Option(help: "The new e-mail address.") var email: String?
    @Option(help: "The new display name.") var displayName: String?

    func run(_ users: UserServiceClient) async throws {
        let paths = [email.map { _ in "email" }, displayName.map { _ in "display_name" }].compactMap(\.self)
        guard !paths.isEmpty else { throw ValidationError("Give --email, --display-name or both.") }
        let user = User(id: id, email: email ?? "", displayName: displayName ?? "")
        show(try await users.updateUser(.init(user: user, updateMask: .init(paths: paths)), options: call.options))
    }
}

struct Delete: UserCommand {
    static let configuration = CommandConfiguration(abstract: "Delete a user.")
    @OptionGroup var call: CallFlags
    @Argument var id: String

    func run(_ users: UserServiceClient) async throws {
        _ = try await users.deleteUser(.init(id: id), options: call.options)
    }
}
