/// One message off the wire.
@usableFromInline package struct IncomingMessage: Sendable {
    /// As sent, or inflated.
    @usableFromInline package let bytes: MessageBytes
    /// Whether it came compressed.
    @usableFromInline package let wasCompressed: Bool

    package init(bytes: MessageBytes, wasCompressed: Bool) {
        self.bytes = bytes
        self.wasCompressed = wasCompressed
    }
}

/// The half of a call that brings messages. What is taken counts as read, which lets the peer send more.
///
/// Usable on any thread, by one reader at a time.
@usableFromInline package protocol MessageSource: AnyObject, Sendable {
    /// Takes a message that is here already and isn't compressed: its bytes, without a reference to the memory that they
    /// are in, which the source keeps until the reader calls it again. Nil: nothing was done.
    func lendMessage() -> UnsafeRawBufferPointer?

    /// Takes a message that is here already.
    ///
    /// Throws what a message that can't be inflated means.
    func takeMessage() throws(RPCError) -> IncomingMessage?

    /// Waits for the next message. Nil: there are no more, and the call has ended well as far as this half can tell.
    ///
    /// Throws why the call failed. Cancelling the task of a client cancels the call.
    nonisolated(nonsending) func nextMessage() async throws(RPCError) -> IncomingMessage?

    /// True once: a half is read by one loop.
    func claimReading() -> Bool

    /// Nobody reads on: a client cancels the call, a server drops what comes.
    func stopReading()
}

extension MessageSource {
    package func lendMessage() -> UnsafeRawBufferPointer? { nil }
}

/// The half of a call that takes messages. Usable on any thread, by one writer at a time.
@usableFromInline package protocol MessageSink: AnyObject, Sendable {
    /// Whether ``trySend(size:_:)`` is worth trying. Asked once.
    var takesBytes: Bool { get }

    /// Sends a message of so many bytes, which `write` puts where it is told, before this returns. False: nothing was done,
    /// as where the call's options want it compressed.
    ///
    /// The short way: nothing on it depends on the message's type, so that ``MessageWriter`` encodes in the module that
    /// knows the type.
    func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) -> Bool

    /// Sends a message if that needs no waiting; false: use ``send(_:compressed:)``.
    ///
    /// - Parameter compressed: Nil: as the call's options say.
    /// - Throws: Why the message can't be sent, or why the call ended.
    func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool

    /// Sends a message as soon as there is room for it. The same errors.
    nonisolated(nonsending) func send<Element: Message>(_ message: Element, compressed: Bool?) async throws(RPCError)

    /// Sends no more. Does nothing the second time, or at a server, whose half ends with its handler.
    func finish()
}

extension MessageSink {
    package var takesBytes: Bool { false }

    package func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) -> Bool { false }
}

/// A call as a client holds it, whatever carries it.
package protocol ClientExchange: MessageSource, MessageSink {
    /// Gives the call up. Does nothing once it has ended.
    func cancel()

    /// Whether the server has ended the call, be the outcome read or not.
    var hasEnded: Bool { get }

    /// Waits for what the server sends ahead of its first message.
    nonisolated(nonsending) func initialMetadata() async throws(RPCError) -> Metadata

    /// Waits for the end of the call, without reading.
    nonisolated(nonsending) func trailingMetadata() async throws(RPCError) -> Metadata
}

/// A call as a handler sees it, whatever carries it.
@usableFromInline package protocol ServerExchange: MessageSource, MessageSink {
    /// The request, if it is here, whole, and certainly the only one.
    func takeOnlyMessage() throws(RPCError) -> IncomingMessage?

    /// Sends the only response, of so many bytes, which `write` puts where it is told, before this returns; the call has
    /// ended well then. Callable once, on any thread.
    func respond(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError)

    /// Sends the context's initial metadata, unless it went out before.
    func sendInitialMetadata()
}
