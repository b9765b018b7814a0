extension RecordReader {
    /// The path of the first required field that is missing, in a record that came without any.
    func missingField() -> String? { missingPath().map { $0.reversed().joined(separator: ".") } }

    /// The innermost step first.
    private func missingPath() -> [String]? {
        for field in MessageTable(record: base).fields {
            if field.presence == .required && !has(field) { return [field.name] }
            guard let nested = field.messageTable else { continue }
            for (index, message) in messages(of: field).enumerated() {
                let record = RecordReader(message ?? nested.emptyRecord, in: arena)
                guard arena.descend() else { return nil }
                if let path = record.missingPath() { return path + [step(field, index)] }
                arena.ascend()
            }
        }
        return nil
    }

    private func has(_ field: MessageTable.Field) -> Bool {
        field.messageTable == nil
            ? load(at: field.hasOffset) as Int32 != 0 : load(at: field.offset) as UnsafeRawPointer? != nil
    }

    /// The messages that a field holds; nil for those that a map's entry lacks.
    private func messages(of field: MessageTable.Field) -> [UnsafeRawPointer?] {
        if field.entry != nil {
            return elements(UnsafeRawPointer.self, at: field.offset).map {
                RecordReader($0, in: arena).load(at: MapEntry.value)
            }
        }
        if field.isList { return Array(elements(UnsafeRawPointer?.self, at: field.offset)) }
        if let oneofCase = field.oneofCase, load(at: oneofCase) != field.number { return [] }
        let message = load(at: field.offset) as UnsafeRawPointer?
        return message == nil ? [] : [message]
    }

    private func step(_ field: MessageTable.Field, _ index: Int) -> String {
        guard let table = field.entry else { return field.step(count: index) }
        let entry = elements(UnsafeRawPointer.self, at: field.offset)[index]
        return "\(field.name)[\(Self.entryKey(entry, table) ?? "")]"
    }
}

extension MessageTable.Field {
    /// The table of the messages that the field, or the map's values, hold.
    fileprivate var messageTable: MessageTable? {
        switch kind {
        case .message(let table), .group(let table): table
        case .scalar, .enumeration: nil
        }
    }
}
