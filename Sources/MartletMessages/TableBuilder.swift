internal import CProtobufC

/// Turns a message's rows into a libprotobuf-c descriptor. Nothing it allocates is ever freed.
struct TableBuilder {
    typealias Descriptor = UnsafeMutablePointer<ProtobufCMessageDescriptor>

    /// A message of the same file, whose memory may not be filled yet.
    struct LocalMessage {
        let header: UnsafePointer<MessageTable.Header>
        let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
    }

    let name: StaticString
    var form = MessageRows.Form.ordinary
    var localMessages: [String: LocalMessage] = [:]

    private static let baseSize = MemoryLayout<ProtobufCMessage>.size
    private static let magic: UInt32 = 0x28aa_eef9

    func build(_ rows: [FieldRow], header: UnsafeMutablePointer<MessageTable.Header>, descriptor: Descriptor) {
        let rows = rows.sorted { $0.number < $1.number }
        let size = ((rows.map(\.end).max() ?? Self.baseSize) + 7) & ~7
        let entries = rows.map { entryTable(for: $0) }
        // libprotobuf-c knows no groups.
        let known = zip(rows, entries).filter { row, _ in !row.type.isGroup }

        var message = ProtobufCMessageDescriptor()
        message.magic = Self.magic
        message.name = name.cString
        message.sizeof_message = MessageTable.recordSize(UnsafePointer(header))
        // The allocator has made the record already.
        message.message_init = { _ in }
        message.n_fields = UInt32(known.count)
        if !known.isEmpty {
            let fields = UnsafeMutablePointer<ProtobufCFieldDescriptor>.allocate(capacity: known.count)
            for (index, (row, entry)) in known.enumerated() {
                (fields + index).initialize(to: fieldDescriptor(row, entry: entry))
            }
            message.fields = UnsafePointer(fields)
        }
        (message.field_ranges, message.n_field_ranges) = numberRanges(known.map(\.0))
        message.reserved1 = UnsafeMutableRawPointer(header)
        descriptor.initialize(to: message)

        header.initialize(
            to: MessageTable.Header(
                descriptor: descriptor, size: size, room: room(rows),
                emptyRecord: emptyRecord(size, descriptor), name: "\(name)", form: form,
                fields: zip(rows, entries).map { field($0, entry: $1) }, json: MessageTable.makeJSONCell()))
    }

    private func field(_ row: FieldRow, entry: MessageTable?) -> MessageTable.Field {
        let presence: MessageTable.Field.Presence =
            switch row.presence {
            case .implicit: .implicit
            case .optional: .optional
            case .required: .required
            case .repeated: .repeated
            case .packed: .packed
            case .map: .map
            case .oneof: .oneof
            }
        let kind: MessageTable.Field.Kind =
            switch row.type.kind {
            case .scalar(let scalar): .scalar(scalar)
            case .enumeration(let type): .enumeration(type.enumTable)
            case .message(let reference): .message(table(of: reference, for: row))
            case .group(let reference): .group(table(of: reference, for: row))
            }
        let name = "\(row.name)"
        return MessageTable.Field(
            name: name, jsonName: row.jsonName.map { "\($0)" } ?? defaultJSONName(name), number: row.number,
            presence: presence, kind: kind, offset: row.offset, hasOffset: row.hasOffset, oneofCase: row.oneofCase,
            entry: entry)
    }

    private func defaultJSONName(_ name: String) -> String {
        form == .extensionField ? "[\(name)]" : Self.lowerCamelCase(name)
    }

    private func table(of reference: FieldType.MessageReference, for row: FieldRow) -> MessageTable {
        switch reference {
        case .imported(let type): type.table
        case .local(let name): MessageTable(local(name, for: row).header)
        }
    }

    private func local(_ name: StaticString, for row: FieldRow) -> LocalMessage {
        guard let message = localMessages["\(name)"] else {
            preconditionFailure("\(self.name).\(row.name): no message \(name) in the same file")
        }
        return message
    }

    /// The name in JSON of a field without `json_name`: `display_name` → `displayName`, as protoc makes it.
    private static func lowerCamelCase(_ name: String) -> String {
        var result: [UInt8] = []
        var isUpper = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isUpper = true
            } else {
                result.append(isUpper && UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte ? byte - 32 : byte)
                isUpper = false
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func fieldDescriptor(_ row: FieldRow, entry: MessageTable?) -> ProtobufCFieldDescriptor {
        var field = ProtobufCFieldDescriptor()
        field.name = row.name.cString
        field.id = row.number
        field.offset = UInt32(row.offset)
        switch row.presence {
        case .implicit, .optional, .required:
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
        case .scalar(let scalar): field.type = scalar.cType
        case .enumeration: field.type = PROTOBUF_C_TYPE_ENUM
        case .message(.imported(let type)): field.descriptor = type.table.descriptor
        case .message(.local(let name)): field.descriptor = UnsafeRawPointer(local(name, for: row).descriptor)
        case .group: preconditionFailure("libprotobuf-c knows no groups")
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

    private func emptyRecord(_ size: Int, _ descriptor: Descriptor) -> UnsafeRawPointer {
        let record = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        record.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        record.storeBytes(of: descriptor, as: Descriptor.self)
        return UnsafeRawPointer(record)
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
    private func room(_ rows: [FieldRow]) -> Int {
        rows.filter(\.isSingularString).count * ((String.longestCopy + 7) & ~7)
    }
}

extension FieldRow {
    fileprivate var oneofCase: Int? {
        if case .oneof(let offset) = presence { offset } else { nil }
    }

    fileprivate var isSingularString: Bool {
        switch (presence, type.kind) {
        case (.implicit, .scalar(.string)), (.optional, .scalar(.string)), (.required, .scalar(.string)),
            (.oneof, .scalar(.string)):
            true
        default: false
        }
    }

    /// Where the record's part for this field ends.
    fileprivate var end: Int {
        switch presence {
        case .repeated, .packed, .map: return offset + 16
        case .oneof(let oneofCase): return max(offset + 16, oneofCase + 4)
        case .implicit, .optional, .required:
            return max(offset + type.slotSize, hasOffset == 0 ? 0 : hasOffset + 4)
        }
    }
}

extension FieldType {
    fileprivate var slotSize: Int {
        switch kind {
        case .message, .group: 8
        case .enumeration: 4
        case .scalar(let scalar): scalar.slotSize
        }
    }

    fileprivate var isGroup: Bool { if case .group = kind { true } else { false } }
}

extension ScalarType {
    /// What libprotobuf-c is told that the record holds.
    fileprivate var cType: ProtobufCType {
        switch self {
        case .int32: PROTOBUF_C_TYPE_INT32
        case .sint32: PROTOBUF_C_TYPE_SINT32
        case .sfixed32: PROTOBUF_C_TYPE_SFIXED32
        case .int64: PROTOBUF_C_TYPE_INT64
        case .sint64: PROTOBUF_C_TYPE_SINT64
        case .sfixed64: PROTOBUF_C_TYPE_SFIXED64
        case .uint32: PROTOBUF_C_TYPE_UINT32
        case .fixed32: PROTOBUF_C_TYPE_FIXED32
        case .uint64, .bool: PROTOBUF_C_TYPE_UINT64
        case .fixed64: PROTOBUF_C_TYPE_FIXED64
        case .float: PROTOBUF_C_TYPE_FLOAT
        case .double: PROTOBUF_C_TYPE_DOUBLE
        case .string, .bytes: PROTOBUF_C_TYPE_BYTES
        }
    }
}

extension StaticString {
    /// Static strings end with a NUL.
    fileprivate var cString: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
