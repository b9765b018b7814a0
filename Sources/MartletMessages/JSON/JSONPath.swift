/// Where in a message an error lies, such as `orders[3].items["a"].price`. Built from its end while the error is
/// on its way out, so that the way that succeeds costs nothing.
struct JSONPath: Sendable, Hashable {
    private(set) var text = ""

    mutating func prepend(field name: String) {
        text = text.isEmpty || text.hasPrefix("[") ? name + text : "\(name).\(text)"
    }

    mutating func prepend(index: Int) { prepend(bracketed: "\(index)") }

    mutating func prepend(key: String) { prepend(bracketed: "\"\(key)\"") }

    private mutating func prepend(bracketed inner: String) {
        text = text.isEmpty || text.hasPrefix("[") ? "[\(inner)]\(text)" : "[\(inner)].\(text)"
    }
}
