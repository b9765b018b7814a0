internal import MartletCore
private import Synchronization

/// The client's side of a local call.
final class LocalClientExchange: ClientExchange {
    private let call: LocalCall
    private let isClaimed = Atomic(false)

    init(_ call: LocalCall) { self.call = call }

    func takeMessage() throws(RPCError) -> IncomingMessage? { try call.exchange.responses.take() }

    nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? {
        try await cancellingCall {
            await Result.of { () async throws(RPCError) in try await call.exchange.responses.next() }
        }
    }

    func claimReading() -> Bool { !isClaimed.exchange(true, ordering: .relaxed) }
    func stopReading() { cancel() }

    func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        try call.exchange.requests.append(IncomingMessage(encoding: message))
    }

    nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        try await call.exchange.requests.send(IncomingMessage(encoding: message))
    }

    func finish() { call.exchange.requests.end(.success(())) }

    func cancel() {
        call.end(.failure(RPCError(.cancelled, "the caller cancelled \(call.method)")), .client)
    }

    var hasEnded: Bool { call.outcome.current != nil }

    nonisolated(nonsending) func initialMetadata() async throws(RPCError) -> Metadata {
        try await cancellingCall { await call.exchange.initialMetadata.value() }
    }

    nonisolated(nonsending) func trailingMetadata() async throws(RPCError) -> Metadata {
        try await cancellingCall { await call.outcome.value() }
    }

    nonisolated(nonsending) private func cancellingCall<R>(
        _ body: nonisolated(nonsending) () async -> Result<R, RPCError>
    ) async throws(RPCError) -> R {
        try await withTaskCancellationHandler {
            await body()
        } onCancel: {
            cancel()
        }.get()
    }
}

extension Result where Failure == RPCError {
    nonisolated(nonsending) fileprivate static func of(
        _ body: nonisolated(nonsending) () async throws(RPCError) -> Success
    ) async -> Self {
        do throws(RPCError) { return .success(try await body()) } catch { return .failure(error) }
    }
}
