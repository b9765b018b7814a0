import ArgumentParser
import BenchmarkAPI
import MartletObservability

struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Call a server of any framework for a while, and print one line of JSON about it.",
        discussion: """
            It connects, makes calls for a second to warm up, and then measures. A call that fails ends the program \
            with status 1 and no line. Times are those of calls; of whole streams in stream and upload. Operations \
            are calls, or the messages of streams; CPU is in seconds per 100,000 operations, memory in KiB.
            """)

    @Argument(help: "The server's TCP port on 127.0.0.1.")
    var port: Int

    @Argument(help: "\(Scenario.help)", transform: Scenario.init(parsing:))
    var scenario: Scenario

    @Argument(help: "The process whose CPU and memory are to be told; 0 for none.")
    var serverPID: Int

    @Argument(help: "How long to measure.")
    var seconds: Double

    @Option(help: "Who calls: tasks on the pool, tasks on the connections' event loops, or blocking threads.")
    var callers = CallerKind.pool

    @Flag(help: "Give every call a timeout and an interceptor.")
    var featured = false

    @Flag(help: "Count, time and trace every call.")
    var observed = false

    @OptionGroup var connections: ConnectionOptions

    func validate() throws {
        if serverPID != 0 { _ = try ProcessFigures(id: serverPID) }
        guard seconds > 0, seconds < 1e6 else { throw ValidationError("\(seconds) is no number of seconds to measure") }
        if callers == .blocking, !scenario.canBlock {
            throw ValidationError("blocking calls can't do \(scenario.name)")
        }
    }

    func run() async throws {
        raiseFileLimit()
        let server = serverPID == 0 ? nil : try ProcessFigures(id: serverPID)
        if observed { bootstrapObservability() }
        let channels = try await connections.connect(scenario.connectionCount, port: port) { configuration in
            if featured { configuration.interceptors = [OutcomeCounter()] }
            if observed { configuration.observe() }
        }
        let options = featured ? CallOptions.timeout(.seconds(5)) : .default
        let callers = Callers(
            kind: callers,
            callers: (0..<scenario.callerCount).map { index in
                let channel = channels[index % channels.count]
                return Caller(
                    scenario.operation(UserServiceClient(channel), options, index: index),
                    on: self.callers == .loop ? channel.executor : nil)
            })
        try await callers.prepare()
        try await callers.work(seconds: 1)
        callers.clearTallies()
        let meter = Meter(server: server)
        try await callers.work(seconds: seconds)
        let reading = meter.read()
        let tally = callers.tally
        try UnexpectedResponse.check(tally.operations > 0, "nothing was done within \(seconds) s")
        try await callers.finish()
        for channel in channels { await channel.shutdown() }
        print(Report(scenario: scenario, tally: tally, reading: reading).line)
    }
}
