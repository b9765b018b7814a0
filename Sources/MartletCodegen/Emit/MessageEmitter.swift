/// Writes a message as a struct: its properties, its initializer, the types nested in it and its coding.
struct MessageEmitter {
    let spelling: Spelling
    let boxing: Boxing
    /// The index of each of the file's messages in the file's tables, by full protobuf name.
    let tableIndexes: [String: Int]

    private var style: Style { spelling.style }

    func emit(_ message: MessageModel, to source: inout SourceWriter) {
        let properties = message.members.map { property(for: $0, in: message) }
        source.remarks(message.documentation)
        let head = "\(style.access)nonisolated struct \(message.swiftName): \(style.runtime).GeneratedMessage"
        source.block(head) { source in
            for property in properties { property.declare(style, to: &source) }
            source.comment(["Fields that the schema doesn't name, as they came."])
            source.line("\(style.access)var unknownFields: \(style.runtime).UnknownFields")
            source.line()
            emitInitializer(properties, to: &source)
            emitNestedTypes(message, to: &source)
            source.line()
            let index = tableIndexes[message.fullName] ?? 0
            source.block(
                "\(style.access)static var table: \(style.runtime).MessageTable", expression: "_fileTables[\(index)]")
            source.line()
            CodingEmitter(spelling: spelling, boxing: boxing).emit(message, to: &source)
        }
    }

    private func property(for member: MessageModel.Member, in message: MessageModel) -> Property {
        switch member {
        case .field(let field):
            Property(
                name: field.swiftName, type: spelling.property(field, in: message.fullName),
                defaultValue: spelling.defaultValue(field), documentation: field.documentation,
                boxed: boxing.isBoxed(field: field.number, of: message.fullName)
                    ? spelling.type(field.type, in: message.fullName) : nil)
        case .oneof(let oneof):
            Property(
                name: oneof.swiftName, type: "\(oneof.typeName)?", defaultValue: "nil",
                documentation: oneof.documentation, boxed: nil)
        }
    }

    private func emitInitializer(_ properties: [Property], to source: inout SourceWriter) {
        source.list(
            "\(style.access)init",
            properties.map { "\(Naming.escaped($0.name)): \($0.type) = \($0.defaultValue)" }, " {")
        source.indented { source in
            for property in properties { property.assign(style, to: &source) }
            source.line("self.unknownFields = \(style.runtime).UnknownFields()")
        }
        source.line("}")
    }

    private func emitNestedTypes(_ message: MessageModel, to source: inout SourceWriter) {
        for case .oneof(let oneof) in message.members {
            source.line()
            OneofEmitter(spelling: spelling, boxing: boxing).emit(oneof, of: message, to: &source)
        }
        for model in message.enums {
            source.line()
            EnumEmitter(style: style).emit(model, to: &source)
        }
        for nested in message.messages {
            source.line()
            emit(nested, to: &source)
        }
    }
}

/// A property of a message's struct.
private struct Property {
    let name: String
    let type: String
    let defaultValue: String
    let documentation: Documentation
    /// The message type, where it is kept in a box.
    let boxed: String?

    private var isOptional: Bool { type.hasSuffix("?") }
    private var storage: String { "_\(name)" }

    /// A deprecated field is stored under another name, so that its struct can use it without a warning.
    func declare(_ style: Style, to source: inout SourceWriter) {
        source.attributes(documentation)
        let head = "\(style.access)var \(Naming.escaped(name))"
        guard boxed != nil || documentation.isDeprecated else { return source.variable(head, type) }
        source.variable(head, type) { source in
            source.line("get { \(loaded) }")
            source.line("set { \(storage) = \(stored("newValue", style)) }")
        }
        let boxType = boxed.map { "\(style.runtime).Box<\($0)>\(isOptional ? "?" : "")" }
        source.variable("private var \(storage)", boxType ?? type)
    }

    func assign(_ style: Style, to source: inout SourceWriter) {
        let target = boxed != nil || documentation.isDeprecated ? storage : Naming.escaped(name)
        source.assign("self.\(target)", stored(Naming.escaped(name), style))
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
