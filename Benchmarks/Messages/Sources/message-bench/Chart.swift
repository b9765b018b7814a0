internal import Foundation

/// Bars, task by task: the time each implementation takes beside swift-protobuf's, which is the line at 1.
struct Chart {
    private let report: Report
    private static let barHeight = 11.0
    private static let labelWidth = 165.0
    /// What 1 takes.
    private static let unit = 320.0
    /// Longer bars are cut, and their number says so.
    private static let longest = 1.9
    private static let colors = [
        Operations.swiftProtobuf: "#8a8a8a", Operations.martlet: "#d9532c", Operations.martletInPlace: "#f2a07e",
        Operations.martletView: "#f0c23b",
        Operations.c: "#3b6ea5", Operations.cArena: "#9fbfdf",
    ]

    init(_ report: Report) { self.report = report }

    var svg: String {
        var body = legend
        var y = 40.0
        for row in report.rows {
            let base = row.nanoseconds[Operations.swiftProtobuf] ?? 1
            body += text(row.task, x: 6, y: y + Self.barHeight)
            for implementation in Operations.implementations {
                guard let time = row.nanoseconds[implementation] else { continue }
                let ratio = time / base
                let width = min(ratio, Self.longest) * Self.unit
                body += bar(x: Self.labelWidth, y: y, width: width, color: Self.colors[implementation] ?? "black")
                body += text(
                    String(format: "%.2f", ratio), x: Self.labelWidth + width + 4, y: y + Self.barHeight - 2, size: 9)
                y += Self.barHeight
            }
            y += 8
        }
        let line = Self.labelWidth + Self.unit
        body +=
            "<line x1=\"\(line)\" y1=\"34\" x2=\"\(line)\" y2=\"\(y)\" stroke=\"black\" stroke-dasharray=\"3 3\"/>\n"
        let width = Self.labelWidth + Self.unit * Self.longest + 50
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(y + 10)" font-family="sans-serif">
            <rect width="100%" height="100%" fill="white"/>
            \(body)</svg>

            """
    }

    private var legend: String {
        var x = 6.0
        var legend = text("Time beside swift-protobuf's (shorter is faster)", x: 6, y: 14)
        for implementation in Operations.implementations {
            legend += bar(x: x, y: 20, width: 11, color: Self.colors[implementation] ?? "black")
            legend += text(implementation, x: x + 15, y: 30, size: 10)
            x += 120
        }
        return legend
    }

    private func text(_ text: String, x: Double, y: Double, size: Int = 12) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\">\(text)</text>\n"
    }

    private func bar(x: Double, y: Double, width: Double, color: String) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(Self.barHeight - 1)\" fill=\"\(color)\"/>\n"
    }
}
