import ArgumentParser
import BenchmarkAPI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Tell what a server's memory goes to, in one line of JSON.",
        discussion: """
            Memory is what Linux counts as resident (VmRSS), in KiB. The server must have just started: what it has \
            kept of an earlier load would make this one look small.
            """)

    @Argument(help: "The server's TCP port on 127.0.0.1.")
    var port: Int

    @Argument(help: "The server's process.")
    var serverPID: Int

    @Argument(help: "\(MemoryLoad.help)", transform: MemoryLoad.init(parsing:))
    var load: MemoryLoad

    @OptionGroup var connections: ConnectionOptions

    func validate() throws { _ = try ProcessFigures(id: serverPID) }

    func run() async throws {
        raiseFileLimit()
        let server = try ProcessFigures(id: serverPID)
        var line = JSONLine()
        line.add("framework", "martlet")
        line.add("load", load.name)
        line.add("start_kb", server.residentKiB)
        // What the first call of a server needs is part of no load.
        try await useOnce()
        switch load {
        case .connections(let count): try await openConnections(count, server, &line)
        case .streams(let count): try await openStreams(count, server, &line)
        case .calls(let count): try await holdCalls(count, server, &line)
        case .burst(let bytes, let inFlight): try await burst(of: bytes, inFlight: inFlight, server, &line)
        }
        let rest = Duration.seconds(5)
        say("waiting \(rest) for what is given back")
        try await Task.sleep(for: rest)
        line.add("end_kb", server.residentKiB)
        print(line.text)
    }

    private func useOnce() async throws {
        let channel = try await connections.connect(1, port: port)[0]
        _ = try await UserServiceClient(channel).getUser(GetUserRequest(id: User.sampleID))
        await channel.shutdown()
        try await settle()
    }

    private func openConnections(_ count: Int, _ server: ProcessFigures, _ line: inout JSONLine) async throws {
        let before = server.residentKiB
        say("making \(count) connections")
        let channels = try await connections.connect(count, port: port)
        try await settle()
        line.add("idle_kb_each", each(server.residentKiB - before, of: count), decimals: 2)
        say("a call on each")
        for channel in channels {
            _ = try await UserServiceClient(channel).getUser(GetUserRequest(id: User.sampleID))
        }
        try await settle()
        line.add("used_kb_each", each(server.residentKiB - before, of: count), decimals: 2)
        for channel in channels { await channel.shutdown() }
    }

    private func openStreams(_ count: Int, _ server: ProcessFigures, _ line: inout JSONLine) async throws {
        let channel = try await connections.connect(1, port: port)[0]
        try await settle()
        let before = server.residentKiB
        say("opening \(count) streams")
        var streams = PingPongs(users: UserServiceClient(channel), options: .default, count: count)
        try await streams.prepare()
        try await settle()
        line.add("stream_kb_each", each(server.residentKiB - before, of: count), decimals: 2)
        try await streams.finish()
        await channel.shutdown()
    }

    private func holdCalls(_ count: Int, _ server: ProcessFigures, _ line: inout JSONLine) async throws {
        let channel = try await connections.connect(1, port: port)[0]
        try await settle()
        let before = server.residentKiB
        say("making \(count) calls that take 5 s")
        let users = UserServiceClient(channel)
        let grown = try await withThrowingTaskGroup { group in
            for _ in 0..<count {
                group.addTask { _ = try await users.awaitUser(AwaitUserRequest(milliseconds: 5000)) }
            }
            try await Task.sleep(for: .seconds(2))
            let grown = server.residentKiB - before
            guard channel.statistics.calls == count else {
                throw RPCError(.resourceExhausted, "\(channel.statistics.calls) of \(count) calls are open after 2 s")
            }
            try await group.waitForAll()
            return grown
        }
        line.add("call_kb_each", each(grown, of: count), decimals: 2)
        await channel.shutdown()
    }

    private func burst(
        of bytes: Int, inFlight: Int, _ server: ProcessFigures, _ line: inout JSONLine
    ) async throws {
        let channel = try await connections.connect(1, port: port)[0]
        say("2 s of echoes")
        let users = UserServiceClient(channel)
        let echoes = Echoes(users: users, options: .default, bytes: bytes)
        let callers = Callers(kind: .pool, callers: (0..<inFlight).map { _ in Caller(echoes, on: nil) })
        try await callers.work(seconds: 2)
        line.add("ops", callers.tally.operations)
        line.add("peak_kb", server.peakResidentKiB)
        await channel.shutdown()
    }

    /// Long enough for a server to do what it does when nothing comes.
    private func settle() async throws { try await Task.sleep(for: .seconds(1)) }

    private func each(_ kib: Int, of count: Int) -> Double { Double(kib) / Double(count) }

    /// Shows progress, where the result doesn't go.
    private func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        write(STDERR_FILENO, bytes, bytes.count)
    }
}
