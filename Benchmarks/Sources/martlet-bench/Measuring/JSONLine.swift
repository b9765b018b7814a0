/// One JSON object on one line, with its keys in the order in which they are added.
struct JSONLine {
    private var members: [String] = []

    /// - Parameter value: Without characters that JSON escapes.
    mutating func add(_ key: String, _ value: String) { members.append("\"\(key)\": \"\(value)\"") }

    mutating func add(_ key: String, _ value: Int) { members.append("\"\(key)\": \(value)") }

    /// - Parameter decimals: Digits after the point.
    mutating func add(_ key: String, _ value: Double, decimals: Int) {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        members.append("\"\(key)\": \((value * scale).rounded() / scale)")
    }

    var text: String { "{\(members.joined(separator: ", "))}" }
}
