internal import Foundation

/// Measures operations.
struct Meter {
    /// How long one operation runs in one round.
    private static let nanosecondsPerRound = 25_000_000.0

    /// Nanoseconds of processor time per call: the median of the rounds. Every round goes through all operations, so
    /// that what else the machine does hits all of them.
    func times(of operations: [Operation], rounds: Int) -> [(Operation, Double)] {
        let calls = operations.map(calls)
        var times: [[Double]] = operations.map { _ in [] }
        for _ in 0..<rounds {
            for (index, operation) in operations.enumerated() {
                times[index].append(time(of: operation, calls: calls[index]) / Double(calls[index]))
            }
        }
        return zip(operations, times).map { ($0, $1.sorted()[$1.count / 2]) }
    }

    /// How many calls take about as long as a round of one operation.
    private func calls(of operation: Operation) -> Int {
        var calls = 1
        while true {
            let time = time(of: operation, calls: calls)
            if time > Self.nanosecondsPerRound / 5 {
                return max(1, Int(Double(calls) * Self.nanosecondsPerRound / time))
            }
            calls *= 3
        }
    }

    private func time(of operation: Operation, calls: Int) -> Double {
        let start = processorTime()
        var sum = 0
        for _ in 0..<calls { sum &+= operation.body() }
        let time = processorTime() - start
        precondition(sum > 0, "\(operation.task) of \(operation.implementation) failed")
        return time
    }

    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// Allocations per call. Needs the library that `run.sh` makes of `allocations.c`.
    func allocations(of operations: [Operation]) throws -> [(Operation, Double)] {
        guard let symbol = dlsym(nil, "allocation_count") else { throw NothingCounts() }
        let count = unsafeBitCast(symbol, to: (@convention(c) () -> UInt).self)
        return operations.map { operation in
            // What is allocated once and kept doesn't count.
            for _ in 0..<3 { _ = operation.body() }
            let start = count()
            for _ in 0..<10 { _ = operation.body() }
            return (operation, Double(count() - start) / 10)
        }
    }

    private struct NothingCounts: Error, CustomStringConvertible {
        var description: String { "nothing counts allocations: preload the library that run.sh makes" }
    }
}
