import Logging
import Martlet
import ServiceSupport
import UserAPI

/// Answers signup.v1.SignupService by calling users.v1.UserService.
///
/// The call inherits what remains of the deadline that this one has, and an error of the one is the error of the
/// other, details included: neither needs a line of code.
struct Signups: SignupService {
    let users: UserServiceClient
    let logger: Logger

    func signUp(_ request: SignUpRequest, context: ServerContext) async throws -> SignUpResponse {
        try await logging(context, to: logger) {
            let name = request.displayName.isEmpty ? String(request.email.prefix { $0 != "@" }) : request.displayName
            let user = try await users.createUser(.init(email: request.email, displayName: name))
            return SignUpResponse(user: user, greeting: "Welcome, \(user.displayName)!")
        }
    }
}
