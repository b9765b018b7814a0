internal import MartletCore
internal import MartletTransport
private import Synchronization

/// An endpoint in a channel's pool: its connections, and what is known of it.
///
/// What changes is atomic, for those who pick; it is changed on the loop only.
final class PooledEndpoint: Sendable {
    let endpoint: Endpoint
    let subchannel: Subchannel
    let load: EndpointLoad
    private let _isReady = Atomic(false)
    private let _isEjected = Atomic(false)

    init(_ endpoint: Endpoint, subchannel: Subchannel, load: EndpointLoad) {
        self.endpoint = endpoint
        self.subchannel = subchannel
        self.load = load
    }

    /// The same with other words of the resolver about it: its connections and counts stay.
    func updated(to endpoint: Endpoint) -> PooledEndpoint {
        if endpoint == self.endpoint { return self }
        return PooledEndpoint(endpoint, subchannel: subchannel, load: load)
    }

    /// Whether it may get calls: connected, healthy as far as that is watched, and not ejected.
    var isReady: Bool {
        get { _isReady.load(ordering: .relaxed) }
        set { _isReady.store(newValue, ordering: .relaxed) }
    }

    /// Whether it has failed so many calls that it gets none for a while, unless there is no other.
    var isEjected: Bool {
        get { _isEjected.load(ordering: .relaxed) }
        set { _isEjected.store(newValue, ordering: .relaxed) }
    }

    var weight: UInt32 { min(max(endpoint.weight, 1), 1_000_000) }
}
