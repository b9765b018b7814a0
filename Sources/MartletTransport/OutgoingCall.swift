package import MartletCore
package import NIOCore

/// One call of a client: from its request until the caller is told the outcome.
///
/// Unchecked: a connection guards the mutable state with its mutex, and resumes the caller exactly once, whoever
/// takes the call out of the connection's table.
package final class OutgoingCall: @unchecked Sendable {
    /// What became of an attempt to make the call on a connection.
    package enum Outcome {
        /// The response's bytes, or why there are none.
        case ended(Result<ByteBuffer, RPCError>)
        /// Nothing was sent: the connection takes no more calls; another may.
        case refused
        /// Nothing was sent: there is no room. Wait for it and try again.
        case full
    }

    package let method: MethodDescriptor
    package let metadata: Metadata
    /// Nanoseconds on the clock of the connection's loop; nil without end.
    package let deadline: UInt64?
    /// What the deadline was at the start, for the error's text.
    private let timeout: Duration?
    /// The handler that makes the call, if one does.
    private let handler: ServerContext?

    /// Set when the request is sent.
    var stream: UInt32?
    var isCancelled = false
    private var continuation: UnsafeContinuation<Outcome, Never>?

    package init(
        method: MethodDescriptor, metadata: Metadata, deadline: UInt64?, timeout: Duration?, handler: ServerContext?
    ) {
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.timeout = timeout
        self.handler = handler
    }

    func resume(with outcome: Outcome) { continuation.take()?.resume(returning: outcome) }

    func setContinuation(_ continuation: UnsafeContinuation<Outcome, Never>) { self.continuation = continuation }

    /// What a cancelled caller gets. A handler that is cancelled since its own time is up passes that reason on.
    package var cancelledError: RPCError {
        handler?.cancellationReason == .deadline
            ? RPCError(.deadlineExceeded, "\(method) was given up: the deadline of the handler that made it passed")
            : RPCError(.cancelled, "the caller cancelled \(method)")
    }

    package func expiredError(stage: String) -> RPCError {
        RPCError(.deadlineExceeded, "\(method) had \(timeout ?? .zero), which passed \(stage)")
    }
}
