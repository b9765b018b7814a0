/// The handlers of an event loop that wait for their turn, and the tasks that run them.
///
/// A few long-lived tasks, the runners, run handler after handler, which costs far less than a task for each. A handler
/// that suspends keeps its runner, and the next runner goes on with the queue.
///
/// Unchecked: on the loop only.
final class HandlerQueue: @unchecked Sendable {
    private unowned let executor: LoopExecutor
    private var waiting: [ServerCall] = []
    private var head = 0
    private var idle: [HandlerRunner] = []
    /// All runners, by the identity of their tasks.
    private var runners: [UInt: HandlerRunner] = [:]
    private var startsLeft = 0
    private var connections = 0
    /// When the code that runs now began to.
    private var segmentStart: UInt64 = 0
    /// Nanoseconds; the least of the connections'.
    private var holdWarning = UInt64.max

    /// Idle runners that are kept.
    private static let maximumIdle = 64

    init(_ executor: LoopExecutor) { self.executor = executor }

    var isEmpty: Bool { head == waiting.count }

    /// Handlers run as soon as there is a turn, in the order in which they come.
    func add(_ call: ServerCall) {
        waiting.append(call)
        executor.scheduleTurn()
    }

    /// - Parameter starts: Handlers that may be started before the next flush.
    func beginTurn(starts: Int) { startsLeft = starts }

    /// Lets a runner go on with the queue, at once or as the loop's next job. False: there is nothing for it to do.
    @discardableResult
    func startRunner() -> Bool {
        guard !isEmpty, startsLeft > 0 else { return false }
        if let runner = idle.popLast() {
            runner.resume(true)
        } else {
            HandlerRunner(self).start(on: executor)
        }
        return true
    }

    /// The next handler that a runner may run in this turn.
    fileprivate func next() -> ServerCall? {
        while !isEmpty, startsLeft > 0 {
            let call = waiting[head]
            head += 1
            if isEmpty {
                waiting.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024 {
                waiting.removeFirst(head)
                head = 0
            }
            if call.connection.postpones(call) { continue }
            startsLeft -= 1
            return call
        }
        return nil
    }

    /// Keeps a runner for later; false: there are enough.
    fileprivate func keep(_ runner: HandlerRunner) -> Bool {
        guard idle.count < Self.maximumIdle, connections > 0 else { return false }
        idle.append(runner)
        return true
    }

    fileprivate func runnerBegan(_ runner: HandlerRunner, _ identity: UInt) { runners[identity] = runner }

    fileprivate func runnerEnded(_ identity: UInt) { runners[identity] = nil }

    // MARK: - Connections

    func connectionOpened(holdWarning: UInt64?) {
        connections += 1
        if let holdWarning { self.holdWarning = min(self.holdWarning, holdWarning) }
    }

    /// A loop without connections keeps no runners.
    func connectionClosed() {
        connections -= 1
        guard connections == 0 else { return }
        holdWarning = .max
        let runners = idle
        idle = []
        for runner in runners { runner.resume(false) }
    }

    // MARK: - The watch

    /// Code of tasks, or of a handler that needs none, begins to run.
    func beginSegment() {
        if holdWarning != .max { segmentStart = coarseNanoseconds() }
    }

    /// A handler has returned, or suspended. Tells its connection if it held the loop for long.
    func endSegment(of call: ServerCall) {
        guard holdWarning != .max else { return }
        let now = coarseNanoseconds()
        if now &- segmentStart > holdWarning { call.noteHold(nanoseconds: now &- segmentStart) }
        segmentStart = now
    }

    func endSegment(of job: UnownedJob) {
        guard holdWarning != .max else { return }
        let nanoseconds = coarseNanoseconds() &- segmentStart
        guard nanoseconds > holdWarning else { return }
        // A task that a handler made for itself has no runner.
        if let call = runners[taskIdentity(of: job)]?.call { call.noteHold(nanoseconds: nanoseconds) }
    }
}

/// A task that runs handlers, one after another.
///
/// Unchecked: on the loop only.
final class HandlerRunner: @unchecked Sendable {
    private let queue: HandlerQueue
    private var task: Task<Void, Never>?
    private var continuation: UnsafeContinuation<Bool, Never>?
    private var isCancelled = false
    /// What it runs now, be it suspended or not.
    fileprivate private(set) var call: ServerCall?

    fileprivate init(_ queue: HandlerQueue) { self.queue = queue }

    fileprivate func start(on executor: LoopExecutor) {
        queue.beginSegment()
        let task = Task.immediate(executorPreference: executor) { await self.run() }
        if let call { queue.endSegment(of: call) }
        self.task = task
        if isCancelled { task.cancel() }
    }

    private nonisolated(nonsending) func run() async {
        let identity = withUnsafeCurrentTask { taskIdentity(of: $0!) }
        queue.runnerBegan(self, identity)
        repeat {
            while let call = queue.next() {
                self.call = call
                if call.begin(in: self) {
                    await call.runHandler()
                    call.end(in: self)
                }
                queue.endSegment(of: call)
                call.handlerReturned()
                self.call = nil
                if isCancelled { return queue.runnerEnded(identity) }
            }
        } while await waitForMore()
        queue.runnerEnded(identity)
    }

    private nonisolated(nonsending) func waitForMore() async -> Bool {
        guard queue.keep(self) else { return false }
        return await withUnsafeContinuation { continuation = $0 }
    }

    /// - Parameter goesOn: Whether it is to run handlers, or to end.
    fileprivate func resume(_ goesOn: Bool) { continuation.take()?.resume(returning: goesOn) }

    /// Cancels the handler that it runs; it runs no other after that.
    func cancel() {
        isCancelled = true
        task?.cancel()
    }
}
