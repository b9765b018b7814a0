import ArgumentParser
import BenchmarkAPI

struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "Make an exact number of calls, for counting what one costs.",
        discussion: "One call comes ahead of them, so that those that are counted find all there is to find.")

    @Argument(help: "The server's TCP port on 127.0.0.1.")
    var port: Int

    @Argument(help: "Callers on the connection.")
    var inFlight: Int

    @Argument(help: "Calls of all callers; a multiple of their number.")
    var count: Int

    @Option(help: "Who calls: tasks on the pool, or tasks on the connection's event loop.")
    var callers = CallerKind.pool

    @Flag(help: "Receive so many messages instead, of a stream for each caller.")
    var streamed = false

    @OptionGroup var connections: ConnectionOptions

    func validate() throws {
        guard inFlight > 0, count % inFlight == 0 else {
            throw ValidationError("\(inFlight) callers can't share \(count) calls")
        }
        if callers == .blocking { throw ValidationError("blocking callers aren't counted") }
    }

    func run() async throws {
        let channel = try await connections.connect(1, port: port)[0]
        let users = UserServiceClient(channel)
        let callsEach = count / inFlight
        _ = try await users.getUser(GetUserRequest(id: User.sampleID))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<inFlight {
                group.addTask(executorPreference: callers == .loop ? channel.executor : nil) {
                    if streamed {
                        for try await _ in users.listUsers(ListUsersRequest(count: Int32(callsEach))) {}
                    } else {
                        for _ in 0..<callsEach { _ = try await users.getUser(GetUserRequest(id: User.sampleID)) }
                    }
                }
            }
            try await group.waitForAll()
        }
        await channel.shutdown()
    }
}
