internal import CProtobufC

/// Turns a message's rows into a libprotobuf-c descriptor. Nothing it allocates is ever freed.
struct TableBuilder {
    typealias Descriptor = UnsafeMutablePointer<ProtobufCMessageDescriptor>

    let name: StaticString
    let localMessages: [String: UnsafePointer<ProtobufCMessageDescriptor>]

    private static let baseSize = MemoryLayout<ProtobufCMessage>.size
    private static let magic: UInt32 = 0x28aa_eef9

    func build(_ rows: [FieldRow], header: UnsafeMutablePointer<MessageTable.Header>, descriptor: Descriptor) {
        let rows = rows.sorted { $0.number < $1.number }
        let size = (rows.map(\.end).max() ?? Self.baseSize) + 7 & ~7
        let entries = rows.map { entryTable(for: $0) }

        var message = ProtobufCMessageDescriptor()
        message.magic = Self.magic
        message.name = name.cString
        message.sizeof_message = size
        message.n_fields = UInt32(rows.count)
        if !rows.isEmpty {
            let fields = UnsafeMutablePointer<ProtobufCFieldDescriptor>.allocate(capacity: rows.count)
            for (index, row) in rows.enumerated() {
                (fields + index).initialize(to: fieldDescriptor(row, entry: entries[index]))
            }
            message.fields = UnsafePointer(fields)
        }
        (message.field_ranges, message.n_field_ranges) = numberRanges(rows)
        message.reserved1 = UnsafeMutableRawPointer(header)
        descriptor.initialize(to: message)

        header.initialize(
            to: MessageTable.Header(
                descriptor: descriptor, size: size, room: room(rows), name: "\(name)",
                fields: zip(rows, entries).map { row, entry in
                    MessageTable.Field(
                        name: "\(row.name)", number: row.number, offset: row.offset, oneofCase: row.oneofCase,
                        entry: entry)
                }))
    }

    private func fieldDescriptor(_ row: FieldRow, entry: MessageTable?) -> ProtobufCFieldDescriptor {
        var field = ProtobufCFieldDescriptor()
        field.name = row.name.cString
        field.id = row.number
        field.offset = UInt32(row.offset)
        switch row.presence {
        case .optional:
            field.label = PROTOBUF_C_LABEL_OPTIONAL
            field.quantifier_offset = UInt32(row.hasOffset)
        case .oneof(let oneofCase):
            field.label = PROTOBUF_C_LABEL_OPTIONAL
            field.flags = PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue
            field.quantifier_offset = UInt32(oneofCase)
        case .repeated, .packed, .map:
            field.label = PROTOBUF_C_LABEL_REPEATED
            if case .packed = row.presence { field.flags = PROTOBUF_C_FIELD_FLAG_PACKED.rawValue }
            field.quantifier_offset = UInt32(row.offset)
            field.offset = UInt32(row.offset + 8)
        }
        field.type = PROTOBUF_C_TYPE_MESSAGE
        if let entry {
            field.descriptor = entry.descriptor
            return field
        }
        switch row.type.kind {
        case .scalar(let scalar): field.type = ProtobufCType(rawValue: scalar.rawValue)
        case .imported(let type): field.descriptor = type.table.descriptor
        case .local(let name):
            guard let descriptor = localMessages["\(name)"] else {
                preconditionFailure("\(self.name).\(row.name): no message \(name) in the same file")
            }
            field.descriptor = UnsafeRawPointer(descriptor)
        }
        return field
    }

    /// The table of a map's entries. It bears the map's own names, for errors.
    private func entryTable(for row: FieldRow) -> MessageTable? {
        guard case .map(let key) = row.presence else { return nil }
        let header = UnsafeMutablePointer<MessageTable.Header>.allocate(capacity: 1)
        let rows: [FieldRow] = [
            .optional(key, row.name, 1, at: MapEntry.key, has: MapEntry.hasKey),
            .optional(row.type, row.name, 2, at: MapEntry.value, has: MapEntry.hasValue),
        ]
        build(rows, header: header, descriptor: .allocate(capacity: 1))
        return MessageTable(header)
    }

    /// Runs of consecutive field numbers, closed by an empty one.
    private func numberRanges(_ rows: [FieldRow]) -> (UnsafePointer<ProtobufCIntRange>, UInt32) {
        var ranges: [ProtobufCIntRange] = []
        for (index, row) in rows.enumerated() where index == 0 || row.number != rows[index - 1].number + 1 {
            ranges.append(ProtobufCIntRange(start_value: Int32(row.number), orig_index: UInt32(index)))
        }
        let count = UInt32(ranges.count)
        ranges.append(ProtobufCIntRange(start_value: 0, orig_index: UInt32(rows.count)))
        let memory = UnsafeMutableBufferPointer<ProtobufCIntRange>.allocate(capacity: ranges.count)
        _ = memory.initialize(from: ranges)
        return (UnsafePointer(memory.baseAddress!), count)
    }

    /// Of a oneof's strings only one is set, which isn't worth telling apart.
    private func room(_ rows: [FieldRow]) -> Int { rows.filter(\.isSingularString).count * String.longestCopy }
}

extension FieldRow {
    fileprivate var oneofCase: Int? {
        if case .oneof(let offset) = presence { offset } else { nil }
    }

    fileprivate var isSingularString: Bool {
        switch (presence, type.kind) {
        case (.optional, .scalar(.bytes)), (.oneof, .scalar(.bytes)): true
        default: false
        }
    }

    /// Where the record's part for this field ends.
    fileprivate var end: Int {
        switch presence {
        case .repeated, .packed, .map: return offset + 16
        case .oneof(let oneofCase): return max(offset + 16, oneofCase + 4)
        case .optional: return max(offset + type.slotSize, hasOffset == 0 ? 0 : hasOffset + 4)
        }
    }
}

extension FieldType {
    fileprivate var slotSize: Int {
        switch kind {
        case .imported, .local: 8
        case .scalar(let scalar):
            switch scalar {
            case .int32, .sint32, .sfixed32, .uint32, .fixed32, .float, .enumeration: 4
            case .int64, .sint64, .sfixed64, .uint64, .fixed64, .double: 8
            case .bytes: 16
            }
        }
    }
}

extension StaticString {
    /// Static strings end with a NUL.
    fileprivate var cString: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
