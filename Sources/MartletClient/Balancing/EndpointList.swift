/// The endpoints that a channel works with, out of what its resolver says: a state machine without clock.
///
/// An answer that leaves less than half of the endpoints, or none, may be the resolver's mistake. Those that are missing
/// in it are kept for a while, as long as they can be reached.
struct EndpointList: Sendable {
    struct Entry: Sendable, Hashable {
        var endpoint: Endpoint
        /// When it vanished from the answers, in nanoseconds; nil as long as it is in them.
        var vanishedAt: UInt64?
    }

    private(set) var entries: [Entry] = []
    private let suspicion: UInt64

    /// - Parameter suspicion: Nanoseconds that the missing ones are kept.
    init(suspicion: UInt64) { self.suspicion = suspicion }

    /// Takes an answer.
    ///
    /// - Returns: Whether it was a suspicious one.
    @discardableResult
    mutating func update(_ endpoints: [Endpoint], now: UInt64) -> Bool {
        var seen: Set<String> = []
        let fresh = endpoints.filter { seen.insert($0.id).inserted }
        let missing = entries.filter { !seen.contains($0.endpoint.id) }
        let left = entries.count { $0.vanishedAt == nil }
        let isSuspicious = left > 0 && fresh.count * 2 <= left && missing.contains { $0.vanishedAt == nil }
        var kept: [Entry] = []
        if suspicion > 0 {
            for entry in missing where isSuspicious || entry.vanishedAt != nil {
                kept.append(Entry(endpoint: entry.endpoint, vanishedAt: entry.vanishedAt ?? now))
            }
        }
        entries = fresh.map { Entry(endpoint: $0) } + kept
        expire(now: now)
        return isSuspicious
    }

    /// Lets go of what has been missing for long enough.
    mutating func expire(now: UInt64) {
        entries.removeAll { entry in entry.vanishedAt.map { now &- $0 >= suspicion } ?? false }
    }

    /// Lets go of missing endpoints that can't be reached either.
    mutating func drop(_ isUnreachable: (String) -> Bool) {
        entries.removeAll { $0.vanishedAt != nil && isUnreachable($0.endpoint.id) }
    }

    /// When ``expire(now:)`` has something to do.
    var nextExpiry: UInt64? { entries.compactMap(\.vanishedAt).min().map { $0 &+ suspicion } }
}
