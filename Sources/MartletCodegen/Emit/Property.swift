/// A property of a message's struct.
struct Property {
    let name: String
    let type: String
    let defaultValue: String
    let documentation: Documentation
    /// The message type, where it is kept in a box.
    let boxed: String?

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
