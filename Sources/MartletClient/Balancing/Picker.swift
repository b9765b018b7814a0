internal import MartletCore
internal import MartletTransport
private import Synchronization

/// Chooses an endpoint for each call. Usable on any thread; made anew when the endpoints or their states change.
protocol Picker: Sendable {
    /// Nil: none is ready.
    ///
    /// - Parameter now: Nanoseconds on the loop's clock.
    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint?
}

/// Always the same.
struct OnlyPicker: Picker {
    let endpoint: PooledEndpoint

    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint? { endpoint }
}

/// One after the other.
final class RoundRobinPicker: Picker {
    private let endpoints: [PooledEndpoint]
    private let turn: Atomic<UInt64>

    /// - Parameter start: Whose turn is first; by chance, so that many clients don't begin with the same.
    init(_ endpoints: [PooledEndpoint], start: UInt64) {
        self.endpoints = endpoints
        turn = Atomic(start & 0xFFFF_FFFF)
    }

    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint? {
        endpoints[Int(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt64(endpoints.count))]
    }
}

/// One after the other, each as often as its weight says.
struct WeightedPicker: Picker {
    private let endpoints: [PooledEndpoint]
    private let schedule: StrideSchedule

    init(_ endpoints: [PooledEndpoint], weights: [Double], start: UInt64) {
        self.endpoints = endpoints
        schedule = StrideSchedule(weights, start: start)
    }

    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint? { endpoints[schedule.next()] }
}

/// The one with the least to do, of some chosen by chance (Mitzenmacher, The Power of Two Choices, 2001).
struct LeastRequestPicker: Picker {
    let endpoints: [PooledEndpoint]
    let weights: [Double]
    let choices: Int
    let random: RandomSource

    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint? {
        let first = random.index(below: endpoints.count)
        guard endpoints.count > 1 else { return endpoints[first] }
        var best = first
        for _ in 1..<choices {
            // Another than the first, by chance.
            let other = (first + 1 + random.index(below: endpoints.count - 1)) % endpoints.count
            let isBetter = endpoints[other].load.isBetter(
                than: endpoints[best].load, weight: weights[other], otherWeight: weights[best], now: now)
            if isBetter { best = other }
        }
        return endpoints[best]
    }
}

/// By the value of a metadata key.
struct RingHashPicker: Picker {
    let ring: HashRing
    /// All that the ring knows, those included that aren't ready.
    let endpoints: [PooledEndpoint]
    let key: String
    let random: RandomSource

    func pick(_ call: OutgoingCall, now: UInt64) -> PooledEndpoint? {
        let hash = call.options.metadata[key].map { XXHash64.hash($0) } ?? random.next()
        return ring.endpoint(for: hash) { endpoints[$0].isReady }.map { endpoints[$0] }
    }
}
