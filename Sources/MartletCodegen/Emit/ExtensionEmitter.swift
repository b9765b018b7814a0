/// Writes extensions as constants that messages are subscripted with.
struct ExtensionEmitter {
    let spelling: Spelling

    private var style: Style { spelling.style }

    /// An extension that is declared inside a message, and there found as `Outer.name`.
    func emit(nested model: ExtensionModel, in message: String, to source: inout SourceWriter) {
        source.remarks(model.field.documentation)
        emit(
            "\(style.access)static let \(Naming.escaped(model.field.swiftName))", model, in: message, to: &source)
    }

    /// An extension that is declared outside of messages: the constant, and the name `.name` for it.
    func emit(topLevel model: ExtensionModel, index: Int, to source: inout SourceWriter) {
        emit("private nonisolated let \(Self.constant(index))", model, in: nil, to: &source)
        source.line()
        let (extendee, value) = types(model, in: nil)
        let head = "nonisolated extension \(style.runtime).MessageExtension"
        if source.fits("\(head)<\(extendee), \(value)> {") {
            source.line("\(head)<\(extendee), \(value)> {")
        } else {
            source.line("\(head)<")
            source.indented { $0.line("\(extendee), \(value)") }
            source.line("> {")
        }
        source.indented { source in
            source.remarks(model.field.documentation)
            source.block(
                "\(style.access)static var \(Naming.escaped(model.field.swiftName)): Self",
                expression: Self.constant(index))
        }
        source.line("}")
    }

    static func constant(_ index: Int) -> String { "_extension\(index)" }

    private func emit(_ head: String, _ model: ExtensionModel, in scope: String?, to source: inout SourceWriter) {
        let (extendee, value) = types(model, in: scope)
        let row = spelling.rowType(model.field, in: scope)
        let type =
            switch model.field.cardinality {
            case .repeated(isPacked: true): "packed: \(row)"
            case .repeated: "repeated: \(row)"
            default: row
            }
        let defaultValue = model.field.isSingular ? "default: \(spelling.defaultOfValue(model.field))" : nil
        source.list(
            "\(head) = \(style.runtime).MessageExtension", generic: [extendee, value],
            [type, "\"\(model.fullName)\"", Style.literal(model.field.number)] + [defaultValue].compactMap(\.self))
    }

    private func types(_ model: ExtensionModel, in scope: String?) -> (extendee: String, value: String) {
        (
            spelling.type(.message(model.extendee), in: scope),
            spelling.property(model.field, in: scope)
        )
    }
}
