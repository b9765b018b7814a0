/// What became of the connection of a call that failed with UNAVAILABLE.
public struct ConnectionFailure: Sendable, Hashable {
    /// How far the call had come.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// The server's name had no address yet.
        case resolving
        /// The attempt to connect wasn't over.
        case connecting
        /// The TLS handshake wasn't over.
        case securing
        /// Connected; the server's Hello hadn't come.
        case greeting
        /// The call waited for room on the connection, or its request for the socket: nothing of it was sent.
        case opening
        /// A part of the request was sent.
        case sending
        /// The request was sent; the call's end hadn't come.
        case awaitingResponse
    }

    /// Why the connection was of no use.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// Nobody listens at the address.
        case refused
        /// The name, or a way to its address, couldn't be found.
        case unreachable
        /// The attempt to connect took too long.
        case connectTimeout
        /// The server accepted the connection and didn't say Hello in time.
        case handshakeTimeout
        /// The server didn't answer a ping in time.
        case keepaliveTimeout
        /// The connection broke.
        case reset
        /// The server closed the connection.
        case closed
        /// The server said that it takes no more calls.
        case goAway
        /// The server can't prove who it is, or doesn't speak TLS.
        case untrusted
        /// The peer doesn't speak Martlet's protocol.
        case protocolViolation
        /// This side's channel was shut down.
        case shutDown
    }

    /// The server, as the channel's target names it.
    public let peer: String
    /// How far the call had come.
    public let stage: Stage
    /// Why it came no further.
    public let cause: Cause
    /// Counts the attempts to connect since the last that worked: 1 for the first.
    public let attempt: Int

    package init(peer: String, stage: Stage, cause: Cause, attempt: Int) {
        self.peer = peer
        self.stage = stage
        self.cause = cause
        self.attempt = attempt
    }
}

extension RPCError {
    /// UNAVAILABLE because of a connection. The message says at its end whether a retry is safe.
    ///
    /// - Parameter text: Names the peer, the stage and the cause.
    package init(_ failure: ConnectionFailure, _ text: String, isSafeToRetry: Bool) {
        let retry =
            isSafeToRetry ? "no handler has seen the call, so a retry is safe" : "the call may have run on the server"
        self.init(
            .unavailable, "\(text); \(retry)", isSafeToRetry: isSafeToRetry, connectionFailure: failure)
    }
}
