/// Writes the type that reads a message in place.
struct ViewEmitter {
    let spelling: Spelling
    let views: Views

    private var style: Style { spelling.style }

    func emit(_ message: MessageModel, to source: inout SourceWriter) {
        let ownName = spelling.type(.message(message.fullName), in: message.fullName)
        source.comment(["Lends `body` a view of the message in `bytes`.", ""])
        source.comment(["- Throws: `DecodingError`, and what `body` throws."])
        source.list(
            "\(style.access)static func withView<R>",
            [
                "serialized bytes: [Swift.UInt8]", "limits: \(style.runtime).DecodingLimits = .default",
                "_ body: (borrowing View) throws -> R",
            ], " throws -> R {")
        source.indented { $0.line("try View.withView(serialized: bytes, limits: limits, body)") }
        source.line("}")
        source.line()
        source.comment(["Reads a message where it was decoded, without building the Swift value."])
        source.block(
            "\(style.access)nonisolated struct View: ~Swift.Copyable, \(style.runtime).GeneratedView"
        ) { source in
            source.line("\(style.access)typealias ViewedMessage = \(ownName)")
            source.line()
            source.line("\(style.access)let _record: \(style.runtime).ViewRecord")
            source.line()
            source.block(
                "\(style.access)init(_record: \(style.runtime).ViewRecord)", expression: "self._record = _record")
            let layout = RecordLayout(message)
            for member in message.members {
                switch member {
                case .field(let field): emit(field, layout[field], of: message, to: &source)
                case .oneof(let oneof):
                    emit(oneof, layout, to: &source)
                    for field in oneof.fields { emit(field, layout[field], of: message, to: &source) }
                }
            }
        }
    }

    private func emit(
        _ field: FieldModel, _ slot: RecordLayout.Slot, of message: MessageModel, to source: inout SourceWriter
    ) {
        source.line()
        source.attributes(field.documentation)
        let type = spelling.type(field.type, in: message.fullName)
        switch (field.cardinality, field.type) {
        case (.repeated, .message(let name)) where views.contain(name):
            lend(field, "\(style.runtime).MessageListView<\(type).View>", "_record, at: \(slot.offset)", to: &source)
        case (.repeated, _) where spelling.isClosedEnum(field.type):
            let name = "\(style.access)var \(Naming.escaped(field.swiftName))"
            emit(name, "[\(type)]", "_record.knownValues(at: \(slot.offset))", to: &source)
        case (.repeated, _):
            lend(field, "\(style.runtime).ListView<\(type)>", "_record, at: \(slot.offset)", to: &source)
        case (.map(let key), .message(let name)) where views.contain(name):
            lend(
                field, "\(style.runtime).MessageMapView<\(key.swiftType), \(type).View>",
                "_record, at: \(slot.offset)", to: &source)
        case (.map(let key), _):
            lend(
                field, "\(style.runtime).MapView<\(key.swiftType), \(type)>", "_record, at: \(slot.offset)",
                to: &source)
        case (_, .message(let name)) where views.contain(name):
            lend(
                field, "\(type).View",
                "_record: _record.message(\(type).self, at: \(slot.offset)\(slot.caseArguments(field)))", to: &source)
            source.line()
            let isSet = slot.oneofCase == nil ? "_record.hasMessage(at: \(slot.offset))" : slot.isSet(field)
            source.block("\(style.access)var \(field.presenceName): Swift.Bool", expression: isSet)
        case (_, .message): emitBuilt(field, type, slot, to: &source)
        case (_, .scalar(.string)):
            emitValue(field, type, slot, "try _record.string(at: \(slot.offset))", to: &source)
            emitBytes(field, slot, to: &source)
        case (_, .scalar(.bytes)):
            emitValue(field, type, slot, "_record.bytes(at: \(slot.offset))", to: &source)
            emitBytes(field, slot, to: &source)
        case (_, .enum) where spelling.isClosedEnum(field.type):
            emitValue(field, type, slot, "_record.knownValue(at: \(slot.offset))", to: &source)
        case (_, .scalar), (_, .enum):
            emitValue(field, type, slot, "_record.value(at: \(slot.offset))", to: &source)
        }
    }

    /// A value that can't be kept: the caller may only look at it.
    private func lend(_ field: FieldModel, _ type: String, _ arguments: String, to source: inout SourceWriter) {
        source.variable("\(style.access)var \(Naming.escaped(field.swiftName))", type) { source in
            let oneLine = "_read { yield \(type)(\(arguments)) }"
            guard !source.fits(oneLine) else { return source.line(oneLine) }
            source.block("_read") { $0.list("yield \(type)", [arguments]) }
        }
    }

    private func emitValue(
        _ field: FieldModel, _ type: String, _ slot: RecordLayout.Slot, _ value: String, to source: inout SourceWriter
    ) {
        let name = "\(style.access)var \(Naming.escaped(field.swiftName))"
        let isSet = slot.isSet(field)
        switch field.cardinality {
        case _ where slot.oneofCase != nil, .optional: emit(name, "\(type)?", "\(isSet) ? \(value) : nil", to: &source)
        case .required:
            let optional = "\(isSet) ? \(value) : nil".replacing("try ", with: "")
            emit(name, type, "try _record.required(\(optional), at: \(slot.offset))", to: &source)
        case .implicit, .repeated, .map: emit(name, type, value, to: &source)
        }
    }

    /// A property, of which the string ones throw.
    private func emit(_ name: String, _ type: String, _ value: String, to source: inout SourceWriter) {
        guard value.contains("try ") else { return source.block("\(name): \(type)", expression: value) }
        source.variable(name, type) { source in
            source.block("get throws(\(style.runtime).DecodingError)", expression: value)
        }
    }

    private func throwing(
        _ name: String, _ type: String, to source: inout SourceWriter, _ body: (inout SourceWriter) -> Void
    ) {
        source.variable(name, type) { source in
            source.block("get throws(\(style.runtime).DecodingError)", body)
        }
    }

    /// A message without a view.
    private func emitBuilt(
        _ field: FieldModel, _ type: String, _ slot: RecordLayout.Slot, to source: inout SourceWriter
    ) {
        let isRequired = field.cardinality == .required
        throwing(
            "\(style.access)var \(Naming.escaped(field.swiftName))", isRequired ? type : "\(type)?", to: &source
        ) { source in
            if slot.oneofCase != nil { source.line("guard \(slot.isSet(field)) else { return nil }") }
            source.line(
                "\(slot.oneofCase == nil ? "" : "return ")try _record.read { record throws(\(style.runtime).DecodingError) in"
            )
            source.indented { $0.line("try record.\(isRequired ? "requiredMessage" : "message")(at: \(slot.offset))") }
            source.line("}")
        }
    }

    private func emitBytes(_ field: FieldModel, _ slot: RecordLayout.Slot, to source: inout SourceWriter) {
        source.line()
        source.comment(["The bytes of `\(field.swiftName)` where they are, without a copy."])
        if field.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        source.list(
            "\(style.access)func \(field.bytesName)<R, Failure: Swift.Error>",
            ["_ body: (Swift.Span<Swift.UInt8>) throws(Failure) -> R"], " throws(Failure) -> R {")
        source.indented { $0.line("try _record.withBytes(at: \(slot.offset)\(slot.caseArguments(field)), body)") }
        source.line("}")
    }

    private func emit(_ oneof: OneofModel, _ layout: RecordLayout, to source: inout SourceWriter) {
        source.line()
        source.comment(oneof.documentation.comment)
        throwing("\(style.access)var \(Naming.escaped(oneof.swiftName))", "\(oneof.typeName)?", to: &source) { source in
            source.line("try _record.read { record throws(\(style.runtime).DecodingError) -> \(oneof.typeName)? in")
            source.indented { source in
                source.line("switch record.oneofCase(at: \(layout[oneof.fields[0]].oneofCase ?? 0)) {")
                for field in oneof.fields {
                    source.line(
                        "case \(Style.literal(field.number)): "
                            + ".\(field.swiftName)(try record.value(at: \(layout[field].offset)))")
                }
                source.line("default: nil")
                source.line("}")
            }
            source.line("}")
        }
    }
}

extension RecordLayout.Slot {
    fileprivate func caseArguments(_ field: FieldModel) -> String {
        oneofCase.map { ", case: \(Style.literal(field.number)), in: \($0)" } ?? ""
    }

    fileprivate func isSet(_ field: FieldModel) -> String {
        oneofCase == nil
            ? "_record.isSet(\(has ?? 0))"
            : "_record.isSet(case: \(Style.literal(field.number)), in: \(oneofCase ?? 0))"
    }
}
