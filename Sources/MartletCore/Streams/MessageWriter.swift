/// Writes the messages of one direction of a call, from one task at a time.
public struct MessageWriter<Element: Message>: Sendable {
    @usableFromInline let sink: any MessageSink
    /// Cancels a client's call when nobody holds it any more.
    private let owner: CallOwner?
    @usableFromInline let map: MessageMap?
    /// Whether messages may go the short way.
    @usableFromInline let sendsBytes: Bool

    package init(_ sink: any MessageSink, owner: CallOwner? = nil, map: MessageMap? = nil) {
        self.sink = sink
        self.owner = owner
        self.map = map
        sendsBytes = map == nil && sink.takesBytes
    }

    /// Sends a message. Suspends only while the reader is behind by its whole window, or the connection is full.
    ///
    /// - Parameters:
    ///   - message: Encoded before this returns.
    ///   - compressed: Whether this message is compressed, if the peer can undo it. Default (nil): as the call is.
    /// - Throws: RESOURCE_EXHAUSTED for a message over the peer's limit; otherwise why the call has ended.
    @inlinable
    public nonisolated(nonsending) func write(_ message: Element, compressed: Bool? = nil) async throws(RPCError) {
        if sendsBytes, compressed != true, try trySendBytes(message) { return }
        try await send(message, compressed)
    }

    /// Inlinable, so that it is specialised for the message's type.
    @inlinable func trySendBytes(_ message: Element) throws(RPCError) -> Bool {
        let outcome: Result<Bool, RPCError>
        do throws(EncodingError) {
            outcome = try message.withSerialized { size, write in
                do throws(RPCError) { return .success(try sink.trySend(size: size, write)) } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw RPCError(encoding: error)
        }
        return try outcome.get()
    }

    @usableFromInline
    nonisolated(nonsending) func send(_ message: Element, _ compressed: Bool?) async throws(RPCError) {
        let message = if let map { try map.apply(to: message) } else { message }
        if try sink.trySend(message, compressed: compressed) { return }
        try await sink.send(message, compressed: compressed)
    }

    /// Sends messages one after another.
    public nonisolated(nonsending) func write(contentsOf messages: some Sequence<Element>) async throws(RPCError) {
        for message in messages { try await write(message) }
    }

    /// Half-closes a client's call: the server reads to the end and answers. The scoped forms do it by themselves, and
    /// a server's half ends with its handler.
    public func finish() { sink.finish() }
}
