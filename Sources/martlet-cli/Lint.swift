internal import ArgumentParser
internal import MartletChecks
internal import MartletCodegen

struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold .proto files against rules of style.",
        discussion: """
            The rules are buf's, in its categories MINIMAL, BASIC, STANDARD, COMMENTS and UNARY_RPC; --list-rules \
            tells what each asks for.

            Prints one line for each finding. Exits with 0 if there is none, with 1 if there are some, and with 2 if \
            the files can't be read.

            A comment allows what a rule forbids, for the declaration that it stands at and all inside:

                // martlet:lint:ignore FIELD_LOWER_SNAKE_CASE the name is the hardware's

            For what concerns the whole file it stands at the package or the syntax. buf:lint:ignore means the same.
            """)

    @Option(
        name: .customLong("proto-path"),
        help: ArgumentHelp(
            """
            Where imports are looked up, and where the folders of packages start; may be given more than once. \
            Default: the directories among the files, or else the current directory.
            """,
            valueName: "dir"))
    var protoPaths: [String] = []

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp(
            "A rule or a category to check; may be given more than once. Default: STANDARD.", valueName: "rule"))
    var rules: [String] = []

    @Option(
        name: .customLong("except"),
        help: ArgumentHelp("A rule or a category to leave out; may be given more than once.", valueName: "rule"))
    var exceptions: [String] = []

    @OptionGroup var output: FindingOutput

    @Flag(help: "List the rules that the other options choose, and check nothing.")
    var listRules = false

    @Argument(
        help: ArgumentHelp("The .proto files, by path or by import path, and directories of them.", valueName: "files"))
    var files: [String] = []

    private func selectedRules() throws -> [LintRule] {
        do throws(UnknownRule) {
            return try LintRule.selected(rules, except: exceptions)
        } catch {
            throw ValidationError("\(error).")
        }
    }

    func validate() throws {
        _ = try selectedRules()
        guard listRules || !files.isEmpty else { throw ValidationError("Name at least one .proto file or directory.") }
    }

    func run() throws {
        let rules = try selectedRules()
        guard !listRules else {
            for rule in rules { print("\(rule.id) (\(rule.category.rawValue)): \(rule.summary)") }
            return
        }
        var command = LintCommand(rules: rules)
        command.protoPaths = protoPaths
        command.files = files
        try output.show(command.run())
    }
}
