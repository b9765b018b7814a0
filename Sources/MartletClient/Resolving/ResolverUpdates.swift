public import Logging
public import MartletCore
package import MartletTransport
private import Synchronization

/// What a resolver has found.
public struct Resolution: Sendable, Hashable {
    /// The instances. Two of one ``Endpoint/id`` are one: the first counts.
    public var endpoints: [Endpoint]

    /// How the service wants to be called, as gRPC's service config in JSON; nil if the resolver doesn't say.
    public var serviceConfig: String?

    /// All that there is now; empty if there is no instance.
    public init(endpoints: [Endpoint], serviceConfig: String? = nil) {
        self.endpoints = endpoints
        self.serviceConfig = serviceConfig
    }
}

/// Where a resolver brings what it finds. Usable on any thread.
public final class ResolverUpdates: Sendable {
    private struct State {
        var isRequested = false
        var waiter: Eventually<Void>?
    }

    /// The channel's.
    public let logger: Logger
    private let executor: LoopExecutor
    private let receive: @Sendable (Result<Resolution, RPCError>) -> Void
    private let state = Mutex(State())

    package init(
        executor: LoopExecutor, logger: Logger, receive: @escaping @Sendable (Result<Resolution, RPCError>) -> Void
    ) {
        self.executor = executor
        self.logger = logger
        self.receive = receive
    }

    /// All that there is now. What was sent before and isn't in it gets no new calls.
    public func send(_ resolution: Resolution) { receive(.success(resolution)) }

    /// Nothing can be found out now. The channel goes on with what it has; if it has nothing, calls that don't wait for
    /// ready fail with this error.
    public func fail(_ error: RPCError) { receive(.failure(error)) }

    /// Waits until the channel asks for a new answer, since an endpoint was lost or can't be reached, or until the time
    /// is over. Returns at once if it has asked meanwhile, or when the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: Nil: until the channel asks.
    ///   - pause: What passes at the least, so that a failing service doesn't become a load for whom it asks. Default 1 s.
    public func waitForRequest(orAfter interval: Duration?, atLeast pause: Duration = .seconds(1)) async {
        await sleep(for: pause)
        guard !Task.isCancelled else { return }
        let waiter = Eventually<Void>()
        let isRequested = state.withLock { state in
            defer { state.isRequested = false }
            if !state.isRequested { state.waiter = waiter }
            return state.isRequested
        }
        if isRequested { return }
        await executor.wait(for: waiter, atMost: interval.map { max($0 - pause, .zero) })
        state.withLock { $0.waiter = nil }
    }

    /// Waits on the channel's clock, until the task is cancelled at the latest.
    public func sleep(for duration: Duration) async {
        await executor.sleep(for: duration)
    }

    /// The channel wants to know whether anything has changed.
    package func request() {
        let waiter = state.withLock { state in
            let waiter = state.waiter.take()
            state.isRequested = waiter == nil
            return waiter
        }
        waiter?.resolve(())
    }
}
