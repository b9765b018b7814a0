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
               [--module PATH-PREFIX=MODULE]… [--module-name MODULE] [--runtime-module MODULE]
               [--namespace [PATH-PREFIX=]package|none|NAME]… [--views] [--synchronous]
               [--test-doubles] [--descriptor-set-out FILE [--include-imports] [--include-source-info]]
               [--verbose] FILES…
        """

    let outcome: Outcome

    init(_ arguments: some Sequence<String>) {
        var command = GenerateCommand()
        var isVerbose = false
        var descriptorSet = DescriptorSetOutput(path: "")
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
            case "--include-imports" where parts.count == 1: descriptorSet.includesImports = true
            case "--include-source-info" where parts.count == 1: descriptorSet.includesSourceInfo = true
            case _ where parts.count == 1 && GeneratorOptions.flags.contains { argument == "--\($0)" }:
                _ = Self.set(argument, to: "true", in: &command.options)
            case "--":
                command.files += rest
                rest = []
            default:
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                    outcome = .wrong("\(argument) needs a value")
                    return
                }
                switch parts[0] {
                case "--proto-path": command.protoPaths.append(value)
                case "--out": command.outputDirectory = value
                case "--descriptor-set-out": descriptorSet.path = value
                default:
                    if let reason = Self.set(parts[0], to: value, in: &command.options) {
                        outcome = .wrong(reason)
                        return
                    }
                }
            }
        }
        if !descriptorSet.path.isEmpty {
            command.descriptorSet = descriptorSet
        } else if descriptorSet.includesImports || descriptorSet.includesSourceInfo {
            outcome = .wrong("--include-imports and --include-source-info need --descriptor-set-out")
            return
        }
        outcome = command.files.isEmpty ? .wrong("name at least one .proto file") : .run(command, isVerbose: isVerbose)
    }

    /// Returns what is wrong with the option, nil if nothing is.
    private static func set(_ option: String, to value: String, in options: inout GeneratorOptions) -> String? {
        guard option.hasPrefix("--") else { return "\(option) is no option" }
        return options.set(String(option.dropFirst(2)), to: value).map { "\(option) \($0)" }
    }
}
