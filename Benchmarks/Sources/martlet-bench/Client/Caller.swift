/// Does an operation over and over, and counts and times it.
///
/// Unchecked: one task or thread has it at a time, since each step of a run has ended before the next begins.
final class Caller: @unchecked Sendable {
    /// Where its tasks run; nil for the global pool.
    let executor: (any TaskExecutor)?
    /// Since it was last cleared.
    private(set) var tally = Tally()
    private var operation: any Operation

    init(_ operation: any Operation, on executor: (any TaskExecutor)?) {
        self.operation = operation
        self.executor = executor
    }

    nonisolated(nonsending) func prepare() async throws { try await operation.prepare() }
    nonisolated(nonsending) func finish() async throws { try await operation.finish() }
    func clearTally() { tally = Tally() }

    /// Turn after turn; the one under way at the end of the phase still counts.
    ///
    /// - Parameter end: As ``monotonicNanoseconds()`` has it.
    nonisolated(nonsending) func work(until end: UInt64) async throws {
        var operation = operation
        let pause = operation.pause
        var time = monotonicNanoseconds()
        while time < end {
            let work = try await operation.perform()
            let done = monotonicNanoseconds()
            tally.add(work, nanoseconds: done - time)
            time = done
            if let pause {
                try await Task.sleep(for: pause)
                time = monotonicNanoseconds()
            }
        }
        self.operation = operation
    }

    /// The same on a thread of its own.
    @available(*, noasync) func workBlocking(until end: UInt64) throws {
        guard var operation = operation as? any BlockingOperation else {
            preconditionFailure("\(operation) can't be done by blocking calls; Scenario.canBlock says so")
        }
        var time = monotonicNanoseconds()
        while time < end {
            let work = try operation.performBlocking()
            let done = monotonicNanoseconds()
            tally.add(work, nanoseconds: done - time)
            time = done
        }
        self.operation = operation
    }
}
