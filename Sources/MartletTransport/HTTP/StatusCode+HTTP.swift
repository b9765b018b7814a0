internal import MartletCore

/// What Connect makes of the codes (https://connectrpc.com/docs/protocol#error-codes).
extension StatusCode {
    var httpStatus: Int {
        switch self {
        case .ok: 200
        case .cancelled: 499
        case .invalidArgument, .failedPrecondition, .outOfRange: 400
        case .deadlineExceeded: 504
        case .notFound: 404
        case .alreadyExists, .aborted: 409
        case .permissionDenied: 403
        case .resourceExhausted: 429
        case .unimplemented: 501
        case .unavailable: 503
        case .unauthenticated: 401
        case .unknown, .internalError, .dataLoss: 500
        }
    }

    /// In Connect's spelling: gRPC's in lower case, but for one.
    var connectName: String { self == .cancelled ? "canceled" : name.lowercased() }
}
