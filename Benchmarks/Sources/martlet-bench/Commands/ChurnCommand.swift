import ArgumentParser
import BenchmarkAPI
import Synchronization

struct ChurnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "churn",
        abstract: "Tell what endpoints cost that change all the time.",
        discussion: """
            It calls a thousand times a second over many endpoints, first of a list that stays and then of one that \
            changes ten times a second. It prints \
            "calm_cpu_percent churn_cpu_percent updates calls failed_calls resident_kib_before after".
            """)

    @Argument(help: "The port of a `martlet-bench server PORT --everywhere`.")
    var port: Int

    @Argument(help: "Endpoints in use at a time.")
    var endpoints: Int

    @Argument(help: "How long each of the two lists is used.")
    var seconds: Double

    func validate() throws {
        // Twice as many addresses are needed, and there are 250 in each of 127.0.0 to 127.0.255.
        guard (1...32_000).contains(endpoints) else { throw ValidationError("endpoints are a number from 1 to 32000") }
    }

    func run() async throws {
        raiseFileLimit()
        let resolver = ChurningResolver(count: endpoints, port: port)
        var configuration = ChannelConfiguration()
        configuration.resolvers = [resolver]
        let channel = try ClientChannel("churn:///users", configuration: configuration)
        try await channel.connect()
        while channel.statistics.endpoints.count(where: \.isReady) < endpoints {
            try await Task.sleep(for: .milliseconds(50))
        }
        let users = UserServiceClient(channel)
        let calm = await Load.run(users, seconds: seconds)
        let before = ProcessFigures.own.residentKiB
        resolver.begin()
        let churn = await Load.run(users, seconds: seconds)
        print(
            (calm.cpuPercent * 10).rounded() / 10, (churn.cpuPercent * 10).rounded() / 10, resolver.updates,
            calm.calls + churn.calls, calm.failures + churn.failures, before, ProcessFigures.own.residentKiB)
        await channel.shutdown()
    }
}

/// A thousand calls a second, and what they took.
private struct Load {
    var cpuPercent = 0.0
    var calls = 0
    var failures = 0

    static func run(_ users: UserServiceClient, seconds: Double) async -> Load {
        var load = Load()
        let start = ContinuousClock.now
        let cpu = cpuSeconds()
        while ContinuousClock.now - start < .seconds(seconds) {
            for _ in 0..<10 {
                load.calls += 1
                let user = try? await users.getUser(GetUserRequest(id: User.sampleID), options: .timeout(.seconds(1)))
                if user == nil { load.failures += 1 }
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
        load.cpuPercent = (cpuSeconds() - cpu) / ((ContinuousClock.now - start) / .seconds(1)) * 100
        return load
    }
}

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
