/// What a caller can choose for one call.
public struct CallOptions: Sendable {
    /// How long the call may take, from when it is made. Default (nil): the channel's default. Inside a handler
    /// the deadline of the call that it answers counts too, whichever comes first.
    public var timeout: Duration?

    /// Sent with the request.
    public var metadata: Metadata

    /// False (the default): fail with UNAVAILABLE while the service can't be reached.
    /// True: wait for a connection until the deadline.
    public var waitsForReady: Bool

    /// How requests are made smaller, if the server can undo it. Default (nil): the channel's default.
    public var compression: Compression?

    /// Gets what the channel notes about the call. Default: nil.
    public var record: CallRecord?

    /// Options for one call; what isn't given is as the channel has it.
    public init(
        timeout: Duration? = nil, metadata: Metadata = [:], waitsForReady: Bool = false,
        compression: Compression? = nil
    ) {
        self.timeout = timeout
        self.metadata = metadata
        self.waitsForReady = waitsForReady
        self.compression = compression
    }

    /// Leaves everything to the channel's configuration.
    public static let `default` = CallOptions()

    /// Only a timeout: `users.getUser(request, options: .timeout(.seconds(2)))`.
    public static func timeout(_ timeout: Duration) -> CallOptions { CallOptions(timeout: timeout) }

    /// The time the call has: the smallest of its own timeout (or else `defaultTimeout`) and what remains of the
    /// deadline of the handler that makes it. Nil means without end.
    package func effectiveTimeout(default defaultTimeout: Duration?, in handler: ServerContext?) -> Duration? {
        let own = timeout ?? defaultTimeout
        guard let inherited = handler?.deadline?.remaining else { return own }
        return own.map { min($0, inherited) } ?? inherited
    }
}
