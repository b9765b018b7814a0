extension GoogleRPC.Status {
    /// The code, message and details of an error.
    public init(_ error: RPCError) {
        self.init(
            code: error.code.rawValue, message: error.message,
            details: error.details.map { GoogleProtobuf.AnyMessage(typeUrl: $0.typeURL, value: $0.bytes) })
    }
}

extension RPCError {
    /// The error that a status tells of; nil for OK. Codes that gRPC doesn't name become `unknown`.
    public init?(_ status: GoogleRPC.Status) {
        if status.code == 0 { return nil }
        self.init(
            StatusCode(wire: status.code), status.message,
            details: status.details.map { ErrorDetail(typeURL: $0.typeUrl, bytes: $0.value) })
    }
}

extension StatusCode {
    /// Codes that gRPC doesn't name become `unknown`.
    public init(_ code: GoogleRPC.Code) { self.init(wire: code.rawValue) }
}

extension GoogleRPC.Code {
    /// The same code as `google.rpc` names it.
    public init(_ code: StatusCode) { self.init(rawValue: code.rawValue) }
}

// MARK: - Details that calls often carry

extension GoogleRPC.BadRequest: ExpressibleByDictionaryLiteral {
    /// What is wrong with which field: `["email": "is not an address"]`.
    public init(dictionaryLiteral violations: (String, String)...) {
        self.init(fieldViolations: violations.map { FieldViolation(field: $0, description: $1) })
    }
}

extension GoogleRPC.RetryInfo {
    /// The least time to wait before a retry; protobuf's range bounds it.
    public init(after delay: Swift.Duration) {
        let limit = Swift.Duration.seconds(DurationText.seconds.upperBound)
        let (seconds, nanos) = min(max(delay, .zero), limit).secondsAndNanos
        self.init(retryDelay: GoogleProtobuf.Duration(seconds: seconds, nanos: nanos))
    }
}

extension RPCError {
    /// The least time to wait before a retry, where the error has a `google.rpc.RetryInfo`.
    public var retryDelay: Swift.Duration? { detail(of: GoogleRPC.RetryInfo.self)?.retryDelay.map(Swift.Duration.init) }
}
