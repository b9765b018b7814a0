internal import MartletCore
internal import MartletTransport

/// What a ``MemoryRegistry`` knows: instances, the leases they are under, and the last changes. Takes commands and
/// times, in nanoseconds of one clock.
struct MemoryState {
    private struct Key: Hashable {
        let service: String
        let id: String
    }

    private struct Entry {
        let instance: ServiceInstance
        let lease: Int64
    }

    private struct Lease {
        let ttl: UInt64
        var expires: UInt64
        var keys: Set<Key> = []
    }

    private struct Change {
        let revision: Int64
        let service: String
        let change: ServiceChange
    }

    private let maxInstances: Int
    /// Changes that are kept; up to twice as many are there.
    private let historyLength: Int
    private var services: [String: [String: Entry]] = [:]
    private var count = 0
    private var leases: [Int64: Lease] = [:]
    private var lastLease: Int64 = 0
    private var revision: Int64 = 0
    private var history: [Change] = []
    /// The last revision whose change is forgotten.
    private var forgotten: Int64 = 0
    private var changed: Set<String> = []

    init(maxInstances: Int, historyLength: Int) {
        self.maxInstances = maxInstances
        self.historyLength = historyLength
    }

    // MARK: - Commands

    /// - Parameter lease: Nil: a new one.
    /// - Returns: The lease.
    mutating func put(_ instance: ServiceInstance, under lease: Int64?, ttl: UInt64, at now: UInt64) throws(RPCError)
        -> Int64
    {
        if let lease, leases[lease] == nil { throw leaseIsOver(lease) }
        let key = Key(service: instance.service, id: instance.id)
        let before = services[key.service]?[key.id]
        guard before != nil || count < maxInstances else {
            throw RPCError(
                .resourceExhausted, "the registry is full: it takes \(maxInstances) instances, as its maxInstances says"
            )
        }
        let lease = lease ?? grant(ttl, at: now)
        if let before { leases[before.lease]?.keys.remove(key) } else { count += 1 }
        leases[lease]?.keys.insert(key)
        services[key.service, default: [:]][key.id] = Entry(instance: instance, lease: lease)
        if before?.instance != instance { note(.put(instance), of: key.service) }
        return lease
    }

    mutating func renew(_ lease: Int64, at now: UInt64) throws(RPCError) {
        guard let ttl = leases[lease]?.ttl else { throw leaseIsOver(lease) }
        leases[lease]?.expires = now + ttl
    }

    mutating func revoke(_ lease: Int64) throws(RPCError) {
        guard let ended = leases.removeValue(forKey: lease) else { throw leaseIsOver(lease) }
        for key in ended.keys.sorted(by: { $0.id < $1.id }) {
            services[key.service]?[key.id] = nil
            if services[key.service]?.isEmpty == true { services[key.service] = nil }
            count -= 1
            note(.removed(id: key.id), of: key.service)
        }
    }

    /// Ends the leases whose time is over.
    mutating func expire(at now: UInt64) {
        for (lease, _) in leases.filter({ $0.value.expires <= now }).sorted(by: { $0.key < $1.key }) {
            try? revoke(lease)
        }
    }

    /// When the next lease ends.
    var nextExpiry: UInt64? { leases.values.map(\.expires).min() }

    /// The services that have changed since this was asked last.
    mutating func takeChanged() -> Set<String> {
        defer { changed = [] }
        return changed
    }

    // MARK: - Questions

    func snapshot(of service: String) -> ServiceSnapshot {
        let instances = services[service]?.values.map(\.instance) ?? []
        return ServiceSnapshot(service: service, instances: instances, revision: revision)
    }

    /// What a watch of the service is told that knows of everything up to a revision.
    func event(of service: String, after known: Int64?) -> ServiceEvent {
        // A revision that is yet to come is another registry's.
        guard let known, known >= forgotten, known <= revision else { return .snapshot(snapshot(of: service)) }
        let first = history.partitioningIndex { $0.revision > known }
        let changes = history[first...].filter { $0.service == service }.map(\.change)
        return .changes(changes, revision: revision)
    }

    // MARK: -

    private mutating func grant(_ ttl: UInt64, at now: UInt64) -> Int64 {
        lastLease += 1
        leases[lastLease] = Lease(ttl: ttl, expires: now + ttl)
        return lastLease
    }

    private mutating func note(_ change: ServiceChange, of service: String) {
        revision += 1
        changed.insert(service)
        history.append(Change(revision: revision, service: service, change: change))
        guard history.count > 2 * historyLength else { return }
        history.removeFirst(history.count - historyLength)
        forgotten = history[0].revision - 1
    }

    private func leaseIsOver(_ lease: Int64) -> RPCError {
        RPCError(.notFound, "the lease \(lease) is over: it wasn't renewed in time, or was revoked")
    }
}

extension Array {
    /// The first index of an element for which it is true, where it is for all that follow.
    fileprivate func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
