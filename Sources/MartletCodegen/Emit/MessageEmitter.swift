/// Writes a message as a struct: its properties, its initializer, the types nested in it and its coding.
struct MessageEmitter {
    let spelling: Spelling
    let boxing: Boxing
    let views: Views
    /// The index of each of the file's messages in the file's tables, by full protobuf name.
    let tableIndexes: [String: Int]

    private var style: Style { spelling.style }

    func emit(_ message: MessageModel, to source: inout SourceWriter) {
        let properties = message.members.map { property(for: $0, in: message) }
        source.remarks(message.documentation)
        let head = "\(style.access)nonisolated struct \(message.swiftName): \(style.runtime).GeneratedMessage"
        source.block(head) { source in
            for property in properties {
                property.declare(style, to: &source)
                property.declareFallbacks(style, to: &source)
            }
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
            CodingEmitter(spelling: spelling, boxing: boxing).emit(message, properties, to: &source)
            if views.contain(message.fullName) {
                source.line()
                ViewEmitter(spelling: spelling, views: views).emit(message, to: &source)
            }
        }
    }

    private func property(for member: MessageModel.Member, in message: MessageModel) -> Property {
        switch member {
        case .field(let field):
            Property(
                name: field.swiftName, type: spelling.property(field, in: message.fullName),
                defaultValue: spelling.defaultValue(field), documentation: field.documentation,
                boxed: boxing.isBoxed(field: field.number, of: message.fullName)
                    ? spelling.type(field.type, in: message.fullName) : nil,
                fallbacks: field.cardinality == .optional ? [fallback(for: field, in: message)].compactMap(\.self) : [])
        case .oneof(let oneof):
            Property(
                name: oneof.swiftName, type: "\(oneof.typeName)?", defaultValue: "nil",
                documentation: oneof.documentation, boxed: nil,
                fallbacks: oneof.fields.compactMap { fallback(for: $0, in: message, oneofCase: $0.swiftName) })
        }
    }

    private func fallback(
        for field: FieldModel, in message: MessageModel, oneofCase: String? = nil
    ) -> Property.Fallback? {
        spelling.explicitDefault(field).map { defaultValue in
            Property.Fallback(
                name: field.fallbackName, type: spelling.type(field.type, in: message.fullName),
                defaultValue: defaultValue, longText: spelling.longDefault(field), documentation: field.documentation,
                oneofCase: oneofCase)
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
        for model in message.extensions {
            source.line()
            ExtensionEmitter(spelling: spelling).emit(nested: model, in: message.fullName, to: &source)
        }
    }
}
