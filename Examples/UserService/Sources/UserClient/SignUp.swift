import ArgumentParser
import Martlet
import UserAPI

struct SignUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signup", abstract: "Sign up, through a SignupServer.")
    @OptionGroup var call: CallFlags
    @Argument var email: String
    @Argument(help: "How to call you. (default: the part of the address before the @)") var displayName = ""

    func run() async throws {
        try await call.withChannel(defaultPort: StandardPort.signupService) { channel in
            let request = SignUpRequest(email: email, displayName: displayName)
            let response = try await SignupServiceClient(channel).signUp(request, options: call.options)
            print(response.greeting)
            if let user = response.user { show(user) }
        }
    }
}
