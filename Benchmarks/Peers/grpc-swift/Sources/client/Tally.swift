import Foundation

/// Operations done, and how long each call took.
struct Tally: Sendable {
    private var operations = 0
    private var nanoseconds: [Int64] = []

    mutating func add(_ operations: Int, taking duration: Duration) {
        self.operations += operations
        nanoseconds.append(Int64(duration / .nanoseconds(1)))
    }

    mutating func add(_ other: Tally) {
        operations += other.operations
        nanoseconds += other.nanoseconds
    }

    /// The one line that every client prints.
    ///
    /// - Parameters:
    ///   - bytes: Of one operation each way, if they count.
    ///   - peakMemory: Of the server, in KiB.
    func report(_ scenario: String, seconds: Double, bytes: Int, _ used: Usage, peakMemory: Int) -> String {
        let count = Double(operations)
        let times = percentiles([0.5, 0.99, 0.999])
        let rates = String(
            format: #""ops": %d, "rate": %.1f, "mib_s": %.1f, "p50_us": %.1f, "p99_us": %.1f, "p999_us": %.1f"#,
            operations, count / seconds, count * Double(bytes) / seconds / 1_048_576, times[0], times[1], times[2])
        let usage = String(
            format: #""cli_cpu_per_100k": %.3f, "srv_cpu_per_100k": %.3f, "srv_hwm_kb": %d"#,
            used.client * 1e5 / count, used.server * 1e5 / count, peakMemory)
        return #"{"framework": "grpc-swift-2", "scenario": "\#(scenario)", \#(rates), \#(usage)}"#
    }

    /// The times in microseconds that the given parts of all calls stayed below.
    private func percentiles(_ parts: [Double]) -> [Double] {
        let sorted = nanoseconds.sorted()
        return parts.map { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0))]) / 1000 }
    }
}
