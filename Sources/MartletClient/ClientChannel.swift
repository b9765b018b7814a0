public import MartletCore
internal import MartletTransport
internal import NIOCore

/// Carries calls to a service.
///
/// It connects when it is first used, connects again by itself after a loss, and multiplexes the calls of any number
/// of tasks over one connection to each endpoint. Losing the last reference closes it when its calls have ended.
public final class ClientChannel: CallInvoker, EventLoopAware {
    private let calls: ChannelCalls
    /// The same inside of the configuration's interceptors; nil without any.
    private let intercepted: InterceptedInvoker?
    private let direct: DirectCalls
    var source: any ConnectionSource { calls.source }

    /// - Parameter policies: Which the source changes, if it does.
    init(_ source: any ConnectionSource, configuration: ChannelConfiguration, policies: CallPolicies? = nil) {
        calls = ChannelCalls(source, configuration, policies ?? CallPolicies(configuration))
        intercepted =
            configuration.interceptors.isEmpty ? nil : InterceptedInvoker(calls, configuration.interceptors)
        direct = DirectCalls(calls, configuration.interceptors)
    }

    deinit { source.shutDown(grace: nil) {} }

    /// The event loop that the channel's connections live on, as an executor. Tasks that prefer it
    /// (`Task(executorPreference:)`) make their calls without changing threads, about twice as cheaply; what they run
    /// besides must be short, since it holds up the connections.
    public var executor: any TaskExecutor { source.executor }

    package var isOnEventLoop: Bool { source.executor.loop.inEventLoop }

    /// What the channel holds now. Readable on any thread.
    public var statistics: ChannelStatistics { source.statistics }

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
            source.shutDown(grace: grace) { continuation.resume() }
        }
    }
}
