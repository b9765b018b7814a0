internal import ArgumentParser
internal import MartletChecks
internal import MartletCodegen

struct Breaking: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find changes of .proto files that break those who use them.",
        discussion: """
            Compares the files with what they were: at a commit of their git repository, in a directory that has the \
            same import paths, or in a descriptor set (--include-imports). Types are compared by their full names, so \
            that they may move between files.

            Prints one line for each finding, with its place in the new file. Exits with 0 if there is none, with 1 \
            if there are some, and with 2 if one of the versions can't be read.

                martlet breaking --against origin/main Protos
            """)

    @Option(
        help: ArgumentHelp(
            "The old version: a directory, the file of a descriptor set, or a branch, tag or commit of git.",
            valueName: "version"))
    var against: String?

    @Option(
        help: """
            wire for what breaks calls and stored messages, in bytes or JSON, or source for what breaks code that is \
            built with the new version too.
            """)
    var level = BreakingRule.Level.source

    @Option(
        name: .customLong("proto-path"),
        help: ArgumentHelp(
            """
            Where imports are looked up; may be given more than once. Default: the directories among the files, or else \
            the current directory.
            """,
            valueName: "dir"))
    var protoPaths: [String] = []

    @Option(
        name: .customLong("except"),
        help: ArgumentHelp("A rule to leave out; may be given more than once.", valueName: "rule"))
    var exceptions: [String] = []

    @OptionGroup var output: FindingOutput

    @Flag(help: "List the rules that the other options choose, and check nothing.")
    var listRules = false

    @Argument(
        help: ArgumentHelp("The .proto files, by path or by import path, and directories of them.", valueName: "files"))
    var files: [String] = []

    private func selectedRules() throws -> [BreakingRule] {
        do throws(UnknownRule) {
            return try BreakingRule.selected(level, except: exceptions)
        } catch {
            throw ValidationError("\(error).")
        }
    }

    func validate() throws {
        _ = try selectedRules()
        guard !listRules else { return }
        guard against != nil else { throw ValidationError("Say with --against which version to compare with.") }
        guard !files.isEmpty else { throw ValidationError("Name at least one .proto file or directory.") }
    }

    func run() throws {
        let rules = try selectedRules()
        guard !listRules, let against else {
            for rule in rules { print("\(rule.id): \(rule.summary)") }
            return
        }
        var command = BreakingCommand(rules: rules, against: against)
        command.protoPaths = protoPaths
        command.files = files
        try output.show(command.run())
    }
}

extension BreakingRule.Level: ExpressibleByArgument {}
