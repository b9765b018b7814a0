/// Writes the rows that the runtime builds a file's tables from.
struct TableEmitter {
    let spelling: Spelling
    /// The messages of the file, in the order of their tables.
    let messages: [MessageModel]

    func emit(to source: inout SourceWriter) {
        let own = Set(messages.map(\.fullName))
        source.line("private nonisolated let _fileTables = \(spelling.style.runtime).MessageTables(")
        source.indented { source in
            source.line("[")
            source.indented { source in
                source.elements(messages) { message, comma, source in
                    emit(message, comma: comma, own: own, to: &source)
                }
            }
            source.line("])")
        }
    }

    private func emit(_ message: MessageModel, comma: String, own: Set<String>, to source: inout SourceWriter) {
        let layout = RecordLayout(message)
        if message.isMessageSet { return source.line(".messageSet(\"\(message.fullName)\")\(comma)") }
        guard !message.members.isEmpty else { return source.line(".message(\"\(message.fullName)\", [])\(comma)") }
        source.line(".message(")
        source.indented { source in
            source.line("\"\(message.fullName)\",")
            source.line("[")
            source.indented { source in
                source.elements(message.fields) { field, comma, source in
                    emit(field, layout[field], comma: comma, own: own, to: &source)
                }
            }
            source.line("])\(comma)")
        }
    }

    private func emit(
        _ field: FieldModel, _ slot: RecordLayout.Slot, comma: String, own: Set<String>, to source: inout SourceWriter
    ) {
        let type = rowType(field, own: own)
        let (label, types) =
            switch field.cardinality {
            case _ where slot.oneofCase != nil: ("oneof", [type])
            case .implicit: ("implicit", [type])
            case .optional: ("optional", [type])
            case .required: ("required", [type])
            case .repeated(let isPacked): (isPacked ? "packed" : "repeated", [type])
            case .map(let key): ("map", [".\(key.rawValue)", type])
            }
        let presence = [
            slot.has.map { "has: \($0)" }, slot.oneofCase.map { "case: \($0)" },
            field.jsonName.map { "json: \"\(Style.escaped($0))\"" },
        ].compactMap(\.self)
        source.list(
            ".\(label)",
            types + ["\"\(field.protoName)\"", Style.literal(field.number), "at: \(slot.offset)"] + presence, comma)
    }

    /// Messages of the same file go by name, since their tables are still being built.
    private func rowType(_ field: FieldModel, own: Set<String>) -> String {
        guard case .message(let name) = field.type, own.contains(name) else {
            return spelling.rowType(field, in: nil)
        }
        return ".\(field.isDelimited ? "group" : "message")(\"\(name)\")"
    }
}
