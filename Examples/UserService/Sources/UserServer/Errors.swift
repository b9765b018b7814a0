import Martlet
import UserDomain

/// An error that the caller may see. Any other reaches it as UNKNOWN, without its text.
protocol RPCErrorConvertible: Error {
    var rpcError: RPCError { get }
}

/// A request breaks rules.
struct InvalidRequest: RPCErrorConvertible {
    let violations: [Violation]

    var rpcError: RPCError {
        let details = GoogleRPC.BadRequest(
            fieldViolations: violations.map { .init(field: $0.field, description: $0.problem) })
        return RPCError(
            .invalidArgument, violations.map { "\($0.field) \($0.problem)" }.joined(separator: "; "),
            details: [ErrorDetail(details)])
    }
}

extension EmailTaken: RPCErrorConvertible {
    var rpcError: RPCError {
        let resource = GoogleRPC.ResourceInfo(
            resourceType: "users.v1.User", resourceName: email, description: "another user has this e-mail address")
        return RPCError(
            .alreadyExists, "another user has the e-mail address \(email)", details: [ErrorDetail(resource)])
    }
}

extension NoSuchUser: RPCErrorConvertible {
    var rpcError: RPCError { RPCError(.notFound, "no user has the id \(id)") }
}
