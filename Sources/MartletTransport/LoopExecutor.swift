internal import MartletCore
internal import MartletWire
private import NIOConcurrencyHelpers
package import NIOCore

/// Runs tasks and handlers on an event loop, and flushes the loop's connections after some of them.
///
/// There is one executor per loop in a process, so that a handler that calls on over a connection of its own loop
/// shares its turn: what they send together leaves in one flush per connection.
///
/// Unchecked: what isn't behind a lock is touched on the loop only.
package final class LoopExecutor: TaskExecutor, UptimeClock, @unchecked Sendable {
    package let loop: any EventLoop
    /// Of the large messages of this loop's connections.
    let blocks = SpareBlocks()

    private var jobs: [UnownedJob] = []
    private var flushes: [any FlushableConnection] = []
    private var isInTurn = false
    private var isTurnScheduled = false
    private var isTrimScheduled = false
    private var spareOutput: ByteBuffer?
    /// The time when this turn was first asked for it.
    private var turnTime: UInt64?
    private var handlerQueue: HandlerQueue?

    /// What comes from other threads.
    private struct Remote {
        var work: [@Sendable () -> Void] = []
        var jobs: [UnownedJob] = []

        var isEmpty: Bool { work.isEmpty && jobs.isEmpty }
    }

    /// A wake-up is under way whenever it isn't empty.
    private let remote = NIOLockedValueBox(Remote())

    /// Jobs that run before what they sent is flushed, so that the peer works on the first of many calls while this side
    /// works on the others. Twice as many calls per second with 64 under way; with half as many, flushing costs too much.
    private static let jobsPerFlush = 32

    /// Flushes of one turn; then the loop reads again.
    private static let flushesPerTurn = 8

    /// Capacity up to which an output buffer is kept for the next turn, in bytes.
    private static let retainedOutputBytes = 256 << 10

    private init(loop: any EventLoop) { self.loop = loop }

    package var uptimeNanoseconds: UInt64 { loop.now.uptimeNanoseconds }

    /// The time, read once per turn. On the loop only.
    var nanosecondsThisTurn: UInt64 {
        if let turnTime { return turnTime }
        let now = uptimeNanoseconds
        if isInTurn { turnTime = now }
        return now
    }

    var isOnLoop: Bool { loop.inEventLoop }

    /// Where the handlers of the loop's connections wait for their turn. On the loop only.
    var handlers: HandlerQueue {
        if let handlerQueue { return handlerQueue }
        let queue = HandlerQueue(self)
        handlerQueue = queue
        return queue
    }

    /// Runs `body` at once when on the loop, otherwise soon: with one wake-up for all that come together, in the order in
    /// which they come, and ahead of tasks that come after it.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if isOnLoop { body() } else { addRemote { $0.work.append(body) } }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            jobs.append(job)
            scheduleTurn()
        } else {
            addRemote { $0.jobs.append(job) }
        }
    }

    private func addRemote(_ add: (inout Remote) -> Void) {
        let isFirst = remote.withLockedValue { remote in
            defer { add(&remote) }
            return remote.isEmpty
        }
        if isFirst { loop.execute { self.runTurn() } }
    }

    /// Makes sure that the connection's output is flushed in this turn, after the jobs that run now. On the loop only.
    package func flushAfterTurn(_ connection: any FlushableConnection) {
        flushes.append(connection)
        scheduleTurn()
    }

    /// Marks the beginning of a turn that ends with ``endTurn()``, which saves waking up for one. On the loop only.
    package func beginTurn() { isInTurn = true }

    /// Runs the turn's handlers and jobs, and flushes.
    package func endTurn() {
        isInTurn = false
        runTurn()
    }

    /// An empty buffer for a connection's output. On the loop only.
    package func takeOutputBuffer() -> ByteBuffer {
        if var spare = spareOutput.take(), spare.modifyIfUniquelyOwned({ $0.clear() }) != nil { return spare }
        return ByteBufferAllocator().buffer(capacity: 4096)
    }

    /// Gives a buffer back, which the channel may still have: then it isn't used again. On the loop only.
    package func giveBack(_ buffer: consuming ByteBuffer) {
        guard spareOutput == nil, buffer.capacity <= Self.retainedOutputBytes else { return }
        spareOutput = consume buffer
    }

    /// Makes sure that a turn comes. On the loop only.
    func scheduleTurn() {
        guard !isInTurn, !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.execute {
            self.isTurnScheduled = false
            self.runTurn()
        }
    }

    private func runTurn() {
        if isInTurn { return }
        isInTurn = true
        takeRemote()
        var count = 0
        repeat {
            runJobs()
            flush()
            count += 1
        } while hasJobs && count < Self.flushesPerTurn
        isInTurn = false
        turnTime = nil
        if hasJobs || !flushes.isEmpty { scheduleTurn() }
        if !blocks.isEmpty, !isTrimScheduled { scheduleTrim() }
    }

    private var hasJobs: Bool { !jobs.isEmpty || handlerQueue?.isEmpty == false }

    private func flush() {
        guard !flushes.isEmpty else { return }
        let connections = flushes
        flushes.removeAll(keepingCapacity: true)
        for connection in connections { connection.flushOutput() }
    }

    /// Keeps spare memory for a second or two after its last use.
    private func scheduleTrim() {
        isTrimScheduled = true
        loop.scheduleTask(in: .seconds(1)) {
            self.isTrimScheduled = false
            self.blocks.trim()
            if self.blocks.isEmpty { HeapTrimming.begin() } else { self.scheduleTrim() }
        }
    }

    private func takeRemote() {
        let taken: Remote? = remote.withLockedValue { remote in
            guard !remote.isEmpty else { return nil }
            defer { remote = Remote() }
            return remote
        }
        guard let taken else { return }
        for work in taken.work { work() }
        jobs.append(contentsOf: taken.jobs)
    }

    private func runJobs() {
        let executor = asUnownedTaskExecutor()
        let handlers = handlerQueue
        handlers?.beginTurn(starts: Self.jobsPerFlush)
        // Its job goes behind those that wait, and so has its turn however many there are.
        handlers?.startRunner()
        var next = 0
        while next < Self.jobsPerFlush {
            if next < jobs.count {
                handlers?.beginSegment()
                jobs[next].runSynchronously(on: executor)
                handlers?.endSegment(of: jobs[next])
                next += 1
            } else if handlers?.startRunner() != true {
                break
            }
        }
        if next == jobs.count { jobs.removeAll(keepingCapacity: true) } else { jobs.removeFirst(next) }
    }
}

/// A connection whose output waits for its loop's next flush.
package protocol FlushableConnection: AnyObject {
    func flushOutput()
}

extension LoopExecutor {
    /// An executor keeps its loop alive, so an entry is the one of the loop asked for. No weak references: an object that
    /// has them counts all others with three times the effort.
    private static let executors = NIOLockedValueBox<[ObjectIdentifier: LoopExecutor]>([:])

    /// The executor of a loop. It lives until nobody keeps it and another one is made.
    package static func of(_ loop: any EventLoop) -> LoopExecutor {
        executors.withLockedValue { executors in
            if let executor = executors[ObjectIdentifier(loop)] { return executor }
            for key in Array(executors.keys) where isKnownUniquelyReferenced(&executors[key]!) { executors[key] = nil }
            let executor = LoopExecutor(loop: loop)
            executors[ObjectIdentifier(loop)] = executor
            return executor
        }
    }
}
