/// The outcome of a call, with gRPC's names and numbers
/// (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
public enum StatusCode: Int32, Sendable, CaseIterable {
    /// The call went well. No error has this code.
    case ok = 0
    /// The caller gave the call up.
    case cancelled = 1
    /// An error of unknown kind; also what a handler's foreign error becomes.
    case unknown = 2
    /// The request is wrong whatever the state of the system.
    case invalidArgument = 3
    /// The deadline passed before the call ended.
    case deadlineExceeded = 4
    /// What was asked for isn't there, or isn't for this caller to know of.
    case notFound = 5
    /// What was to be created is there already.
    case alreadyExists = 6
    /// The caller is known and may not do this.
    case permissionDenied = 7
    /// A quota, a limit or some memory is used up.
    case resourceExhausted = 8
    /// The system is not in the state that the call needs.
    case failedPrecondition = 9
    /// A conflict such as a failed transaction; retry from further up.
    case aborted = 10
    /// Past the end of something: right in form, and maybe in another state of the system.
    case outOfRange = 11
    /// The server doesn't have the method.
    case unimplemented = 12
    /// An invariant is broken, or the two sides disagree about the protocol.
    case internalError = 13
    /// The service can't be reached now; a retry may help.
    case unavailable = 14
    /// Data is lost or damaged for good.
    case dataLoss = 15
    /// The caller isn't known.
    case unauthenticated = 16

    /// The name in the gRPC specification, such as `INVALID_ARGUMENT`.
    public var name: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internalError: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }

    /// The code for a number from a peer; numbers that gRPC doesn't name are `unknown`.
    public init(wire number: Int32) { self = StatusCode(rawValue: number) ?? .unknown }
}
