package import MartletCore
internal import MartletWire
internal import NIOCore
private import Synchronization

/// A call of any shape that its holder reads and writes by itself.
///
/// Messages that came before the server's status are delivered before it, so an error comes last. What ends the call on
/// this side, a cancellation or the deadline, drops the messages that wait.
///
/// Unchecked like its superclass.
package final class StreamCall: OutgoingCall, ClientExchange, @unchecked Sendable {
    let queue = MessageQueue()
    let initial = Eventually<Result<Metadata, RPCError>>()
    let outcome = Eventually<Result<Metadata, RPCError>>()
    /// Credit goes back to the server in steps of so many bytes.
    private let creditStep: Int
    private let maxMessageBytes: Int
    let sending: SendingHalf

    // The loop's.
    private var status: Result<Metadata, RPCError>?
    private var messageCount = 0

    /// The wait before the call is made again, if that was decided.
    private var restartDelay: Duration?

    /// Makes the call again, from its beginning, while nothing else than its beginning was sent.
    private struct Restart {
        let placer: any CallPlacer
        let retries: (any Retrying)?
        /// Attempts beyond those that the method's policy allows, since no handler had seen the call.
        var freeAttempts = 0
        let begin: @Sendable (StreamCall, Duration) -> Void
    }

    /// Set before the call begins; nil once it has ended.
    private let restart = Mutex<Restart?>(nil)

    private static let mostFreeAttempts = 3

    /// - Parameters:
    ///   - hasOnlyRequest: Whether the request goes along with the call, and nothing else may be sent.
    ///   - maxRequestBytes: The most that a message to the server may have.
    ///   - maxMessageBytes: The most that a compressed message may become.
    package init(
        method: MethodDescriptor, options: CallOptions, deadline: UInt64?, timeout: Duration?, handler: ServerContext?,
        hasOnlyRequest: Bool, streamWindow: Int, maxRequestBytes: Int = .max, maxMessageBytes: Int
    ) {
        creditStep = max(1, streamWindow / 2)
        self.maxMessageBytes = maxMessageBytes
        sending = SendingHalf(isFinished: hasOnlyRequest)
        super.init(
            method: method, options: options, deadline: deadline, timeout: timeout, handler: handler,
            maxRequestBytes: maxRequestBytes)
    }

    /// Keeps how the call is made again after a while, if no handler has seen it, or if the method's policy says so.
    package func restarting(
        on placer: any CallPlacer, retries: (any Retrying)?,
        by begin: @escaping @Sendable (StreamCall, Duration) -> Void
    ) {
        restart.withLock { $0 = Restart(placer: placer, retries: retries, begin: begin) }
    }

    package var hasEnded: Bool { outcome.current != nil }

    // MARK: - What comes, behind the connection's lock

    override func received(initialMetadata: Metadata) -> Reaction {
        initial.resolve(.success(initialMetadata))
        return Reaction()
    }

    override func received(_ messages: MessageRun) -> Reaction {
        messageCount += messages.count
        return Reaction(isFirst: queue.append(messages))
    }

    override func received(_ result: Result<WireMessage, RPCError>, _ trailingMetadata: Metadata) -> Reaction {
        tellObserver(result.failure)
        switch result {
        case .success(let payload):
            restart.withLock { $0?.retries }?.attemptSucceeded()
            status = .success(trailingMetadata)
            var isFirst = false
            // A method with one response has it here, unless it came ahead of the end.
            if payload.bytes.readableBytes > 0 || !method.shape.streamsResponses && messageCount == 0 {
                isFirst = queue.append(MessageRun(payload))
            }
            return Reaction(isFirst: queue.end(nil) || isFirst)
        case .failure(let error):
            restartDelay = delayOfRestart(after: error)
            if restartDelay != nil { return Reaction(isFirst: true) }
            let error = final(error)
            status = .failure(error)
            return Reaction(isFirst: queue.end(error))
        }
    }

    // MARK: - Telling

    override func deliver() {
        if let delay = restartDelay.take() { return startAgain(after: delay) }
        if messageCount > 0, initial.current == nil { initial.resolve(.success([:])) }
        queue.publish()
        if let status { finish(status) }
    }

    override func placed(on connection: ClientConnection, isQueued: Bool) {
        sending.place(on: ObjectIdentifier(connection), isQueued: isQueued)
        // It may have come before there was a connection; the wire knows whether it has said so.
        if sending.isFinished { connection.halfClose(self) }
    }

    override func sent() { sending.left() }

    override func established() { sending.established() }

    package override func end(_ error: RPCError, dropsMessages: Bool) {
        tellObserver(error)
        if !dropsMessages, let delay = delayOfRestart(after: error) { return startAgain(after: delay) }
        let error = final(error)
        queue.fail(error, keepsWaiting: !dropsMessages)
        finish(.failure(error))
    }

    private func finish(_ status: Result<Metadata, RPCError>) {
        restart.withLock { $0 = nil }
        outcome.resolve(status)
        initial.resolve(status.map { _ in [:] })
        sending.end(status)
    }

    /// Nil if the call isn't made again. To be asked once for an attempt.
    private func delayOfRestart(after error: RPCError) -> Duration? {
        guard messageCount == 0, !sending.hasSent, initial.current == nil, !isCancelled else { return nil }
        return restart.withLock { restart in
            guard let (placer, retries, free) = restart.map({ ($0.placer, $0.retries, $0.freeAttempts) }) else {
                return nil
            }
            if error.isSafeToRetry, error.code == .unavailable, free < Self.mostFreeAttempts {
                restart?.freeAttempts += 1
                return .zero
            }
            return retries?.delay(after: error, remaining: remaining(now: placer.uptimeNanoseconds))
        }
    }

    private func startAgain(after delay: Duration) {
        guard let restart = restart.withLock({ $0 }) else { return }
        options.record?.noteFurtherAttempt()
        if let retries = restart.retries, retries.attemptsBefore > 0 { note(attemptsBefore: retries.attemptsBefore) }
        restart.begin(self, delay)
    }

    /// An error with the number of attempts that led to it.
    private func final(_ error: RPCError) -> RPCError {
        let attempts = restart.withLock { 1 + ($0?.freeAttempts ?? 0) + ($0?.retries?.attemptsBefore ?? 0) }
        return error.after(attempts: attempts)
    }

    // MARK: - Reading

    package func claimReading() -> Bool { queue.claim() }

    package func stopReading() {
        cancel()
        queue.stop(cancelledError)
    }

    package func lendMessage() -> UnsafeRawBufferPointer? {
        guard let bytes = queue.lend() else { return nil }
        if queue.hasNews(atLeast: creditStep) { returnCredit(atLeast: creditStep) }
        return bytes
    }

    package func takeMessage() throws(RPCError) -> IncomingMessage? {
        guard case .message(let message) = queue.take() else { return nil }
        returnCredit(atLeast: creditStep)
        return try incoming(message)
    }

    package nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? {
        while true {
            switch queue.take() {
            case .message(let message):
                returnCredit(atLeast: creditStep)
                return try incoming(message)
            case .end(let error):
                if let error { throw error }
                return nil
            case .nothing:
                // The server's next message may need all the credit.
                returnCredit(atLeast: 1)
                await withTaskCancellationHandler {
                    await queue.waitForMore()
                } onCancel: {
                    cancel()
                }
            }
        }
    }

    private func incoming(_ message: WireMessage) throws(RPCError) -> IncomingMessage {
        do throws(RPCError) {
            return try IncomingMessage(message, limit: maxMessageBytes)
        } catch {
            fail(with: error)
            throw error
        }
    }

    /// Gives the call up because of something that the server sent: that is its outcome then.
    private func fail(with error: RPCError) {
        connection?.giveUp(self, error)
        queue.stop(error)
    }

    private func returnCredit(atLeast least: Int) {
        if let taken = queue.takeUntold(atLeast: least) {
            // A reader that never waits wouldn't meet the cancellation of its task.
            if Task.isCancelled { cancel() }
            connection?.consumed(self, taken)
        }
        if queue.takeWatch() { connection?.resumeReading() }
    }

    // MARK: - Metadata

    package nonisolated(nonsending) func initialMetadata() async throws(RPCError) -> Metadata {
        try await wait(for: initial).get()
    }

    package nonisolated(nonsending) func trailingMetadata() async throws(RPCError) -> Metadata {
        try await wait(for: outcome).get()
    }

    private nonisolated(nonsending) func wait(
        for value: Eventually<Result<Metadata, RPCError>>
    ) async -> Result<Metadata, RPCError> {
        if let current = value.current { return current }
        return await withTaskCancellationHandler {
            await value.value()
        } onCancel: {
            cancel()
        }
    }
}
