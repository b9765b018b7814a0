import BenchmarkAPI
import Martlet

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the calling tasks run.
enum Callers: String {
    /// On Swift's global pool, as most programs do.
    case pool
    /// On the channel's event loop.
    case loop
}

/// Keeps `inFlight` calls under way on one connection and prints "requests seconds client_cpu_seconds".
func runClient(port: Int, inFlight: Int, seconds: Double, callers: Callers) async throws {
    let channel = try ClientChannel("tcp://127.0.0.1:\(port)")
    let users = UserServiceClient(channel)
    _ = try await users.getUser(GetUserRequest(id: "user-000042"), options: CallOptions(timeout: .seconds(5)))
    let executor: (any TaskExecutor)? = callers == .loop ? channel.executor : nil

    func calls(for duration: Duration) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            let end = ContinuousClock.now + duration
            for _ in 0..<inFlight {
                group.addTask(executorPreference: executor) {
                    var calls = 0
                    while ContinuousClock.now < end {
                        for _ in 0..<16 {
                            let user = try await users.getUser(GetUserRequest(id: "user-000042"))
                            precondition(user.roles.count == 3)
                        }
                        calls += 16
                    }
                    return calls
                }
            }
            return try await group.reduce(0, +)
        }
    }

    _ = try await calls(for: .seconds(0.5))
    let start = ContinuousClock.now
    let cpuAtStart = cpuSeconds()
    let count = try await calls(for: .seconds(seconds))
    print(count, (ContinuousClock.now - start) / .seconds(1), cpuSeconds() - cpuAtStart)
    await channel.shutdown()
}

private func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
