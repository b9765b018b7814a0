internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// The handler's side of a local call.
final class LocalServerExchange: ServerExchange {
    private struct State {
        /// It holds on to the exchange.
        weak var context: ServerContext?
        var response: IncomingMessage?
    }

    let requests = MessagePipe()
    let responses = MessagePipe()
    let initialMetadata = Eventually<Result<Metadata, RPCError>>()
    private let state = Mutex(State())

    func setContext(_ context: ServerContext) { state.withLock { $0.context = context } }

    func takeMessage() throws(RPCError) -> IncomingMessage? { try requests.take() }
    nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage? { try await requests.next() }
    func takeOnlyMessage() throws(RPCError) -> IncomingMessage? { nil }
    func claimReading() -> Bool { true }
    func stopReading() { requests.stopReading() }

    func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        sendInitialMetadata()
        return try responses.append(IncomingMessage(encoding: message))
    }

    nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        sendInitialMetadata()
        try await responses.send(IncomingMessage(encoding: message))
    }

    /// The handler's return ends its half.
    func finish() {}

    /// Kept until the interceptors have returned, whose error would take its place.
    func respond(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) {
        let bytes = ByteBuffer(bytes: [UInt8](size: size, write))
        state.withLock { $0.response = IncomingMessage(bytes: MessageBytes(bytes), wasCompressed: false) }
    }

    func sendResponse() throws(RPCError) {
        guard let response = state.withLock({ $0.response.take() }) else { return }
        sendInitialMetadata()
        _ = try responses.append(response)
    }

    func sendInitialMetadata() {
        if let context = state.withLock({ $0.context }) { initialMetadata.resolve(.success(context.initialMetadata)) }
    }

    func end(_ result: Result<Void, RPCError>) {
        switch result {
        case .success: sendInitialMetadata()
        case .failure(let error): initialMetadata.resolve(.failure(error))
        }
        responses.end(result)
        requests.end(.failure(RPCError(.cancelled, "the call has ended")))
    }
}

extension IncomingMessage {
    /// What the message is on a wire.
    init<Element: Message>(encoding message: Element) throws(RPCError) {
        do throws(EncodingError) {
            self.init(bytes: MessageBytes(ByteBuffer(bytes: try message.serialized())), wasCompressed: false)
        } catch {
            throw RPCError(encoding: error)
        }
    }
}

/// The machine's clock.
final class UptimeNow: UptimeClock {
    static let shared = UptimeNow()

    var uptimeNanoseconds: UInt64 { NIODeadline.now().uptimeNanoseconds }

    func deadline(after timeout: Duration) -> Deadline {
        Deadline(uptimeNanoseconds: uptimeNanoseconds &+ UInt64(max(0, timeout.nanoseconds)), clock: self)
    }
}
