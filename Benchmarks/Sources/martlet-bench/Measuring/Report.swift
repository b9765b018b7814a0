/// The line that a client prints. `Benchmarks/README.md` has what its keys mean.
struct Report {
    let scenario: Scenario
    let tally: Tally
    let reading: Meter.Reading

    var line: String {
        var line = JSONLine()
        line.add("framework", "martlet")
        line.add("scenario", scenario.name)
        line.add("ops", tally.operations)
        line.add("seconds", reading.seconds, decimals: 3)
        line.add("rate", Double(tally.operations) / reading.seconds, decimals: 1)
        line.add("mib_s", Double(tally.bytes) / reading.seconds / 1_048_576, decimals: 1)
        line.add("p50_us", tally.microseconds(percent: 50), decimals: 1)
        line.add("p99_us", tally.microseconds(percent: 99), decimals: 1)
        line.add("p999_us", tally.microseconds(percent: 99.9), decimals: 1)
        line.add("max_us", tally.microseconds(percent: 100), decimals: 1)
        if scenario.hasCPUPerOperation {
            line.add("cli_cpu_per_100k", perHundredThousand(reading.clientCPU), decimals: 3)
            if let server = reading.server { line.add("srv_cpu_per_100k", perHundredThousand(server.cpu), decimals: 3) }
        }
        if let server = reading.server { line.add("srv_hwm_kb", server.peakKiB) }
        if case .deadline = scenario { line.add("cancelled", tally.cancelled) }
        return line.text
    }

    private func perHundredThousand(_ seconds: Double) -> Double { seconds / Double(tally.operations) * 100_000 }
}
