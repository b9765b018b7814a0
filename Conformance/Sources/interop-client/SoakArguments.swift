internal import ArgumentParser
internal import Interop

/// The official clients' flags for the cases that go on for long.
struct SoakArguments: ParsableArguments {
    @Option(name: .customLong("soak_iterations"), help: "How many calls, one after another.")
    var iterations = 10

    @Option(name: .customLong("soak_max_failures"), help: "How many of them may fail or be too slow.")
    var maxFailures = 0

    @Option(
        name: .customLong("soak_per_iteration_max_acceptable_latency_ms"), help: "How long one may take.")
    var maxLatency = 1000

    @Option(name: .customLong("soak_overall_timeout_seconds"), help: "How long all may take.")
    var timeout = 10

    @Option(
        name: .customLong("soak_min_time_ms_between_rpcs"), help: "From the start of one to the start of the next.")
    var interval = 0

    @Option(name: .customLong("soak_request_size"), help: "In bytes.")
    var requestSize = SoakOptions().requestSize

    @Option(name: .customLong("soak_response_size"), help: "In bytes.")
    var responseSize = SoakOptions().responseSize

    func validate() throws {
        guard iterations > 0 else { throw ValidationError("--soak_iterations must be at least 1.") }
        let others = [maxFailures, maxLatency, timeout, interval, requestSize, responseSize]
        guard others.allSatisfy((0...Int(Int32.max)).contains) else {
            throw ValidationError("The values of the --soak_ options must be from 0 to \(Int32.max).")
        }
    }

    var options: SoakOptions {
        var options = SoakOptions()
        options.iterations = iterations
        options.maxFailures = maxFailures
        options.maxLatency = .milliseconds(maxLatency)
        options.timeout = .seconds(timeout)
        options.interval = .milliseconds(interval)
        options.requestSize = requestSize
        options.responseSize = responseSize
        return options
    }
}
