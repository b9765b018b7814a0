internal import MartletCodegen

/// The tool's arguments: those of `martlet generate`.
struct Arguments {
    enum Outcome {
        case run(GenerateCommand, isVerbose: Bool)
        case help
        case version
        case wrong(String)
    }

    static let help = """
        USAGE: martlet-generate [--proto-path DIR]… [--out DIR] [--access public|package|internal]
               [--module PATH-PREFIX=MODULE]… [--module-name MODULE] [--runtime-module MODULE] [--verbose] FILES…
        """

    let outcome: Outcome

    init(_ arguments: some Sequence<String>) {
        var command = GenerateCommand()
        var isVerbose = false
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                command.files.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            switch parts[0] {
            case "--help", "-h":
                outcome = .help
                return
            case "--version":
                outcome = .version
                return
            case "--verbose" where parts.count == 1: isVerbose = true
            case "--":
                command.files += rest
                rest = []
            default:
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                    outcome = .wrong("\(argument) needs a value")
                    return
                }
                if let reason = Self.set(parts[0], to: value, in: &command) {
                    outcome = .wrong(reason)
                    return
                }
            }
        }
        outcome = command.files.isEmpty ? .wrong("name at least one .proto file") : .run(command, isVerbose: isVerbose)
    }

    /// Returns what is wrong with the option, nil if nothing is.
    private static func set(_ option: String, to value: String, in command: inout GenerateCommand) -> String? {
        switch option {
        case "--proto-path": command.protoPaths.append(value)
        case "--out": command.outputDirectory = value
        case "--runtime-module": command.options.runtimeModule = value
        case "--module-name": command.options.moduleName = value
        case "--access":
            guard let access = AccessLevel(rawValue: value) else {
                return "--access is public, package or internal, not \"\(value)\""
            }
            command.options.access = access
        case "--module":
            guard let mapping = ModuleMapping(argument: value) else {
                return "--module is PATH-PREFIX=MODULE, not \"\(value)\""
            }
            command.options.modules.append(mapping)
        default: return "there is no option \(option)"
        }
        return nil
    }
}
