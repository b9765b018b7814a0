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

/// What a client keeps doing.
enum Load: String {
    /// Unary calls of a few bytes.
    case unary
    /// The same with a timeout and an interceptor at either end, of a featured server.
    case featured
    /// Unary calls of a few bytes beside one after another of 100 MiB.
    case beside
    /// Reading a stream of users, one per task.
    case stream
    /// Unary calls with 1 MiB each way.
    case echo
}

/// Keeps `inFlight` calls under way on one connection and prints "operations seconds client_cpu_seconds": calls, or
/// messages of streams. For small calls beside large ones, it prints how long they take instead.
func runClient(
    _ load: Load, port: Int, wire: ChannelConfiguration.Wire, inFlight: Int, seconds: Double, callers: Callers
) async throws {
    var configuration = ChannelConfiguration()
    configuration.wire = wire
    configuration.maxMessageBytes = maxMessageBytes
    if load == .featured { configuration.interceptors = [Observer()] }
    let channel = try ClientChannel("tcp://127.0.0.1:\(port)", configuration: configuration)
    let users = UserServiceClient(channel)
    _ = try await users.getUser(GetUserRequest(id: "user-000042"), options: CallOptions(timeout: .seconds(5)))
    if load == .beside { return try await callBesideLarge(users, seconds: seconds) }
    let executor: (any TaskExecutor)? = callers == .loop ? channel.executor : nil

    func operations(for duration: Duration) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            let end = ContinuousClock.now + duration
            for _ in 0..<inFlight {
                group.addTask(executorPreference: executor) {
                    switch load {
                    case .unary: try await callGetUser(users, until: end, .default)
                    case .featured: try await callGetUser(users, until: end, .timeout(.seconds(5)))
                    case .stream: try await readUsers(users, until: end)
                    case .echo: try await callEcho(users, of: 1 << 20, until: end)
                    case .beside: 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    _ = try await operations(for: .seconds(0.5))
    let start = ContinuousClock.now
    let cpuAtStart = cpuSeconds()
    let count = try await operations(for: .seconds(seconds))
    print(count, (ContinuousClock.now - start) / .seconds(1), cpuSeconds() - cpuAtStart)
    await channel.shutdown()
}

private func callGetUser(
    _ users: UserServiceClient, until end: ContinuousClock.Instant, _ options: CallOptions
) async throws -> Int {
    var calls = 0
    while ContinuousClock.now < end {
        for _ in 0..<16 {
            let user = try await users.getUser(GetUserRequest(id: "user-000042"), options: options)
            precondition(user.roles.count == 3)
        }
        calls += 16
    }
    return calls
}

private func readUsers(_ users: UserServiceClient, until end: ContinuousClock.Instant) async throws -> Int {
    var messages = 0
    for try await user in users.listUsers(ListUsersRequest()) {
        precondition(user.roles.count == 3)
        messages += 1
        if messages % 1024 == 0, ContinuousClock.now >= end { break }
    }
    return messages
}

/// - Parameter size: Of the blobs, in bytes.
func callEcho(_ users: UserServiceClient, of size: Int, until end: ContinuousClock.Instant) async throws -> Int {
    let blob = Blob(content: [UInt8](repeating: 0xA5, count: size))
    var calls = 0
    while ContinuousClock.now < end {
        let answer = try await users.echo(blob)
        precondition(answer.content.count == blob.content.count)
        calls += 1
    }
    return calls
}

func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
