import Histogram

/// What callers have done in a phase.
struct Tally {
    private(set) var operations = 0
    /// Of content, in one direction.
    private(set) var bytes = 0
    /// Operations that were given up on purpose.
    private(set) var cancelled = 0
    /// In nanoseconds.
    private var times = Self.emptyTimes

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

    /// Within 0.1 % of the times; beginning with a tenth of a second, so that few runs resize it.
    private static let emptyTimes: Histogram<UInt32> = {
        var times = Histogram<UInt32>(highestTrackableValue: 100_000_000, numberOfSignificantValueDigits: .three)
        times.autoResize = true
        return times
    }()
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
