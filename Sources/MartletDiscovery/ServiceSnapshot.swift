/// All instances of a service at one moment.
public struct ServiceSnapshot: Sendable, Hashable {
    /// The service's name.
    public let service: String

    /// In the order of their ids.
    public private(set) var instances: [ServiceInstance]

    /// When that was, as the registry counts its changes.
    public private(set) var revision: Int64

    /// For registries. The instances may come in any order.
    public init(service: String, instances: [ServiceInstance], revision: Int64) {
        self.service = service
        self.instances = instances.sorted { $0.id < $1.id }
        self.revision = revision
    }

    /// Brings it up to date. What it says already it may be told again.
    public mutating func apply(_ event: ServiceEvent) {
        switch event {
        case .snapshot(let snapshot): self = snapshot
        case .changes(let changes, let revision):
            for change in changes { apply(change) }
            self.revision = revision
        }
    }

    private mutating func apply(_ change: ServiceChange) {
        let index = position(of: change.id)
        let isThere = index < instances.count && instances[index].id == change.id
        switch change {
        case .put(let instance) where isThere: instances[index] = instance
        case .put(let instance): instances.insert(instance, at: index)
        case .removed: if isThere { instances.remove(at: index) }
        }
    }

    /// Where the id is, or belongs.
    private func position(of id: String) -> Int {
        var (low, high) = (0, instances.count)
        while low < high {
            let middle = (low + high) / 2
            if instances[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a watch of a service tells.
public enum ServiceEvent: Sendable, Hashable {
    /// How it is now, whatever was told before.
    case snapshot(ServiceSnapshot)
    /// What has changed since the last event, in order, up to a revision from which another watch can go on. None: only
    /// that nothing has.
    case changes([ServiceChange], revision: Int64)

    /// From which another watch can go on.
    public var revision: Int64 {
        switch self {
        case .snapshot(let snapshot): snapshot.revision
        case .changes(_, let revision): revision
        }
    }

    /// Whether it says nothing new.
    var isEmpty: Bool { if case .changes(let changes, _) = self { changes.isEmpty } else { false } }
}

/// What has become of one instance.
public enum ServiceChange: Sendable, Hashable {
    /// It is new, or another one than before.
    case put(ServiceInstance)
    /// It is gone: deregistered, or its lease has ended.
    case removed(id: String)

    /// The instance's.
    public var id: String {
        switch self {
        case .put(let instance): instance.id
        case .removed(let id): id
        }
    }
}
