internal import MartletCore

/// How a call ended.
struct CallOutcome {
    let code: StatusCode
    /// What the interceptors and the handler, or the server, made of it; nil if it went well.
    let error: (any Error)?

    static let success = CallOutcome(code: .ok, error: nil)

    private init(code: StatusCode, error: (any Error)?) {
        self.code = code
        self.error = error
    }

    init(_ error: RPCError) { self.init(code: error.code, error: error) }

    /// What a server's client is told.
    ///
    /// - Parameter error: What was thrown; nil if nothing was, which doesn't help a client that has stopped waiting.
    init(_ error: (any Error)?, of context: ServerContext) {
        if let reason = context.cancellationReason {
            self.init(code: reason.code, error: error)
        } else if let error {
            let code: StatusCode =
                switch error {
                case let error as RPCError: error.code
                case is CancellationError: .cancelled
                default: .unknown
                }
            self.init(code: code, error: error)
        } else {
            self = .success
        }
    }

    /// An error of another kind than a client gets to see.
    var exception: (any Error)? { error is RPCError || error is CancellationError ? nil : error }

    var message: String? { (error as? RPCError)?.message }
}

extension ServerContext.CancellationReason {
    fileprivate var code: StatusCode {
        switch self {
        case .client, .connectionLost: .cancelled
        case .deadline: .deadlineExceeded
        case .shutdown: .unavailable
        }
    }
}

extension CallSide {
    /// Whether a status code counts as an error in traces and metrics: at a client all but OK do, at a server only
    /// those that aren't the client's own doing (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/).
    func isError(_ code: StatusCode) -> Bool {
        switch (self, code) {
        case (_, .ok): false
        case (.client, _): true
        case (.server, .unknown), (.server, .deadlineExceeded), (.server, .unimplemented), (.server, .internalError),
            (.server, .unavailable), (.server, .dataLoss):
            true
        case (.server, _): false
        }
    }
}
