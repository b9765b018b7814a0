internal import Foundation

/// What was measured, by task.
struct Report {
    struct Row {
        let task: String
        /// By implementation, in the order of `Operations.implementations`.
        var nanoseconds: [String: Double] = [:]
        var allocations: [String: String] = [:]

        /// How many times as long as `other` this takes; nil where one of them doesn't do this task.
        func ratio(_ implementation: String, to other: String) -> Double? {
            guard let own = nanoseconds[implementation], let others = nanoseconds[other] else { return nil }
            return own / others
        }
    }

    private(set) var rows: [Row] = []

    /// - Parameter allocations: what `message-bench allocations` printed.
    init(_ times: [(Operation, Double)], allocations: String) throws {
        for (operation, time) in times {
            let index = rows.firstIndex { $0.task == operation.task } ?? rows.count
            if index == rows.count { rows.append(Row(task: operation.task)) }
            rows[index].nanoseconds[operation.implementation] = time
        }
        for line in allocations.split(separator: "\n") {
            let columns = line.split(separator: "\t").map(String.init)
            guard columns.count == 3, let index = rows.firstIndex(where: { $0.task == columns[0] }) else { continue }
            rows[index].allocations[columns[1]] = columns[2]
        }
    }

    /// Times, the ratios that matter, and allocations.
    var table: String {
        let implementations = Operations.implementations
        // C encodes in place, so that this is what Martlet does likewise; a view is built in an arena.
        let ratios = [
            ("Martlet/s-p", Operations.martlet, Operations.swiftProtobuf),
            ("Martlet/C", Operations.martlet, Operations.c),
            ("in place/C", Operations.martletInPlace, Operations.c),
            ("view/C arena", Operations.martletView, Operations.cArena),
        ]
        let header = ["ns"] + implementations + ratios.map(\.0)
        let lines = rows.map { row in
            [row.task] + implementations.map { row.nanoseconds[$0].map { String(format: "%.0f", $0) } ?? "" }
                + ratios.map { row.ratio($0.1, to: $0.2).map { String(format: "%.2f", $0) } ?? "" }
        }
        let allocations = rows.map { row in [row.task] + implementations.map { row.allocations[$0] ?? "" } }
        return format([header] + lines) + "\n\n" + format([["allocations"] + implementations] + allocations)
    }

    private func format(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + space : space + text
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
