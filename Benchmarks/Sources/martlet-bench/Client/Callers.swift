import ArgumentParser
import NIOPosix

/// Who makes the calls.
enum CallerKind: String, CaseIterable, ExpressibleByArgument {
    /// Tasks on Swift's global pool, as in most programs.
    case pool
    /// Tasks on the event loops of their connections.
    case loop
    /// Threads that wait for each call.
    case blocking
}

/// All callers of a run.
struct Callers {
    let kind: CallerKind
    let callers: [Caller]

    /// Opens streams that are to be there.
    func prepare() async throws { try await each { caller throws in try await caller.prepare() } }

    /// Ends them.
    func finish() async throws { try await each { caller throws in try await caller.finish() } }

    /// Forgets what was done, as after warming up.
    func clearTallies() { for caller in callers { caller.clearTally() } }

    var tally: Tally { callers.reduce(into: Tally()) { $0.add($1.tally) } }

    /// Turn after turn for so many seconds, and until what is under way then has ended.
    func work(seconds: Double) async throws {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        switch kind {
        case .pool, .loop: try await each { caller throws in try await caller.work(until: end) }
        case .blocking: try await workBlocking(until: end)
        }
    }

    /// Ends the others with the first that fails.
    private func each(_ step: nonisolated(nonsending) @escaping @Sendable (Caller) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for caller in callers {
                group.addTask(executorPreference: caller.executor) { try await step(caller) }
            }
            try await group.waitForAll()
        }
    }

    private func workBlocking(until end: UInt64) async throws {
        let threads = NIOThreadPool(numberOfThreads: callers.count)
        threads.start()
        let outcome = await withTaskGroup { group in
            for caller in callers {
                group.addTask {
                    await Result { try await threads.runIfActive { try caller.workBlocking(until: end) } }
                }
            }
            return await group.reduce(Result<Void, any Error>.success(())) { sum, one in sum.flatMap { one } }
        }
        try await threads.shutdownGracefully()
        try outcome.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
