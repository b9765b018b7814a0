internal import MartletCore
internal import MartletDiscovery

/// Makes events of what etcd answers to a watch of one service's keys.
struct EtcdWatchReader: Sendable {
    enum Outcome: Equatable {
        case nothing
        case event(ServiceEvent)
        /// etcd doesn't have what came after the last revision: everything must be read anew.
        case gap
        case failed(RPCError)
    }

    let service: String
    private let keys: EtcdKeys
    /// What is known up to now. Nil: nothing, so that everything must be read.
    private(set) var revision: Int64?
    /// Whether the next sign of life is an event, be it without changes.
    private var owesEvent = true

    init(service: String, keys: EtcdKeys, from revision: Int64?) {
        self.service = service
        self.keys = keys
        self.revision = revision
    }

    /// The request for what comes after the last revision.
    func request(after revision: Int64) -> EtcdAPI.WatchRequest {
        let (first, end) = keys.range(of: service)
        return .init(
            requestUnion: .createRequest(
                .init(
                    key: first, rangeEnd: end, startRevision: revision + 1, progressNotify: true, fragment: true)))
    }

    mutating func read(_ snapshot: ServiceSnapshot) -> ServiceEvent {
        revision = snapshot.revision
        owesEvent = false
        return .snapshot(snapshot)
    }

    mutating func read(_ response: EtcdAPI.WatchResponse) -> Outcome {
        if response.canceled { return cancelled(response) }
        let now = response.header?.revision ?? 0
        guard let known = revision else { return .gap }
        if response.created {
            // An etcd that has been put back to an earlier state counts its revisions anew.
            if now < known { return gap() }
            guard owesEvent else { return .nothing }
            owesEvent = false
            return .event(.changes([], revision: known))
        }
        if response.events.isEmpty {
            // What was asked for, with an id of -1, only shows that etcd lives: there may be events on the way that
            // some versions don't count (https://github.com/etcd-io/etcd/issues/15220).
            guard response.watchId >= 0, now > known else { return .nothing }
            revision = now
            return .event(.changes([], revision: now))
        }
        let changes = response.events.compactMap(change)
        // The rest of a fragment is still to come; a watch that goes on from here gets all of it again.
        if !response.fragment { revision = max(known, response.events.last?.kv?.modRevision ?? known) }
        return .event(.changes(changes, revision: revision ?? known))
    }

    private mutating func gap() -> Outcome {
        revision = nil
        return .gap
    }

    private mutating func cancelled(_ response: EtcdAPI.WatchResponse) -> Outcome {
        if response.compactRevision > 0 { return gap() }
        let reason = response.cancelReason
        // The reason has the code in words.
        let isForbidden = reason.contains("permission denied") || reason.contains("auth token")
        return .failed(
            RPCError(
                isForbidden ? .permissionDenied : .unavailable,
                "etcd ended the watch of \"\(service)\": \(reason.isEmpty ? "it doesn't say why" : reason)"))
    }

    /// A key that holds something else now is an instance no more.
    private func change(_ event: EtcdStore.Event) -> ServiceChange? {
        guard let pair = event.kv, let id = keys.id(in: pair.key, of: service) else { return nil }
        guard event.type == .put, let instance = keys.instance(pair, of: service) else { return .removed(id: id) }
        return .put(instance)
    }
}
