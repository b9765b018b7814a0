/// Writes how a message gets out of a record and into one.
struct CodingEmitter {
    let spelling: Spelling
    let boxing: Boxing

    private var style: Style { spelling.style }

    func emit(_ message: MessageModel, _ properties: [Property], to source: inout SourceWriter) {
        let layout = RecordLayout(message)
        emitReading(message, properties, layout, to: &source)
        source.line()
        emitWriting(message, layout, to: &source)
    }

    /// Everything is read before anything is assigned: a struct that is filled field by field gets copied at the end.
    private func emitReading(
        _ message: MessageModel, _ properties: [Property], _ layout: RecordLayout, to source: inout SourceWriter
    ) {
        source.block(
            "\(style.access)init(reading record: \(style.runtime).RecordReader) throws(\(style.runtime).DecodingError)"
        ) { source in
            for (member, property) in zip(message.members, properties) {
                switch member {
                case .field(let field):
                    let isBoxed = property.boxed != nil
                    source.wrapped(
                        "let \(property.local): \(property.storageType(style)) = try "
                            + reading(field, isBoxed: isBoxed, layout[field]))
                case .oneof(let oneof): emitReading(oneof, property, layout, to: &source)
                }
            }
            source.line("let _unknownFields = try record.unknownFields()")
            for property in properties { source.assign("self.\(property.storage)", property.local) }
            source.line("self.unknownFields = _unknownFields")
        }
    }

    private func reading(_ field: FieldModel, isBoxed: Bool, _ slot: RecordLayout.Slot) -> String {
        switch (field.cardinality, field.type) {
        case (.repeated, _): "record.list(at: \(slot.offset))"
        case (.map, _): "record.map(at: \(slot.offset))"
        case (.required, .message):
            isBoxed
                ? "\(style.runtime).Box(record.requiredMessage(at: \(slot.offset)))"
                : "record.requiredMessage(at: \(slot.offset))"
        case (_, .message): isBoxed ? "record.box(at: \(slot.offset))" : "record.message(at: \(slot.offset))"
        case (.required, _): "record.required(at: \(slot.offset)\(slot.hasArgument))"
        case (.optional, _): "record.optional(at: \(slot.offset)\(slot.hasArgument))"
        case (.implicit, _): "record.value(at: \(slot.offset))"
        }
    }

    private func emitReading(
        _ oneof: OneofModel, _ property: Property, _ layout: RecordLayout, to source: inout SourceWriter
    ) {
        source.wrapped("let \(property.local): \(property.type)")
        source.line("switch record.oneofCase(at: \(layout[oneof.fields[0]].oneofCase ?? 0)) {")
        for field in oneof.fields {
            source.assign(
                case: Style.literal(field.number), property.local,
                ".\(field.swiftName)(try record.value(at: \(layout[field].offset)))")
        }
        source.line("default: \(property.local) = nil")
        source.line("}")
    }

    private func emitWriting(_ message: MessageModel, _ layout: RecordLayout, to source: inout SourceWriter) {
        source.list(
            "\(style.access)static func write",
            ["_ message: Swift.UnsafeMutablePointer<Self>", "into record: \(style.runtime).RecordWriter"], " {")
        source.indented { source in
            for member in message.members {
                switch member {
                case .field(let field): emitWriting(field, of: message, layout, to: &source)
                case .oneof(let oneof): emitWriting(oneof, layout, to: &source)
                }
            }
            source.line("record.setUnknownFields(message.pointee.unknownFields)")
        }
        source.line("}")
    }

    private func emitWriting(
        _ field: FieldModel, of message: MessageModel, _ layout: RecordLayout, to source: inout SourceWriter
    ) {
        let slot = layout[field]
        let isBoxed = boxing.isBoxed(field: field.number, of: message.fullName)
        let value = "message.pointee.\(storage(of: field, isBoxed: isBoxed))"
        if field.isDelimited { return emitWritingGroup(field, value, isBoxed: isBoxed, slot, to: &source) }
        let (function, arguments) =
            switch (field.cardinality, field.type) {
            case (.repeated, _): ("setList", value)
            case (.map, _): ("setMap", value)
            case (.required, .message) where !isBoxed: ("setRequiredMessage", "&\(value)")
            case (_, .message): ("setMessage", isBoxed ? value : "&\(value)")
            case (.required, _): ("setRequired", value)
            case (.optional, _): ("setOptional", value)
            case (.implicit, _): ("set", value)
            }
        source.list("record.\(function)", [arguments, "at: \(slot.offset)\(slot.hasArgument)"])
    }

    private func emitWritingGroup(
        _ field: FieldModel, _ value: String, isBoxed: Bool, _ slot: RecordLayout.Slot, to source: inout SourceWriter
    ) {
        let (function, argument) =
            switch field.cardinality {
            case .repeated: ("setGroups", value)
            case .required where !isBoxed: ("setRequiredGroup", "&\(value)")
            default: ("setGroup", isBoxed ? value : "&\(value)")
            }
        source.list(
            "record.\(function)", [argument, "number: \(Style.literal(field.number))", "at: \(slot.offset)"])
    }

    private func emitWriting(_ oneof: OneofModel, _ layout: RecordLayout, to source: inout SourceWriter) {
        source.line("switch message.pointee.\(Naming.escaped(oneof.swiftName)) {")
        for field in oneof.fields {
            let slot = layout[field]
            source.line("case .\(field.swiftName)(let value)?:")
            source.indented { source in
                let number = Style.literal(field.number)
                source.line(
                    field.isDelimited
                        ? "record.setOneofGroup(value, number: \(number), at: \(slot.offset), in: \(slot.oneofCase ?? 0))"
                        : "record.setOneof(value, at: \(slot.offset), case: \(number), in: \(slot.oneofCase ?? 0))")
            }
        }
        source.line("case nil: break")
        source.line("}")
    }

    private func storage(of field: FieldModel, isBoxed: Bool) -> String {
        isBoxed || field.documentation.isDeprecated ? "_\(field.swiftName)" : Naming.escaped(field.swiftName)
    }
}

extension RecordLayout.Slot {
    fileprivate var hasArgument: String { has.map { ", has: \($0)" } ?? "" }
}
