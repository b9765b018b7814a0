private import Synchronization

/// What a handler knows about the call it answers. Whatever the handler calls finds it in ``current``.
public final class ServerContext: Sendable {
    /// The context of the handler that this task runs in.
    @TaskLocal public static var current: ServerContext?

    public let method: MethodDescriptor
    /// What the client sent with its request.
    public let metadata: Metadata
    /// When the client stops waiting; nil without end. Calls made inside the handler inherit it.
    public let deadline: Deadline?
    /// The client's address, such as `127.0.0.1:51234`.
    public let peer: String

    private let _trailingMetadata = Mutex(Metadata())
    private let _isExpired = Atomic(false)

    package init(method: MethodDescriptor, metadata: Metadata, deadline: Deadline?, peer: String) {
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.peer = peer
    }

    /// Whether the handler was cancelled because its client's time was up, so that the calls it makes end for the
    /// same reason.
    package var isExpired: Bool { _isExpired.load(ordering: .relaxed) }

    /// Comes before the handler's task is cancelled.
    package func expire() { _isExpired.store(true, ordering: .relaxed) }

    /// Sent to the client with the outcome.
    public var trailingMetadata: Metadata {
        get { _trailingMetadata.withLock { $0 } }
        set { _trailingMetadata.withLock { $0 = newValue } }
    }
}
