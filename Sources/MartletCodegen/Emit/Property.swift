/// A property of a message's struct.
struct Property {
    let name: String
    let type: String
    let defaultValue: String
    let documentation: Documentation
    /// The message type, where it is kept in a box.
    let boxed: String?
    /// Properties that answer with a default, for the field itself or the members of a oneof.
    var fallbacks: [Fallback] = []

    struct Fallback {
        let name: String
        let type: String
        let defaultValue: String
        /// The default of a string that fills more than a line, in lines.
        let longText: [String]?
        let documentation: Documentation
        /// The member of the oneof; nil for a field of its own.
        let oneofCase: String?
    }

    /// The stored property, which the struct's own code uses.
    var storage: String { isStoredApart ? "_\(name)" : Naming.escaped(name) }

    /// A local variable for its value, named so that it hides no parameter.
    var local: String { "_\(name)" }

    func storageType(_ style: Style) -> String {
        boxed.map { "\(style.runtime).Box<\($0)>\(isOptional ? "?" : "")" } ?? type
    }

    private var isOptional: Bool { type.hasSuffix("?") }

    /// A deprecated field is stored under another name, so that its struct can use it without a warning.
    private var isStoredApart: Bool { boxed != nil || documentation.isDeprecated }

    func declare(_ style: Style, to source: inout SourceWriter) {
        source.attributes(documentation)
        let head = "\(style.access)var \(Naming.escaped(name))"
        guard isStoredApart else { return source.variable(head, type) }
        source.variable(head, type) { source in
            source.line("get { \(loaded) }")
            source.line("set { \(storage) = \(stored("newValue", style)) }")
        }
        source.variable("private var \(storage)", storageType(style))
    }

    /// What the accessors with a default look like.
    func declareFallbacks(_ style: Style, to source: inout SourceWriter) {
        for fallback in fallbacks {
            let what = fallback.oneofCase.map { "`\(name).\($0)`" } ?? "`\(name)`"
            source.comment(["\(what), or the schema's default where it isn't set."])
            if fallback.documentation.isDeprecated { source.line("@available(*, deprecated)") }
            let head = "\(style.access)var \(Naming.escaped(fallback.name)): \(fallback.type)"
            if let oneofCase = fallback.oneofCase {
                source.block(head) { source in
                    source.line("if case .\(oneofCase)(let value)? = \(storage) { return value }")
                    source.line("return \(fallback.defaultValue)")
                }
            } else if let lines = fallback.longText {
                source.block(head) { source in
                    source.line("if let value = \(storage) { return value }")
                    source.line("return \"\"\"")
                    source.indented { source in
                        for line in lines.dropLast() { source.line("\(line)\\") }
                        source.line(lines.last ?? "")
                        source.line("\"\"\"")
                    }
                }
            } else {
                source.block(head, expression: "\(storage) ?? \(fallback.defaultValue)")
            }
        }
    }

    func assign(_ style: Style, to source: inout SourceWriter) {
        source.assign("self.\(storage)", stored(Naming.escaped(name), style))
    }

    private var loaded: String {
        guard boxed != nil else { return storage }
        return isOptional ? "\(storage)?.value" : "\(storage).value"
    }

    private func stored(_ value: String, _ style: Style) -> String {
        guard boxed != nil else { return value }
        let box = "\(style.runtime).Box"
        return isOptional ? "\(value).map(\(box).init)" : "\(box)(\(value))"
    }
}
