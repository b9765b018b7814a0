internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// The stream of one watch. A silent etcd is asked for a sign of life, and given up if there is none.
///
/// The call ends with this value.
final class EtcdWatchStream: Sendable {
    typealias WatchCall = Call<EtcdAPI.WatchRequest, EtcdAPI.WatchResponse>

    private struct State {
        var timer: Scheduled<Void>?
        /// Whether an answer is due when the timer fires.
        var isAsked = true
        /// Whether anything came since the timer was set.
        var isHeard = false
        /// Whether somebody waits for an answer. Those that nobody takes prove nothing.
        var isReading = false
        var isGivenUp = false
        var iterator: MessageStream<EtcdAPI.WatchResponse>.Iterator
    }

    private let call: WatchCall
    private let executor: LoopExecutor
    private let interval: Duration
    private let timeout: Duration
    private let state: Mutex<State>

    init(_ call: WatchCall, executor: LoopExecutor, _ configuration: EtcdConfiguration) {
        self.call = call
        self.executor = executor
        interval = configuration.watchCheckInterval
        timeout = configuration.requestTimeout
        state = Mutex(State(iterator: call.responses.makeAsyncIterator()))
    }

    deinit {
        state.withLock { $0.timer?.cancel() }
        call.cancel()
    }

    /// Makes the watch, and returns the first answer.
    func begin(_ request: EtcdAPI.WatchRequest) async throws(RPCError) -> EtcdAPI.WatchResponse {
        setTimer(timeout)
        try await call.requests.write(request)
        return try await next()
    }

    /// The next answer.
    ///
    /// - Throws: UNAVAILABLE if etcd has ended the stream or says nothing; CANCELLED with the task.
    func next() async throws(RPCError) -> EtcdAPI.WatchResponse {
        var iterator = state.withLock { state in
            state.isReading = true
            return state.iterator
        }
        defer {
            state.withLock { state in
                state.isReading = false
                state.isHeard = true
            }
        }
        do throws(RPCError) {
            if let response = try await iterator.next() { return response }
        } catch {
            guard state.withLock({ $0.isGivenUp }) else { throw error }
            throw RPCError(
                .unavailable, "etcd doesn't answer: a watch was asked for a sign of life, and gave none in \(timeout)")
        }
        throw RPCError(.unavailable, "etcd ended the stream of a watch without saying why")
    }

    // MARK: - Signs of life

    private func setTimer(_ delay: Duration) {
        let timer = executor.loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [weak self] in
            self?.check()
            return
        }
        state.withLock { $0.timer = timer }
    }

    private func check() {
        let isAlive: Bool? = state.withLock { state in
            let isAlive = state.isHeard || !state.isReading
            state.isHeard = false
            if !isAlive, state.isAsked {
                state.isGivenUp = true
                return nil
            }
            state.isAsked = !isAlive
            return isAlive
        }
        switch isAlive {
        case nil: call.cancel()
        case true?: setTimer(interval)
        case false?:
            setTimer(timeout)
            let requests = call.requests
            let executor = executor
            Task(executorPreference: executor) {
                defer { withExtendedLifetime(executor) {} }
                // If it can't be written, no answer comes either.
                try? await requests.write(.init(requestUnion: .progressRequest(.init())))
            }
        }
    }
}
