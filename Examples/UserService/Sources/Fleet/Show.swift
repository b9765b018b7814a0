import Foundation
import Martlet
import ProcessSupport
import UserAPI

/// What happens, second by second.
final class Show {
    private static let names = ["users-1", "users-2", "users-3", "users-4"]

    private let instances: Instances
    private let finder: any Finder
    private let rate: Int
    private let load = Load()
    private var counts: [String: UInt64] = [:]
    private var seconds = 0
    private var totalCalls = 0
    private var failures: [String] = []

    init(instances: Instances, finder: any Finder, rate: Int) {
        self.instances = instances
        self.finder = finder
        self.rate = rate
    }

    func run() async throws {
        for number in 1...3 { try await start(number) }
        let channel = try ClientChannel(finder.target, configuration: configuration)
        let users = UserServiceClient(channel)
        try await channel.connect(timeout: .seconds(10), waitsForReady: true)
        let user = try await users.createUser(.init(email: "ada@example.com", displayName: "Ada"))
        print("\(rate) calls a second to \(finder.target)\n")
        print("    s  " + Self.names.map { pad($0, 9) }.joined() + pad("failed", 9) + pad("p99", 9) + "   what happens")
        let calling = Task { [load, rate] in await load.run(users, id: user.id, rate: rate) }
        defer { calling.cancel() }
        try await play(channel)
        calling.cancel()
        await calling.value
        await channel.shutdown()
        print("\n\(totalCalls) calls, \(failures.count) failed")
        guard failures.isEmpty else { throw Surprise("calls failed; the first: \(failures[0])") }
    }

    private var configuration: ChannelConfiguration {
        var configuration = ChannelConfiguration()
        configuration.resolvers = finder.resolvers
        configuration.loadBalancing.policy = .leastRequest()
        configuration.dnsInterval = .seconds(1)
        // GetUser changes nothing, so it may be called again.
        var method = MethodConfig()
        method.repetition = .retry(RetryPolicy(initialBackoff: .milliseconds(20)))
        configuration.serviceConfig = ServiceConfig()
        configuration.serviceConfig?.methods[.method(service: "users.v1.UserService", name: "GetUser")] = method
        return configuration
    }

    private func start(_ number: Int) async throws {
        let name = Self.names[number - 1]
        let (host, port) = finder.address(of: number)
        try await finder.started(
            name, at: try await instances.start(name, host: host, port: port, etcd: finder.etcd))
    }

    // MARK: - What happens

    private func play(_ channel: ClientChannel) async throws {
        var shares = try await watch(channel, 3, "three instances share the calls")
        for name in Self.names.prefix(3) { try expect(shares[name, default: 0] > 0.15, "\(name) gets calls", shares) }

        instances.signal("users-2", SIGKILL)
        _ = try await watch(channel, 1, "users-2 is killed (SIGKILL)")
        shares = try await watch(channel, 3, "the others have its calls")
        try expect(shares["users-2", default: 0] == 0, "nothing goes to the dead", shares)

        try await start(4)
        _ = try await watch(channel, 2, "users-4 is added")
        shares = try await watch(channel, 3, "and gets its share")
        try expect(shares["users-4", default: 0] > 0.15, "users-4 gets calls", shares)

        try await finder.leaves("users-1")
        instances.signal("users-1", SIGTERM)
        _ = try await watch(channel, 2, "users-1 drains (SIGTERM)")
        guard try await instances.exitStatus(of: "users-1") == 0 else { throw Surprise("users-1 ended with an error") }
        shares = try await watch(channel, 2, "and has ended")
        try expect(shares["users-1", default: 0] == 0, "nothing goes to the drained", shares)

        instances.signal("users-3", SIGUSR1)
        _ = try await watch(channel, 1, "users-3 becomes slow: 300 ms for each call")
        shares = try await watch(channel, 3, "and gets few calls")
        try expect(shares["users-3", default: 0] < 0.2, "the slow one gets few calls", shares)
        instances.signal("users-3", SIGUSR1)
        _ = try await watch(channel, 3, "users-3 is quick again")

        if let outage = finder.outage {
            try await outage.stop()
            _ = try await watch(channel, 4, "the registry is stopped: what was known counts")
            try await outage.start()
            _ = try await watch(channel, 3, "the registry is back")
        }
        try await start(1)
        _ = try await watch(channel, 3, "users-1 is back")
        shares = try await watch(channel, 2, "and gets its share")
        try expect(shares["users-1", default: 0] > 0.1, "users-1 gets calls again", shares)
    }

    private func expect(_ condition: Bool, _ what: String, _ shares: [String: Double]) throws {
        if !condition { throw Surprise("not so: \(what); the shares were \(shares)") }
    }

    // MARK: - The table

    /// Lets some seconds pass, and prints a line for each.
    ///
    /// - Returns: Each instance's share of the calls.
    private func watch(_ channel: ClientChannel, _ count: Int, _ what: String) async throws -> [String: Double] {
        var sums: [String: Int] = [:]
        for index in 0..<count {
            try await Task.sleep(for: .seconds(1))
            seconds += 1
            let second = load.take()
            totalCalls += second.times.count
            failures += second.failures
            let calls = newCalls(channel.statistics)
            for (name, calls) in calls { sums[name, default: 0] += calls }
            let columns = Self.names.map { pad(calls[$0].map(String.init) ?? "-", 9) }.joined()
            let slow = "\(Int((second.slow / .milliseconds(1)).rounded(.up))) ms"
            print(
                pad("\(seconds)", 5) + "  " + columns + pad("\(second.failures.count)", 9) + pad(slow, 9)
                    + (index == 0 ? "   \(what)" : ""))
            fflush(nil)
        }
        let total = sums.values.reduce(0, +)
        return sums.mapValues { Double($0) / Double(max(total, 1)) }
    }

    /// Calls that have ended at each endpoint since this was asked last.
    private func newCalls(_ statistics: ChannelStatistics) -> [String: Int] {
        var new: [String: Int] = [:]
        var counts: [String: UInt64] = [:]
        for endpoint in statistics.endpoints {
            let name = name(of: endpoint.endpoint)
            counts[name] = endpoint.calls
            let before = self.counts[name] ?? 0
            new[name] = Int(endpoint.calls >= before ? endpoint.calls - before : endpoint.calls)
        }
        self.counts = counts
        return new
    }

    /// In a registry they have names; in DNS, addresses.
    private func name(of endpoint: Endpoint) -> String {
        if Self.names.contains(endpoint.id) { return endpoint.id }
        let number = endpoint.addresses.first?.host?.split(separator: ".").last.flatMap { Int($0) } ?? 0
        return (1...Self.names.count).contains(number) ? Self.names[number - 1] : endpoint.id
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
