public import Logging
private import Synchronization

/// How a server and its services are: what ``HealthService`` tells over gRPC and ``httpRoutes`` over HTTP.
///
/// ```swift
/// let health = Health(version: "1.4.0")
/// health.check("database", every: .seconds(5), timeout: .seconds(1)) { try await users.ping() }
/// configuration.httpRoutes += health.httpRoutes
/// let server = RPCServer(services: [Users(), HealthService(health)], listen: address, configuration: configuration)
/// ```
///
/// The server as a whole serves unless it was set to the contrary, a critical check fails, or it drains. Its services do
/// too, each for itself. The drain is for good: another server needs another `Health`. Usable on any thread; checks go
/// on for as long as somebody holds this value.
public final class Health: Sendable {
    /// What balancers and callers are told.
    public enum Status: Sendable, Hashable {
        /// Takes calls.
        case serving
        /// Wants no new calls; it answers those that come all the same.
        case notServing
    }

    let version: String
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let state = Mutex(HealthState())
    private let tasks = Mutex<[String: Task<Void, Never>]>([:])

    /// - Parameters:
    ///   - version: The application's, for those who look at `/health`.
    ///   - logger: Told when a check begins to fail and when it passes again.
    ///   - clock: What checks wait by.
    public init(
        version: String = "unknown", logger: Logger = Logger(label: "martlet.health"),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.version = version
        self.logger = logger
        self.clock = clock
    }

    deinit { stopChecks() }

    // MARK: - Statuses

    /// Says how a service is, apart from its checks. Without effect once the server drains.
    ///
    /// - Parameters:
    ///   - status: Counts until it is set again.
    ///   - service: A full name, such as `users.v1.UserService`; it becomes known by this. Default: the server as a
    ///     whole, which says nothing of its services.
    public func set(_ status: Status, for service: String = "") { state.withLock { $0.set(status, for: service) } }

    /// How a service is, all things considered; nil for one that nobody has told of. A server with a ``HealthService``
    /// tells of those it serves.
    public func status(of service: String = "") -> Status? { state.withLock { $0.status(of: service) } }

    /// The names of all services that are known, with how they are; the server as a whole has the empty name.
    public var statuses: [String: Status] { state.withLock { $0.statuses } }

    /// The outcomes of the checks by their names.
    public var checks: [String: CheckReport] { state.withLock { $0.reports } }

    // MARK: - Checks

    /// Runs `body` now and then, beginning at once, and reports how it goes. A critical check that hasn't passed yet, or
    /// fails, or takes too long, stops the server and the services it concerns from being healthy; others are only
    /// reported.
    ///
    /// It runs on Swift's global pool, in a task that is cancelled when its time is up. A run that goes on nevertheless
    /// keeps the check failed, and no other one begins until it returns. The text of errors that aren't `RPCError`s
    /// stays in the log.
    ///
    /// - Parameters:
    ///   - name: A check with the name of an earlier one takes its place.
    ///   - interval: The pause between the end of a run and the next. Default 5 s.
    ///   - timeout: How long a run may take. Default 1 s.
    ///   - isCritical: Whether its failure stops the server from serving. Default: yes.
    ///   - services: The full names of the services whose status follows it, beside the server's. Default: all.
    ///   - body: Throws what is wrong.
    public func check(
        _ name: String, every interval: Duration = .seconds(5), timeout: Duration = .seconds(1),
        isCritical: Bool = true, services: [String]? = nil, _ body: @escaping @Sendable () async throws -> Void
    ) {
        precondition(interval > .zero, "the check \"\(name)\" needs a pause above zero between its runs")
        let id = state.withLock { $0.add(name, isCritical: isCritical, services: services) }
        let loop = CheckLoop(interval: interval, timeout: timeout, clock: clock, body: body)
        // The loop doesn't keep its owner alive.
        let report: @Sendable (CheckOutcome) -> Void = { [weak self] in self?.note($0, of: name, id) }
        let task = Task { await loop.run(report) }
        tasks.withLock { tasks in
            tasks.updateValue(task, forKey: name)?.cancel()
        }
    }

    private func note(_ outcome: CheckOutcome, of name: String, _ id: Int) {
        guard let before = state.withLock({ $0.note(outcome, of: name, id) }) else { return }
        switch (before.failure, outcome.failure) {
        case (nil, let failure?):
            logger.warning("a health check fails", metadata: ["check": "\(name)", "error": "\(failure.logText)"])
        case (_?, nil): logger.notice("a health check passes again", metadata: ["check": "\(name)"])
        default: break
        }
    }

    private func stopChecks() {
        let tasks = tasks.withLock { tasks in
            defer { tasks = [:] }
            return tasks
        }
        for task in tasks.values { task.cancel() }
    }

    // MARK: - What a server tells

    /// Services that serve unless something else is known of them.
    package func add(services: [String]) { state.withLock { $0.add(services: services) } }

    /// From now on nothing serves, whatever is said later.
    package func drain() {
        state.withLock { $0.drain() }
        stopChecks()
    }

    /// Ends what ``watch(_:)`` gives, now and later.
    package func endWatches() {
        for watcher in state.withLock({ $0.takeWatchers() }) { watcher.finish() }
    }

    /// The status of a service now and after changes, nil while it isn't known. Who is slow gets the latest only.
    package func watch(_ service: String) -> AsyncStream<Status?> {
        let (stream, continuation) = AsyncStream.makeStream(of: Status?.self, bufferingPolicy: .bufferingNewest(1))
        guard let id = state.withLock({ $0.watch(service, continuation) }) else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.stopWatching(id) } }
        return stream
    }

    package var watcherCount: Int { state.withLock { $0.watcherCount } }
}
