internal import MartletCore
private import Synchronization

/// A call whose only response waits until all interceptors have returned, so that they can still make an error of it.
final class HeldResponse: ServerExchange {
    private let call: any ServerExchange
    private let response = Mutex<(any Message)?>(nil)

    init(_ call: any ServerExchange) { self.call = call }

    /// Sends the response. Throws INTERNAL if the handler never came to make one.
    func send() throws(RPCError) {
        guard let response = response.withLock({ $0.take() }) else {
            throw RPCError(
                .internalError,
                "an interceptor let the call succeed without a response: it must call `next`, or throw")
        }
        try call.respond(with: response)
    }

    func respond<Response: Message>(with message: Response) throws(RPCError) {
        response.withLock { $0 = message }
    }

    // MARK: - The rest is the call's

    func takeOnlyMessage() throws(RPCError) -> IncomingMessage? { try call.takeOnlyMessage() }
    func takeMessage() throws(RPCError) -> IncomingMessage? { try call.takeMessage() }
    nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? {
        try await call.nextMessage()
    }
    func claimReading() -> Bool { call.claimReading() }
    func stopReading() { call.stopReading() }
    func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        try call.trySend(message, compressed: compressed)
    }
    nonisolated(nonsending) func send<Element: Message>(_ message: Element, compressed: Bool?) async throws(RPCError) {
        try await call.send(message, compressed: compressed)
    }
    func finish() { call.finish() }
    func sendInitialMetadata() { call.sendInitialMetadata() }
}
