internal import ArgumentParser
internal import MartletChecks
internal import MartletCodegen

/// How the commands that check files tell what they found.
struct FindingOutput: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(help: "text for people and editors, or json: one object a line with file, line, column, rule and message.")
    var format = Format.text

    /// Prints the findings, or says why there could be none, and ends with the exit code of that.
    func show(_ outcome: CheckOutcome) throws {
        switch outcome {
        case .findings(let findings):
            for finding in findings { print(format == .json ? finding.json : finding.description) }
        case .errors(let errors):
            for error in errors { Console.error(error) }
        }
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    }
}
