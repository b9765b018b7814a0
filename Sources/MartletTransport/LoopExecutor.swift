internal import MartletCore
private import NIOConcurrencyHelpers
package import NIOCore

/// Runs tasks on an event loop, and flushes the loop's connections once per turn.
///
/// There is one executor per loop in a process, so that a handler that calls on over a connection of its own loop
/// shares its turn: all output of a turn leaves in one flush per connection.
///
/// Unchecked: what isn't behind a lock is touched on the loop only.
package final class LoopExecutor: TaskExecutor, UptimeClock, @unchecked Sendable {
    package let loop: any EventLoop

    private var jobs: [UnownedJob] = []
    private var flushes: [any FlushableConnection] = []
    private var isInTurn = false
    private var isTurnScheduled = false
    private var spareOutput: ByteBuffer?

    /// Jobs enqueued on other threads; a wake-up is under way whenever there are any.
    private let remoteJobs = NIOLockedValueBox<[UnownedJob]>([])

    /// Jobs that one turn runs before it flushes, so that a busy loop doesn't hold back finished replies.
    private static let jobsPerTurn = 256

    /// Capacity up to which an output buffer is kept for the next turn, in bytes.
    private static let retainedOutputBytes = 256 << 10

    private init(loop: any EventLoop) { self.loop = loop }

    package var uptimeNanoseconds: UInt64 { loop.now.uptimeNanoseconds }

    var isOnLoop: Bool { loop.inEventLoop }

    /// Runs `body` at once when on the loop, otherwise soon.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if isOnLoop { body() } else { loop.execute(body) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            jobs.append(job)
            scheduleTurn()
        } else {
            let isFirst = remoteJobs.withLockedValue { remote in
                remote.append(job)
                return remote.count == 1
            }
            if isFirst { loop.execute { self.runTurn() } }
        }
    }

    /// Makes sure that the connection's output is flushed at the end of this turn. On the loop only.
    package func flushAfterTurn(_ connection: any FlushableConnection) {
        flushes.append(connection)
        scheduleTurn()
    }

    /// Marks the beginning of a turn that ends with ``endTurn()``, which saves waking up for one. On the loop only.
    package func beginTurn() { isInTurn = true }

    /// Runs the turn's jobs, then flushes.
    package func endTurn() {
        isInTurn = false
        runTurn()
    }

    /// An empty buffer for a connection's output. On the loop only.
    package func takeOutputBuffer() -> ByteBuffer {
        defer { spareOutput = nil }
        return spareOutput ?? ByteBufferAllocator().buffer(capacity: 4096)
    }

    /// Gives a buffer back once its bytes are with the channel. On the loop only.
    package func giveBack(_ buffer: consuming ByteBuffer) {
        guard spareOutput == nil, buffer.capacity <= Self.retainedOutputBytes else { return }
        buffer.clear()
        spareOutput = consume buffer
    }

    private func scheduleTurn() {
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
        let remote = remoteJobs.withLockedValue { remote in
            defer { remote.removeAll() }
            return remote
        }
        jobs.append(contentsOf: remote)

        var next = 0
        let executor = asUnownedTaskExecutor()
        while next < jobs.count, next < Self.jobsPerTurn {
            jobs[next].runSynchronously(on: executor)
            next += 1
        }
        if next == jobs.count { jobs.removeAll(keepingCapacity: true) } else { jobs.removeFirst(next) }

        if !flushes.isEmpty {
            let connections = flushes
            flushes.removeAll(keepingCapacity: true)
            for connection in connections { connection.flushOutput() }
        }
        isInTurn = false
        if !jobs.isEmpty || !flushes.isEmpty { scheduleTurn() }
    }
}

/// A connection whose output waits for the end of its loop's turn.
package protocol FlushableConnection: AnyObject {
    func flushOutput()
}

extension LoopExecutor {
    private struct Weak {
        weak var executor: LoopExecutor?
    }

    /// A living executor keeps its loop alive, so an entry that isn't nil is the one of the loop asked for.
    private static let executors = NIOLockedValueBox<[ObjectIdentifier: Weak]>([:])

    /// The executor of a loop. It lives as long as somebody keeps it.
    package static func of(_ loop: any EventLoop) -> LoopExecutor {
        executors.withLockedValue { executors in
            if let executor = executors[ObjectIdentifier(loop)]?.executor { return executor }
            executors = executors.filter { $0.value.executor != nil }
            let executor = LoopExecutor(loop: loop)
            executors[ObjectIdentifier(loop)] = Weak(executor: executor)
            return executor
        }
    }
}
