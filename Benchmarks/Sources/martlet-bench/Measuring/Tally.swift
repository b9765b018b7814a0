import Histogram

/// What callers have done in a phase.
struct Tally {
    private(set) var operations = 0
    /// Of content, in one direction.
    private(set) var bytes = 0
    /// Operations that were given up on purpose.
    private(set) var cancelled = 0
    /// In nanoseconds, kept within 0.1 %.
    private var times: Histogram<UInt32>

    /// Makes room for times up to a tenth of a second, so that few runs have to make more: 72 KiB.
    init() {
        times = Histogram(highestTrackableValue: 100_000_000, numberOfSignificantValueDigits: .three)
        times.autoResize = true
    }

    /// - Parameter nanoseconds: How long it took.
    mutating func add(_ work: Work, nanoseconds: UInt64) {
        operations += work.operations
        bytes += work.bytes
        cancelled += work.cancelled
        if work.isTimed { times.record(nanoseconds) }
    }

    mutating func add(_ other: Tally) {
        operations += other.operations
        bytes += other.bytes
        cancelled += other.cancelled
        times.add(other.times)
    }

    /// - Parameter percent: 100 for the longest time.
    func microseconds(percent: Double) -> Double { Double(times.valueAtPercentile(percent)) / 1000 }
}

/// What one turn of an operation did.
struct Work {
    /// Calls, or messages of streams.
    var operations = 1
    /// Of content, in one direction.
    var bytes = 0
    var cancelled = 0
    /// Whether its time is one of those that count.
    var isTimed = true
}
