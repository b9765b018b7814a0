/// Why a call failed: what every client method throws, and what a handler throws to choose its status.
///
/// One reference in size, so that passing it on costs nothing on the way that succeeds.
public struct RPCError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Who decided the outcome.
    public enum Origin: Sendable, Hashable {
        /// This process: a deadline, a cancellation, a lost connection.
        case local
        /// The peer, which answered with this status.
        case peer
    }

    private final class Storage: Sendable {
        let code: StatusCode
        let message: String
        let details: [ErrorDetail]
        let metadata: Metadata
        let origin: Origin
        let isSafeToRetry: Bool
        let connectionFailure: ConnectionFailure?
        let attempts: Int

        init(
            code: StatusCode, message: String, details: [ErrorDetail], metadata: Metadata, origin: Origin,
            isSafeToRetry: Bool, connectionFailure: ConnectionFailure?, attempts: Int
        ) {
            self.code = code
            self.message = message
            self.details = details
            self.metadata = metadata
            self.origin = origin
            self.isSafeToRetry = isSafeToRetry
            self.connectionFailure = connectionFailure
            self.attempts = attempts
        }
    }

    private let storage: Storage

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: Not `ok`.
    ///   - message: For the caller's developers, who will read it in a log.
    ///   - details: Typed details, such as `google.rpc.BadRequest`.
    ///   - metadata: Trailing metadata to send with the status.
    public init(_ code: StatusCode, _ message: String, details: [ErrorDetail] = [], metadata: Metadata = [:]) {
        self.init(code, message, details: details, metadata: metadata, origin: .local, isSafeToRetry: false)
    }

    package init(
        _ code: StatusCode, _ message: String, details: [ErrorDetail] = [], metadata: Metadata = [:],
        origin: Origin = .local, isSafeToRetry: Bool, connectionFailure: ConnectionFailure? = nil, attempts: Int = 1
    ) {
        precondition(code != .ok, "an RPCError can't have the code OK")
        storage = Storage(
            code: code, message: message, details: details, metadata: metadata, origin: origin,
            isSafeToRetry: isSafeToRetry, connectionFailure: connectionFailure, attempts: attempts)
    }

    /// Never `ok`.
    public var code: StatusCode { storage.code }
    /// For developers: what is wrong, where, and what to do about it. Its wording may change.
    public var message: String { storage.message }
    /// Typed details, such as `google.rpc.BadRequest`, for programs.
    public var details: [ErrorDetail] { storage.details }
    /// The metadata that came with the status.
    public var metadata: Metadata { storage.metadata }
    /// Who decided the outcome.
    public var origin: Origin { storage.origin }
    /// True when no handler has seen the request, so that a retry can't do anything twice.
    public var isSafeToRetry: Bool { storage.isSafeToRetry }
    /// What became of the connection, where that is why the call failed; nil otherwise.
    public var connectionFailure: ConnectionFailure? { storage.connectionFailure }

    /// How often the call was made; this is the outcome of the last attempt.
    public var attempts: Int { storage.attempts }

    /// The same as the outcome of the last of some attempts.
    package func after(attempts: Int) -> RPCError {
        if attempts == self.attempts { return self }
        return RPCError(
            code, message, details: details, metadata: metadata, origin: origin, isSafeToRetry: isSafeToRetry,
            connectionFailure: connectionFailure, attempts: attempts)
    }

    public var description: String {
        "\(code.name) (\(code.rawValue)): \(message)\(attempts > 1 ? " (attempt \(attempts))" : "")"
    }

    public static func == (a: RPCError, b: RPCError) -> Bool {
        a.storage === b.storage
            || a.code == b.code && a.message == b.message && a.details == b.details && a.metadata == b.metadata
                && a.origin == b.origin && a.isSafeToRetry == b.isSafeToRetry
                && a.connectionFailure == b.connectionFailure && a.attempts == b.attempts
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}

/// One typed detail of an error: a serialized message and the URL that names its type.
public struct ErrorDetail: Sendable, Hashable {
    /// Such as `type.googleapis.com/google.rpc.BadRequest`.
    public var typeURL: String
    /// The message in protobuf's binary form.
    public var bytes: [UInt8]

    /// A detail as it travels; `ErrorDetail(message)` makes one of a message.
    public init(typeURL: String, bytes: [UInt8]) {
        self.typeURL = typeURL
        self.bytes = bytes
    }
}
