internal import MartletCodegen

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

// The plugin's tool: `martlet generate` without a library for arguments, so that it builds fast.
switch Arguments(CommandLine.arguments.dropFirst()).outcome {
case .run(let command, let isVerbose): exit(command.runOnConsole(isVerbose: isVerbose))
case .help: print(Arguments.help)
case .version: print(martletVersion)
case .wrong(let reason):
    Console.error("martlet-generate: \(reason)\n\n\(Arguments.help)")
    exit(EX_USAGE)
}
