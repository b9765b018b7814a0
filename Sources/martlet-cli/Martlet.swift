internal import ArgumentParser
internal import MartletCodegen

@main
struct Martlet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet", abstract: "Tools for RPC services in Swift.", version: martletVersion,
        subcommands: [Generate.self, Lint.self, Breaking.self])
}
