/// Text with indentation, laid out as `swift format` would: four spaces a level, at most 120 columns.
struct SourceWriter {
    static let lineLength = 120

    private(set) var text = ""
    private var indentation = ""

    mutating func line(_ line: String = "") {
        if !line.isEmpty {
            text += indentation
            text += line
        }
        text += "\n"
    }

    mutating func indented(_ body: (inout SourceWriter) -> Void) {
        let outer = indentation
        indentation += "    "
        body(&self)
        indentation = outer
    }

    /// `head {`, the body indented, `}`.
    mutating func block(_ head: String, _ body: (inout SourceWriter) -> Void) {
        line("\(head) {")
        indented(body)
        line("}")
    }

    /// `head { expression }`, on one line where it fits.
    mutating func block(_ head: String, expression: String, after closing: String = "") {
        let oneLine = "\(head) { \(expression) }\(closing)"
        if fits(oneLine) { return line(oneLine) }
        line("\(head) {")
        indented { $0.line(expression) }
        line("}\(closing)")
    }

    /// `head` + `items` in parentheses + `tail`, on one line where it fits; else the items on a line of their own,
    /// or, where that doesn't fit either, on a line each.
    mutating func list(_ head: String, _ items: [String], _ tail: String = "") {
        let joined = items.joined(separator: ", ")
        let oneLine = "\(head)(\(joined))\(tail)"
        if items.isEmpty || fits(oneLine) { return line(oneLine) }
        line("\(head)(")
        indented { source in
            if source.fits(joined) {
                source.line(joined)
            } else {
                for item in items.dropLast() { source.wrapped("\(item),") }
                source.wrapped(items.last ?? "")
            }
        }
        line(")\(tail)")
    }

    /// `head` + `items` in brackets, on one line where it fits, else with an item a line.
    mutating func array(_ head: String, _ items: [String]) {
        let oneLine = "\(head)[\(items.joined(separator: ", "))]"
        // `swift format` keeps room for the comma that the last item may get.
        if fits(oneLine + ",") { return line(oneLine) }
        line("\(head)[")
        indented { $0.elements(items) { item, comma, source in source.line(item + comma) } }
        line("]")
    }

    /// The elements of an array literal. Each gets the comma to write behind it: the last of several has one too, an
    /// only element has none.
    mutating func elements<Element>(
        _ elements: [Element], _ body: (_ element: Element, _ comma: String, _ source: inout SourceWriter) -> Void
    ) {
        for element in elements { body(element, elements.count > 1 ? "," : "", &self) }
    }

    /// `head<generic>` + `items` in parentheses, with the generic arguments on a line of their own where they don't
    /// fit.
    mutating func list(_ head: String, generic arguments: [String], _ items: [String]) {
        let types = arguments.joined(separator: ", ")
        guard !fits("\(head)<\(types)>(") else { return list("\(head)<\(types)>", items) }
        line("\(head)<")
        indented { $0.line(types) }
        list(">", items)
    }

    /// `head` + `items` in parentheses + ` -> type<generic> {`, the body indented, `}`; the result on lines of its own
    /// where it doesn't fit behind the parenthesis.
    mutating func function(
        _ head: String, _ items: [String], returning type: String, generic arguments: [String],
        _ body: (inout SourceWriter) -> Void
    ) {
        let result = "-> \(type)<\(arguments.joined(separator: ", "))>"
        if fits(") \(result) {") {
            list(head, items, " \(result) {")
        } else {
            line("\(head)(")
            indented { source in for item in items { source.line(item) } }
            line(")")
            indented { source in
                source.line("-> \(type)<")
                source.indented { $0.line(arguments.joined(separator: ", ")) }
                source.line(">")
            }
            line("{")
        }
        indented(body)
        line("}")
    }

    /// `name: type = value` or `name(value)`, continued on the next line behind the last mark that still fits.
    mutating func wrapped(_ text: String) {
        if fits(text) { return line(text) }
        let marks = ["=", ":", "("].compactMap { text.firstIndex(of: $0).map { text.index(after: $0) } }
        guard let end = marks.first(where: { fits(String(text[..<$0])) }) else { return line(text) }
        line(String(text[..<end]))
        indented { $0.continuation(text[end...].drop { $0 == " " }) }
    }

    /// The text; where it doesn't fit, the type of a function has its parameters on lines of their own.
    private mutating func continuation(_ text: Substring) {
        guard !fits(String(text)), let start = text.firstRange(of: " (")?.upperBound,
            let end = text.lastIndex(of: ")"), start < end
        else { return brokenAtDot(text) }
        list(
            String(text[..<start].dropLast()), text[start..<end].split(separator: ", ").map(String.init),
            String(text[text.index(after: end)...]))
    }

    /// The text, continued on the next line from its last dot on where it doesn't fit.
    private mutating func brokenAtDot(_ text: Substring) {
        guard !fits(String(text)), let dot = text.lastIndex(of: ".") else { return line(String(text)) }
        line(String(text[..<dot]))
        indented { $0.line(String(text[dot...])) }
    }

    /// `head: type`, with the type on a line of its own where it doesn't fit.
    mutating func variable(_ head: String, _ type: String) {
        let oneLine = "\(head): \(type)"
        if fits(oneLine) { return line(oneLine) }
        line("\(head):")
        indented { $0.line(type) }
    }

    /// `head: type {`, the body indented, `}`.
    mutating func variable(_ head: String, _ type: String, _ body: (inout SourceWriter) -> Void) {
        let oneLine = "\(head): \(type) {"
        if fits(oneLine) {
            line(oneLine)
        } else {
            variable(head, type)
            line("{")
        }
        indented(body)
        line("}")
    }

    /// `label: target = value` of a switch, on one line where it fits.
    mutating func assign(case label: String, _ target: String, _ value: String) {
        let oneLine = "case \(label): \(target) = \(value)"
        if fits(oneLine) { return line(oneLine) }
        line("case \(label):")
        indented { $0.assign(target, value) }
    }

    /// `target = value`, with the value on a line of its own where it doesn't fit.
    mutating func assign(_ target: String, _ value: String) {
        let oneLine = "\(target) = \(value)"
        if fits(oneLine) { return line(oneLine) }
        line("\(target) =")
        indented { $0.line(value) }
    }

    /// The comment as `///` lines; nothing for an empty one.
    mutating func comment(_ lines: [String]) {
        for text in lines { line(text.isEmpty ? "///" : "/// \(text)") }
    }

    func fits(_ line: String) -> Bool { indentation.utf8.count + line.utf8.count <= Self.lineLength }
}
