public import MartletCore

/// The changes of a service, as they come. Each loop over it is a watch of its own.
///
/// The first event comes as soon as the registry answers. Throws why the registry can't be reached, or has broken off;
/// another watch from the last revision goes on then. Ends when its task is cancelled. Who is slow misses nothing and
/// makes nothing grow: changes wait in the registry, and if that has forgotten them, a snapshot comes.
public struct ServiceWatch: AsyncSequence, Sendable {
    public typealias Element = ServiceEvent
    public typealias Failure = RPCError

    /// Gives the next event, nil at the end. Never called twice at the same time.
    public typealias Next = nonisolated(nonsending) () async throws(RPCError) -> ServiceEvent?

    private let begin: @Sendable () -> Next

    /// - Parameter begin: Begins a watch.
    public init(_ begin: @escaping @Sendable () -> Next) { self.begin = begin }

    public func makeAsyncIterator() -> Iterator { Iterator(nextEvent: begin()) }

    /// Reads the events.
    public struct Iterator: AsyncIteratorProtocol {
        let nextEvent: Next

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(RPCError) -> ServiceEvent? {
            try await nextEvent()
        }

        public nonisolated(nonsending) mutating func next() async throws(RPCError) -> ServiceEvent? {
            try await nextEvent()
        }
    }
}
