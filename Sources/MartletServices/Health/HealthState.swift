/// What is known of the health of a server's services and who wants to hear of it. Takes facts and gives statuses.
struct HealthState {
    typealias Continuation = AsyncStream<Health.Status?>.Continuation

    private struct Check {
        let id: Int
        let isCritical: Bool
        /// Nil: all.
        let services: Set<String>?
        var outcome = CheckOutcome.pending

        func stops(_ service: String) -> Bool {
            if case .passed = outcome { return false }
            return isCritical && (service.isEmpty || services?.contains(service) ?? true)
        }
    }

    private struct Watcher {
        let service: String
        let continuation: Continuation
        var last: Health.Status?
    }

    private var own: [String: Health.Status] = ["": .serving]
    private var checks: [String: Check] = [:]
    private var isDraining = false
    private var watchers: [Int: Watcher] = [:]
    private var watchesHaveEnded = false
    /// Of checks and watchers.
    private var lastID = 0

    // MARK: - Statuses

    mutating func set(_ status: Health.Status, for service: String) {
        if isDraining { return }
        own[service] = status
        tellWatchers()
    }

    mutating func add(services: [String]) {
        for service in services where own[service] == nil { own[service] = .serving }
        tellWatchers()
    }

    mutating func drain() {
        isDraining = true
        tellWatchers()
    }

    func status(of service: String) -> Health.Status? {
        guard let own = own[service] else { return nil }
        if isDraining || own == .notServing || checks.values.contains(where: { $0.stops(service) }) {
            return .notServing
        }
        return .serving
    }

    var statuses: [String: Health.Status] {
        Dictionary(uniqueKeysWithValues: own.keys.map { ($0, status(of: $0) ?? .notServing) })
    }

    // MARK: - Checks

    /// Returns what tells the check from others of its name.
    mutating func add(_ name: String, isCritical: Bool, services: [String]?) -> Int {
        lastID += 1
        checks[name] = Check(id: lastID, isCritical: isCritical, services: services.map(Set.init))
        add(services: services ?? [])
        return lastID
    }

    /// Returns the outcome before; nil where it doesn't matter any more.
    mutating func note(_ outcome: CheckOutcome, of name: String, _ id: Int) -> CheckOutcome? {
        guard !isDraining, let check = checks[name], check.id == id else { return nil }
        checks[name]?.outcome = outcome
        tellWatchers()
        return check.outcome
    }

    var reports: [String: Health.CheckReport] {
        checks.mapValues { Health.CheckReport(status: $0.outcome.status, isCritical: $0.isCritical) }
    }

    // MARK: - Watchers

    /// Returns nil when no watch may begin any more; the status has been told nevertheless.
    mutating func watch(_ service: String, _ continuation: Continuation) -> Int? {
        let status = status(of: service)
        continuation.yield(status)
        if watchesHaveEnded { return nil }
        lastID += 1
        watchers[lastID] = Watcher(service: service, continuation: continuation, last: status)
        return lastID
    }

    mutating func stopWatching(_ id: Int) { watchers[id] = nil }

    /// No watch begins any more; those there were are the caller's to end.
    mutating func takeWatchers() -> [Continuation] {
        defer { watchers = [:] }
        watchesHaveEnded = true
        return watchers.values.map(\.continuation)
    }

    var watcherCount: Int { watchers.count }

    private mutating func tellWatchers() {
        for (id, watcher) in watchers {
            let status = status(of: watcher.service)
            if status == watcher.last { continue }
            watchers[id]?.last = status
            watcher.continuation.yield(status)
        }
    }
}
