package import MartletCore

/// One call that a server has accepted: from its request until its outcome is written or nobody wants it any more.
///
/// Unchecked: everything that changes is touched on the connection's loop only.
package final class ServerCall: ServerExchange, @unchecked Sendable {
    /// Why a call takes no more outcome.
    package enum End {
        /// Its outcome is written.
        case answered
        /// Its deadline passed here or at the client.
        case expired
        /// The client cancelled it, or the connection is gone.
        case cancelled
    }

    package let stream: UInt32
    package let deadline: Deadline?
    package let peer: Peer
    package private(set) var end: End?

    private let connection: ServerConnection
    private var task: Task<Void, Never>?
    private var context: ServerContext?
    package var request: IncomingMessage?

    init(stream: UInt32, deadline: Deadline?, connection: ServerConnection) {
        self.stream = stream
        self.deadline = deadline
        self.connection = connection
        self.peer = connection.peer
    }

    /// Runs the handler on the connection's loop, at once up to its first suspension. On the loop only.
    package func run(
        in context: ServerContext, _ handler: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) {
        self.context = context
        connection.counters.tasks.increment()
        let task = Task.immediate(executorPreference: connection.executor) {
            await handler()
            self.connection.executor.onLoop { self.connection.counters.tasks.decrement() }
        }
        if end == nil { self.task = task }
    }

    /// Writes the response. One that comes after the call's end is dropped.
    package func respond<Response: Message>(with message: Response) throws(RPCError) {
        if connection.executor.isOnLoop {
            try connection.respond(to: self, with: message, trailers: context?.trailingMetadata ?? [:])
        } else {
            try respondFromElsewhere(with: message)
        }
    }

    /// Ends the call with an error. One that comes after the call's end is dropped.
    package func fail(with error: RPCError) {
        connection.executor.onLoop { self.connection.fail(self, with: error, as: .answered) }
    }

    /// On the loop only.
    func finish(_ end: End) {
        self.end = end
        if end == .expired { context?.cancel(.deadline) }
        if end == .cancelled { context?.cancel(.client) }
        if end != .answered { task?.cancel() }
        task = nil
        context = nil
    }

    /// Encodes on the calling thread, so that a failure reaches the handler.
    private func respondFromElsewhere<Response: Message>(with message: Response) throws(RPCError) {
        let bytes: [UInt8]
        do throws(EncodingError) { bytes = try message.serialized() } catch { throw RPCError(encoding: error) }
        connection.executor.onLoop {
            self.connection.respond(to: self, withBytes: bytes, trailers: self.context?.trailingMetadata ?? [:])
        }
    }
}

extension ServerCall {
    package func takeMessage() throws(RPCError) -> IncomingMessage? { request.take() }
    package func takeOnlyMessage() throws(RPCError) -> IncomingMessage? { request.take() }
    package nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? { request.take() }
    package func claimReading() -> Bool { true }
    package func stopReading() {}
    package func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        throw RPCError(.unimplemented, "streams come with the next step")
    }
    package nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        throw RPCError(.unimplemented, "streams come with the next step")
    }
    package func finish() {}
    package func sendInitialMetadata() {}
}
