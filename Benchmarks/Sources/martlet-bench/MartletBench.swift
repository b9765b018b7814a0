import ArgumentParser

@main struct MartletBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-bench",
        abstract: "Martlet's own server and clients for the comparison with other frameworks.",
        subcommands: [ServerCommand.self, ClientCommand.self, MemoryCommand.self, ChurnCommand.self, CallsCommand.self])
}
