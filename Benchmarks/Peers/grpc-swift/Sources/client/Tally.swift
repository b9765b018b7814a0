/// Operations done, and how long each call took.
struct Tally: Sendable {
    private(set) var operations = 0
    private var nanoseconds: [Int64] = []

    mutating func add(_ operations: Int, taking duration: Duration) {
        self.operations += operations
        nanoseconds.append(Int64(duration / .nanoseconds(1)))
    }

    mutating func add(_ other: Tally) {
        operations += other.operations
        nanoseconds += other.nanoseconds
    }

    /// The times in microseconds that the given parts of all calls stayed below.
    func percentiles(_ parts: [Double]) -> [Double] {
        let sorted = nanoseconds.sorted()
        return parts.map { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0))]) / 1000 }
    }
}
