internal import Logging
internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// What makes one server known, told of its beginning and its end: all at the same time, and none for too long.
///
/// Usable on any thread; waits by the event loop's timers.
final class Registrations: Sendable {
    private enum State {
        case new
        case registering(Task<Void, any Error>)
        case left(EventLoopFuture<Void>)
    }

    private let all: [any ServerRegistration]
    private let timeout: Duration
    private let executor: LoopExecutor
    private let logger: Logger
    private let state = Mutex(State.new)

    init(_ configuration: ServerConfiguration, executor: LoopExecutor) {
        all = configuration.registrations
        timeout = configuration.registrationTimeout
        logger = configuration.logger
        self.executor = executor
    }

    var isEmpty: Bool { all.isEmpty }

    /// Returns at once if the server leaves already.
    ///
    /// Throws what the first that failed has thrown; the others may be registered then.
    func register(_ addresses: [ListenAddress]) async throws {
        let work: Task<Void, any Error>? = state.withLock { state in
            guard case .new = state else { return nil }
            let work = Task(executorPreference: executor) { try await self.registerAll(addresses) }
            state = .registering(work)
            return work
        }
        try await work?.value
    }

    /// Ends the registering, if it goes on, and tells those who were told of the beginning.
    ///
    /// - Returns: When that is done; the same for every call.
    func leave() -> EventLoopFuture<Void> {
        let promise = executor.loop.makePromise(of: Void.self)
        let (future, work): (EventLoopFuture<Void>, Task<Void, any Error>?) = state.withLock { state in
            switch state {
            case .left(let future): return (future, nil)
            case .new:
                state = .left(promise.futureResult)
                return (promise.futureResult, nil)
            case .registering(let work):
                state = .left(promise.futureResult)
                return (promise.futureResult, work)
            }
        }
        guard let work else {
            promise.succeed()
            return future
        }
        work.cancel()
        Task(executorPreference: executor) {
            _ = await work.result
            await self.leaveAll()
            promise.succeed()
        }
        return future
    }

    private func registerAll(_ addresses: [ListenAddress]) async throws {
        try await withThrowingTaskGroup { group in
            for registration in all {
                group.addTask {
                    try await self.inTime("register") { try await registration.serverListens(on: addresses) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func leaveAll() async {
        await withTaskGroup { group in
            for registration in all {
                group.addTask {
                    // It throws nothing.
                    try? await self.inTime("deregister") { await registration.serverLeaves() }
                }
            }
        }
    }

    /// Cancels what takes longer than the timeout, and goes on without it.
    private func inTime(_ what: String, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let outcome = Eventually<Result<Void, any Error>?>()
        let work = Task(executorPreference: executor) {
            do {
                try await body()
                outcome.resolve(.success(()))
            } catch { outcome.resolve(.failure(error)) }
        }
        let timer = executor.loop.scheduleTask(in: .nanoseconds(timeout.nanoseconds)) { _ = outcome.resolve(nil) }
        let result = await withTaskCancellationHandler {
            await outcome.value()
        } onCancel: {
            work.cancel()
        }
        timer.cancel()
        work.cancel()
        switch result {
        case .success?: break
        // The server shuts down: that it isn't registered is right.
        case .failure?: if !Task.isCancelled { try result?.get() }
        case nil:
            logger.warning(
                "a registration takes too long; the server goes on without waiting for it",
                metadata: ["step": "\(what)", "timeout": "\(timeout)"])
        }
    }
}
