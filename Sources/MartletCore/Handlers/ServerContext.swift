private import Synchronization

/// What a handler knows about the call it answers. Whatever the handler calls finds it in ``current``.
///
/// Usable on any thread.
public final class ServerContext: Sendable {
    /// The context of the handler that this task runs in.
    @TaskLocal public static var current: ServerContext?

    /// Why nobody waits for a call any more.
    public enum CancellationReason: Int, Sendable, Hashable {
        /// The client gave it up.
        case client = 1
        /// Its time was up, here or at the client.
        case deadline
        /// The connection is gone.
        case connectionLost
        /// The server shuts down, and its grace has passed.
        case shutdown
    }

    private struct State {
        var metadata: Metadata
        var initialMetadata = Metadata()
        var trailingMetadata = Metadata()
        var responseCompression: Compression?
        var requestSteps: [MessageMap.Step] = []
        var responseSteps: [MessageMap.Step] = []
    }

    /// Which method is called.
    public let method: MethodDescriptor
    /// When the client stops waiting; nil without end. Calls made inside the handler inherit it.
    public let deadline: Deadline?
    /// Who calls, as far as the connection tells.
    public let peer: Peer
    /// False for a call of a method that the server doesn't have, which only interceptors see: its name is whatever the
    /// client made up.
    package let hasHandler: Bool
    /// What the server's own module keeps here.
    package let environment: (any Sendable)?

    private let exchange: (any ServerExchange)?
    private let state: Mutex<State>
    /// What it is until a handler changes it.
    private let initialCompression: Compression?
    /// Spares calls that set neither metadata nor compression the lock.
    private let _isTouched = Atomic(false)
    private let cancellation = Atomic(0)
    private let _requestWasCompressed = Atomic(false)
    /// Spares calls without interceptors the lock.
    private let hasMaps = Atomic(false)

    package init(
        method: MethodDescriptor, metadata: Metadata, deadline: Deadline?, peer: Peer, hasHandler: Bool = true,
        responseCompression: Compression? = nil, exchange: (any ServerExchange)? = nil,
        environment: (any Sendable)? = nil
    ) {
        self.method = method
        self.deadline = deadline
        self.peer = peer
        self.hasHandler = hasHandler
        self.exchange = exchange
        self.environment = environment
        initialCompression = responseCompression
        state = Mutex(State(metadata: metadata, responseCompression: responseCompression))
    }

    /// The time until the deadline, zero once it has passed; nil without a deadline.
    public var timeRemaining: Duration? { deadline?.remaining }

    // MARK: - Metadata

    /// What the client sent with its request. Interceptors may change it for those that follow.
    public var metadata: Metadata {
        get { state.withLock { $0.metadata } }
        set { state.withLock { $0.metadata = newValue } }
    }

    /// Sent ahead of the first response, or by ``sendInitialMetadata()``; changes after that are lost.
    public var initialMetadata: Metadata {
        get { isTouched ? state.withLock { $0.initialMetadata } : [:] }
        set { touch { $0.initialMetadata = newValue } }
    }

    /// Sent to the client with the outcome.
    public var trailingMetadata: Metadata {
        get { isTouched ? state.withLock { $0.trailingMetadata } : [:] }
        set { touch { $0.trailingMetadata = newValue } }
    }

    /// Sends ``initialMetadata`` now instead of with the first response.
    public func sendInitialMetadata() { exchange?.sendInitialMetadata() }

    // MARK: - Compression

    /// Whether the client had compressed its request, of a method that takes one. Streams tell it for each message:
    /// see ``MessageStream/received``.
    public var requestWasCompressed: Bool { _requestWasCompressed.load(ordering: .relaxed) }

    @usableFromInline package func noteCompressedRequest() { _requestWasCompressed.store(true, ordering: .relaxed) }

    /// How responses are made smaller, if the client can undo it. Default: the server's.
    public var responseCompression: Compression? {
        get { isTouched ? state.withLock { $0.responseCompression } : initialCompression }
        set { touch { $0.responseCompression = newValue } }
    }

    /// Whether the response is all that the client is told, uncompressed and with no metadata.
    package var isPlain: Bool { !isTouched && initialCompression == nil }

    private var isTouched: Bool { _isTouched.load(ordering: .relaxed) }

    private func touch(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        _isTouched.store(true, ordering: .relaxed)
    }

    // MARK: - Cancellation

    /// Whether nobody waits for the outcome any more. The handler's task is cancelled too; this tells it where a task
    /// doesn't know, such as on another thread.
    public var isCancelled: Bool { cancellationReason != nil }

    /// Why nobody waits any more; nil while somebody does.
    public var cancellationReason: CancellationReason? {
        CancellationReason(rawValue: cancellation.load(ordering: .relaxed))
    }

    /// Comes before the handler's task is cancelled. The first reason stays.
    package func cancel(_ reason: CancellationReason) {
        _ = cancellation.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
    }

    // MARK: - Interception

    /// Lets an interceptor change each request. What it returns must have the same type.
    ///
    /// For interceptors, before they call `next`.
    public func mapRequests(_ step: @escaping @Sendable (any Message) throws(RPCError) -> any Message) {
        hasMaps.store(true, ordering: .relaxed)
        state.withLock { $0.requestSteps.append(step) }
    }

    /// Lets an interceptor change each response. What it returns must have the same type. The interceptor nearest to
    /// the handler sees it first.
    public func mapResponses(_ step: @escaping @Sendable (any Message) throws(RPCError) -> any Message) {
        hasMaps.store(true, ordering: .relaxed)
        state.withLock { $0.responseSteps.insert(step, at: 0) }
    }

    @usableFromInline package var requestMap: MessageMap? {
        guard hasMaps.load(ordering: .relaxed) else { return nil }
        return state.withLock { $0.requestSteps.isEmpty ? nil : MessageMap($0.requestSteps) }
    }

    @usableFromInline package var responseMap: MessageMap? {
        guard hasMaps.load(ordering: .relaxed) else { return nil }
        return state.withLock { $0.responseSteps.isEmpty ? nil : MessageMap($0.responseSteps) }
    }
}
