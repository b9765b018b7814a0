internal import Foundation

// Prints allocations, one operation a line, or a table of times, and draws the latter; see `run.sh`.
let arguments = Array(CommandLine.arguments.dropFirst())
let meter = Meter()
if arguments == ["allocations"] {
    for (operation, count) in try meter.allocations(of: Operations.all) {
        print(operation.task, operation.implementation, count, separator: "\t")
    }
} else if arguments.count == 4, arguments[0] == "times", let rounds = Int(arguments[1]) {
    let allocations = try String(contentsOfFile: arguments[2], encoding: .utf8)
    let report = try Report(meter.times(of: Operations.all, rounds: rounds), allocations: allocations)
    print(report.table)
    try Chart(report).svg.write(toFile: arguments[3], atomically: true, encoding: .utf8)
} else {
    print("usage: message-bench allocations | message-bench times ROUNDS ALLOCATIONS CHART.svg")
    exit(64)
}
