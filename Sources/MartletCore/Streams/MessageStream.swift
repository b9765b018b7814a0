/// The messages of one direction of a call, in order. Can be read once.
///
/// A client that leaves the loop before the end cancels the call.
public struct MessageStream<Element: Message>: AsyncSequence, Sendable {
    public typealias Failure = RPCError

    private let source: any MessageSource
    /// Cancels a client's call when nobody holds it any more.
    private let owner: CallOwner?
    private let map: Map?

    /// Asked for each message: interceptors may come to it only when the call begins.
    @usableFromInline package typealias Map = @Sendable () -> MessageMap?

    package init(_ source: any MessageSource, owner: CallOwner? = nil, map: Map? = nil) {
        self.source = source
        self.owner = owner
        self.map = map
    }

    /// The same messages together with how they came. Counts as reading the stream.
    public var received: ReceivedMessages<Element> { ReceivedMessages(stream: self) }

    public func makeAsyncIterator() -> Iterator { Iterator(Reading(source, owner), map) }

    /// Reads the stream; the first that is made is the only one that can.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let reading: Reading
        @usableFromInline let map: Map?

        fileprivate init(_ reading: Reading, _ map: Map?) {
            self.reading = reading
            self.map = map
        }

        /// The next message; nil after the last one of a call that ended well.
        ///
        /// Throws why the call failed. Cancelling a client's task cancels its call.
        ///
        /// Not isolated to the actor, though it stays there: a message that is here costs its reader no switch of
        /// executors then, and else two, a sixth of a client's time for small messages.
        @inlinable @inline(__always)
        public nonisolated(nonsending) mutating func next(
            isolation actor: (any Actor)? = #isolation
        ) async throws(RPCError) -> Element? {
            if let message = try nextHere() { return message }
            return try await nextReceived()?.message
        }

        @inlinable
        public mutating func next() async throws(RPCError) -> Element? {
            if let message = try nextHere() { return message }
            return try await nextReceived()?.message
        }

        /// A message that is here already and that no interceptor sees. Inlinable, so that it is specialised for the
        /// message's type: looking up generic types took a seventh of a client's time for small messages.
        @inlinable func nextHere() throws(RPCError) -> Element? {
            guard map == nil, reading.isFirst, let bytes = reading.source.lendMessage() else { return nil }
            do throws(DecodingError) {
                return try Element(serialized: bytes, limits: .default)
            } catch {
                reading.source.stopReading()
                throw RPCError(undecodable: error)
            }
        }

        @usableFromInline
        nonisolated(nonsending) mutating func nextReceived()
            async throws(RPCError) -> ReceivedMessage<Element>?
        {
            guard let incoming = try await reading.next() else { return nil }
            do throws(RPCError) {
                let message = try Element(incoming, map?())
                return ReceivedMessage(message: message, wasCompressed: incoming.wasCompressed)
            } catch {
                reading.stop()
                throw error
            }
        }
    }
}

/// One message and how it came.
public struct ReceivedMessage<Element: Message>: Sendable {
    /// Decoded, and as interceptors left it.
    public let message: Element
    /// Whether the peer had compressed it.
    public let wasCompressed: Bool
}

/// The messages of a stream together with how they came.
public struct ReceivedMessages<Element: Message>: AsyncSequence, Sendable {
    public typealias Failure = RPCError

    fileprivate let stream: MessageStream<Element>

    public func makeAsyncIterator() -> Iterator { Iterator(messages: stream.makeAsyncIterator()) }

    /// Reads the stream; the first that is made is the only one that can.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var messages: MessageStream<Element>.Iterator

        public nonisolated(nonsending) mutating func next(
            isolation actor: (any Actor)? = #isolation
        ) async throws(RPCError) -> ReceivedMessage<Element>? {
            try await messages.nextReceived()
        }

        public mutating func next() async throws(RPCError) -> ReceivedMessage<Element>? {
            try await messages.nextReceived()
        }
    }
}

/// One loop over a stream: ends the reading when the loop is left, even where the stream is kept.
@usableFromInline final class Reading: Sendable {
    @usableFromInline let source: any MessageSource
    private let owner: CallOwner?
    /// A second loop over the stream learns from ``next()`` that it is one.
    @usableFromInline let isFirst: Bool

    init(_ source: any MessageSource, _ owner: CallOwner?) {
        self.source = source
        self.owner = owner
        isFirst = source.claimReading()
    }

    deinit { if isFirst { source.stopReading() } }

    func stop() { source.stopReading() }

    /// Inlined: each function on the way of a message that isn't here yet costs a switch of executors.
    @inline(__always)
    nonisolated(nonsending) func next() async throws(RPCError) -> IncomingMessage? {
        guard isFirst else {
            throw RPCError(
                .failedPrecondition, "a stream of messages can be read once; this is the second loop over it")
        }
        if let message = try source.takeMessage() { return message }
        return try await source.nextMessage()
    }
}

extension Message {
    /// Decodes a message off the wire and lets interceptors change it. INTERNAL for one that can't be decoded, as in
    /// gRPC's table of library-generated codes.
    @inlinable package init(_ incoming: IncomingMessage, _ map: MessageMap?) throws(RPCError) {
        do throws(DecodingError) {
            self = try incoming.bytes.withBytes { (bytes) throws(DecodingError) in
                try Self(serialized: bytes, limits: .default)
            }
        } catch {
            throw RPCError(undecodable: error)
        }
        if let map { self = try map.apply(to: self) }
    }
}

extension RPCError {
    @usableFromInline package init(undecodable error: DecodingError) { self.init(.internalError, "\(error)") }
    @usableFromInline package init(encoding error: EncodingError) { self.init(.internalError, "\(error)") }
}
