/// Writes records in protobuf's text format.
struct TextWriter: ~Copyable {
    var out = ByteOutput()
    let options: TextFormatOptions
    var anyLevels = 0
    private var level = 0

    init(_ options: TextFormatOptions) { self.options = options }

    /// What stands between a message's braces.
    mutating func writeMessage(_ record: RecordReader, _ table: MessageTable) {
        if !writesExpanded(record, table) { writeFields(of: record, table) }
    }

    private mutating func writeFields(of record: RecordReader, _ table: MessageTable) {
        guard record.arena.descend() else {
            // The stack ends here.
            write(line: "…")
            return
        }
        for field in table.fields where field.isSet(in: record) { write(field, of: record) }
        writeUnknownFields(of: record, table)
        record.arena.ascend()
    }

    mutating func write(_ field: MessageTable.Field, named bracketed: String? = nil, of record: RecordReader) {
        let name = bracketed ?? field.textName
        switch field.presence {
        case .implicit, .optional, .required, .oneof:
            write(field.kind, at: record.base + field.offset, as: name, in: record.arena)
        case .repeated, .packed:
            let count: Int = record.load(at: field.offset)
            guard count > 0, let start: UnsafeRawPointer = record.load(at: field.offset + 8) else { return }
            for index in 0..<count {
                write(field.kind, at: start + index * field.kind.slotSize, as: name, in: record.arena)
            }
        case .map:
            guard let entries = field.entry else { return }
            for entry in record.sortedEntries(at: field.offset, by: entries.json.fields[0]) {
                open(name)
                write(entries.fields[0].kind, at: entry + MapEntry.key, as: "key", in: record.arena)
                write(entries.fields[1].kind, at: entry + MapEntry.value, as: "value", in: record.arena)
                close()
            }
        }
    }

    private mutating func write(
        _ kind: MessageTable.Field.Kind, at slot: UnsafeRawPointer, as name: String, in arena: Arena
    ) {
        switch kind {
        case .scalar(let scalar):
            startField(name)
            write(scalar, at: slot)
            endLine()
        case .enumeration(let table):
            let number = slot.load(as: Int32.self)
            startField(name)
            out.append(table.name(of: number) ?? "\(number)")
            endLine()
        case .message(let table), .group(let table):
            // A map's entry may come without its value, which then is the empty message.
            let record = RecordReader(slot.load(as: UnsafeRawPointer?.self) ?? table.emptyRecord, in: arena)
            open(name)
            writeMessage(record, table)
            close()
        }
    }

    private mutating func write(_ scalar: ScalarType, at slot: UnsafeRawPointer) {
        switch scalar {
        case .int32, .sint32, .sfixed32: out.append(Int64(slot.load(as: Int32.self)))
        case .int64, .sint64, .sfixed64: out.append(slot.load(as: Int64.self))
        case .uint32, .fixed32: out.append(UInt64(slot.load(as: UInt32.self)))
        case .uint64, .fixed64: out.append(slot.load(as: UInt64.self))
        case .float: write(slot.load(as: Float.self))
        case .double: write(slot.load(as: Double.self))
        case .bool: out.append(slot.load(as: UInt64.self) != 0 ? "true" : "false" as StaticString)
        case .string: writeString(slot.load(as: ByteSpan.self), keepsUTF8: true)
        case .bytes: writeString(slot.load(as: ByteSpan.self), keepsUTF8: false)
        }
    }

    private mutating func write<Number: BinaryFloatingPoint & CustomStringConvertible>(_ number: Number) {
        if number.isNaN {
            out.append("nan")
        } else if number.isInfinite {
            out.append(number < 0 ? "-inf" : "inf" as StaticString)
        } else {
            out.append(number: number)
        }
    }

    // MARK: Layout

    mutating func startField(_ name: String) {
        startLine()
        out.append(name)
        out.append(": ")
    }

    mutating func open(_ name: String) {
        startLine()
        out.append(name)
        out.append(" {")
        endLine()
        level += 1
    }

    mutating func close() {
        level -= 1
        write(line: "}")
    }

    private mutating func write(line: StaticString) {
        startLine()
        out.append(line)
        endLine()
    }

    private mutating func startLine() {
        if !options.isOneLine {
            out.append(repeating: UInt8(ascii: " "), count: 2 * level)
        } else if out.count > 0 {
            out.append(UInt8(ascii: " "))
        }
    }

    mutating func endLine() {
        if !options.isOneLine { out.append(UInt8(ascii: "\n")) }
    }
}

extension MessageTable.Field {
    /// Groups go by the name of their message, as they are declared.
    fileprivate var textName: String {
        guard case .group(let table) = kind, let last = table.name.split(separator: ".").last,
            last.lowercased() == name
        else { return name }
        return String(last)
    }

    fileprivate func isSet(in record: RecordReader) -> Bool {
        if let oneofCase { return record.oneofCase(at: oneofCase) == number }
        switch (presence, kind) {
        case (.repeated, _), (.packed, _), (.map, _): return record.load(at: offset) as Int > 0
        case (_, .message), (_, .group): return record.load(at: offset) as Int != 0
        default: return record.load(at: hasOffset) as Int32 != 0
        }
    }
}

extension MessageTable.Field.Kind {
    fileprivate var slotSize: Int {
        switch self {
        case .scalar(let scalar): scalar.slotSize
        case .enumeration: 4
        case .message, .group: 8
        }
    }
}
