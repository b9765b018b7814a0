/// Names of OpenTelemetry's semantic conventions 1.45, in which those for RPC are stable
/// (https://opentelemetry.io/docs/specs/semconv/rpc/).
enum Convention {
    /// Always ``grpc``: services, methods, metadata and status codes of Martlet are gRPC's, whichever wire carries
    /// them.
    static let system = "rpc.system.name"
    static let grpc = "grpc"

    /// Such as `users.v1.UserService/GetUser`.
    static let method = "rpc.method"
    /// For methods that the server doesn't have, whose names may be any number.
    static let unknownMethod = "_OTHER"
    /// Methods that have metrics of their own, and names of spans that are kept. The rest are counted as
    /// ``unknownMethod``, as are those that a server doesn't have.
    static let maxMethods = 1000
    /// What the client called an unknown method.
    static let originalMethod = "rpc.method_original"

    /// Such as `NOT_FOUND`.
    static let statusCode = "rpc.status_code"
    /// The status code again, if it counts as an error: see ``CallSide/isError(_:)``.
    static let errorType = "error.type"
    static let exceptionType = "exception.type"
    static let exceptionMessage = "exception.message"

    /// The other end of the connection.
    static let peerAddress = "network.peer.address"
    static let peerPort = "network.peer.port"

    // MARK: - Martlet's own, in the same style

    /// The message of a failed call's status.
    static let statusMessage = "rpc.status_message"
    /// What was left of the deadline when the call ended, in seconds.
    static let remaining = "rpc.deadline.remaining"
    /// How many attempts at the call came before this one, as the client says.
    static let previousAttempts = "rpc.previous_attempts"
}

/// Which end of a call looks at it.
enum CallSide: String {
    case client, server

    var duration: String { "rpc.\(rawValue).call.duration" }
    var calls: String { "rpc.\(rawValue).calls" }
    var activeCalls: String { "rpc.\(rawValue).active_calls" }
}
