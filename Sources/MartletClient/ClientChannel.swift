public import MartletCore
package import MartletTransport
package import NIOCore
internal import NIOPosix

/// Carries calls to a service.
///
/// It connects when it is first used, connects again by itself after a loss, and multiplexes the calls of any number
/// of tasks over one connection. Losing the last reference closes it when its calls have ended.
public final class ClientChannel: CallInvoker, EventLoopAware {
    private let calls: ChannelCalls
    /// The same inside of the configuration's interceptors; nil without any.
    private let intercepted: InterceptedInvoker?
    private let direct: DirectCalls
    private var subchannel: Subchannel { calls.subchannel }

    /// - Parameter target: Such as `tcp://127.0.0.1:7000`, `unix:/run/users.sock`, `unix-abstract:users`; each may end
    ///   with the protocol to speak, such as `?wire=grpc`.
    /// - Throws: INVALID_ARGUMENT for a target that can't be read. Nothing is connected yet.
    public convenience init(_ target: String, configuration: ChannelConfiguration = .init()) throws(RPCError) {
        let (wire, address) = try ChannelConfiguration.Wire.split(target)
        let target = try EndpointAddress(address)
        let group = configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        self.init(
            peer: target.description,
            connector: try target.connector(
                security: configuration.security,
                applicationProtocols: (wire ?? configuration.wire).applicationProtocols),
            loop: group.next(), configuration: configuration, wire: wire, authority: target.authority)
    }

    /// - Parameters:
    ///   - wire: Default (nil): the configuration's.
    ///   - authority: The target's host and port, if it has them.
    package init(
        peer: String, connector: any Connector, loop: any EventLoop, configuration: ChannelConfiguration,
        wire: ChannelConfiguration.Wire? = nil, authority: String? = nil
    ) {
        let subchannel = Subchannel(
            peer: peer, connector: connector, executor: LoopExecutor.of(loop),
            configuration: Subchannel.Configuration(
                connectTimeout: configuration.connectTimeout,
                connection: configuration.connectionConfiguration(
                    wire: wire ?? configuration.wire, authority: authority),
                backoff: configuration.backoff),
            logger: configuration.logger)
        calls = ChannelCalls(subchannel, configuration)
        intercepted =
            configuration.interceptors.isEmpty ? nil : InterceptedInvoker(calls, configuration.interceptors)
        direct = DirectCalls(calls, configuration.interceptors)
    }

    deinit { subchannel.shutDown(grace: nil) {} }

    /// The event loop that the channel's connection lives on, as an executor. Tasks that prefer it
    /// (`Task(executorPreference:)`) make their calls without changing threads, about twice as cheaply; what they run
    /// besides must be short, since it holds up the connection.
    public var executor: any TaskExecutor { subchannel.executor }

    package var isOnEventLoop: Bool { subchannel.executor.loop.inEventLoop }

    public var statistics: ChannelStatistics { subchannel.statistics }

    public nonisolated(nonsending) func unaryReply<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions
    ) async throws(RPCError) -> UnaryReply<Response> {
        try await direct.unaryReply(method, request, options)
    }

    public var directCalls: DirectCalls? { direct }

    public func start<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request?, _ options: CallOptions
    ) -> Call<Request, Response> {
        if let intercepted { return intercepted.start(method, request, options) }
        return calls.start(method, request, options)
    }

    /// Takes no more calls, lets those under way finish, and closes.
    ///
    /// - Parameter grace: How long calls may take to finish; then they fail with UNAVAILABLE. Default 30 s.
    public nonisolated(nonsending) func shutdown(grace: Duration = .seconds(30)) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            subchannel.shutDown(grace: grace) { continuation.resume() }
        }
    }
}
