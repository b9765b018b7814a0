import BenchmarkAPI
import Martlet
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says where all endpoints are, and says something else ten times a second: one in a hundred is replaced each time.
private final class ChurningResolver: Resolver {
    let scheme = "churn"
    private let endpoints: [Endpoint]
    private let count: Int
    private let _isChurning = Atomic(false)
    private let _updates = Atomic(0)

    /// Twice as many are made as are used at a time, each on an address of loopback of its own.
    init(count: Int, port: Int) {
        self.count = count
        endpoints = (0..<2 * count).map { Endpoint(.tcp("127.0.\($0 / 250).\($0 % 250 + 1)", port)) }
    }

    func begin() { _isChurning.store(true, ordering: .relaxed) }
    var updates: Int { _updates.load(ordering: .relaxed) }

    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        var used = Array(endpoints.prefix(count))
        var spare = Array(endpoints.dropFirst(count))
        updates.send(Resolution(endpoints: used))
        while !Task.isCancelled {
            await updates.sleep(for: .milliseconds(100))
            guard _isChurning.load(ordering: .relaxed) else { continue }
            let replaced = max(1, count / 100)
            spare += used.prefix(replaced)
            used = Array(used.dropFirst(replaced)) + spare.prefix(replaced)
            spare.removeFirst(replaced)
            updates.send(Resolution(endpoints: used))
            _updates.add(1, ordering: .relaxed)
        }
    }
}

/// Calls a thousand times a second over many endpoints, first of a list that stays and then of one that changes ten times
/// a second. Prints "calm_cpu_percent churn_cpu_percent updates calls failed_calls resident_kib_before after".
func runChurn(port: Int, count: Int, seconds: Double) async throws {
    let resolver = ChurningResolver(count: count, port: port)
    var configuration = ChannelConfiguration()
    configuration.resolvers = [resolver]
    let channel = try ClientChannel("churn:///users", configuration: configuration)
    let users = UserServiceClient(channel)
    try await channel.connect()
    while channel.statistics.endpoints.count(where: \.isReady) < count { try await Task.sleep(for: .milliseconds(50)) }

    func load() async -> (cpuPercent: Double, calls: Int, failures: Int) {
        let start = ContinuousClock.now
        let cpu = cpuSeconds()
        var calls = 0
        var failures = 0
        while ContinuousClock.now - start < .seconds(seconds) {
            for _ in 0..<10 {
                calls += 1
                let user = try? await users.getUser(GetUserRequest(id: "user-000042"), options: .timeout(.seconds(1)))
                if user == nil { failures += 1 }
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return ((cpuSeconds() - cpu) / ((ContinuousClock.now - start) / .seconds(1)) * 100, calls, failures)
    }

    let calm = await load()
    let before = residentKiB()
    resolver.begin()
    let churn = await load()
    print(
        (calm.cpuPercent * 10).rounded() / 10, (churn.cpuPercent * 10).rounded() / 10, resolver.updates,
        calm.calls + churn.calls, calm.failures + churn.failures, before, residentKiB())
    await channel.shutdown()
}

/// Memory of this process that is in use, as Linux counts it.
private func residentKiB() -> Int {
    let descriptor = open("/proc/self/statm", O_RDONLY)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = max(0, read(descriptor, &bytes, bytes.count))
    let pages = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE)) / 1024
}
