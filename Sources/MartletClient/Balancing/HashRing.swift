/// Points on a circle of 64 bits, as many for each endpoint as its weight is worth: a key belongs to the endpoint of the
/// next point. When an endpoint comes or goes, only the keys before its points move.
///
/// Unlike in gRPC A42 the points of one endpoint don't become more or fewer whenever the number of endpoints changes, which
/// would move about as many keys again: they are doubled or halved when that number has done so.
struct HashRing: Sendable {
    private let points: [(hash: UInt64, endpoint: Int)]

    /// - Parameters:
    ///   - endpoints: Their names and weights, of which none is 0.
    ///   - sizes: Points of the whole ring; each endpoint has one at least.
    init(_ endpoints: [(id: String, weight: UInt32)], sizes: ClosedRange<Int>) {
        let least = Double(endpoints.map(\.weight).min() ?? 1)
        let total = endpoints.reduce(0.0) { $0 + Double($1.weight) } / least
        var perWeight = 1.0
        while perWeight * total < Double(sizes.lowerBound) { perWeight *= 2 }
        perWeight = min(perWeight, Double(sizes.upperBound) / total)
        var points: [(hash: UInt64, endpoint: Int)] = []
        for (index, endpoint) in endpoints.enumerated() {
            for number in 0..<max(1, Int(perWeight * Double(endpoint.weight) / least)) {
                points.append((XXHash64.hash("\(endpoint.id)_\(number)"), index))
            }
        }
        self.points = points.sorted { ($0.hash, $0.endpoint) < ($1.hash, $1.endpoint) }
    }

    var count: Int { points.count }

    /// The first endpoint from a key's place on that will do; each is asked once at most.
    func endpoint(for hash: UInt64, where willDo: (Int) -> Bool) -> Int? {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        var refused: Set<Int> = []
        for step in 0..<points.count {
            let endpoint = points[(low + step) % points.count].endpoint
            if refused.contains(endpoint) { continue }
            if willDo(endpoint) { return endpoint }
            refused.insert(endpoint)
        }
        return nil
    }
}
