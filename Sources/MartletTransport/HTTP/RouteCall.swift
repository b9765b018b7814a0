internal import MartletCore
internal import MartletWire

/// A request whose route's handler runs.
///
/// Unchecked: on the connection's loop only.
final class RouteCall: @unchecked Sendable {
    let stream: UInt32
    private var task: Task<Void, Never>?
    private(set) var hasEnded = false
    private var isCancelled = false

    init(stream: UInt32) { self.stream = stream }

    /// Runs `body` on the loop, as far as it goes without waiting before this returns.
    func run(on executor: LoopExecutor, _ body: nonisolated(nonsending) @escaping @Sendable () async -> Void) {
        task = Task.immediate(executorPreference: executor) { await body() }
        if isCancelled { task?.cancel() }
    }

    func cancel() {
        isCancelled = true
        task?.cancel()
    }

    /// Takes no more answer.
    func end() { hasEnded = true }
}
