extension TextWriter {
    /// How deeply unknown fields are looked into for messages.
    private static let mostUnknownLevels = 10

    /// Extensions that the registry knows, then the rest by number.
    mutating func writeUnknownFields(of record: RecordReader, _ table: MessageTable) {
        if record.load(at: 8) as UInt32 == 0 { return }
        guard var fields = try? record.unknownFields() else { return }
        for known in options.registry.extensions(of: table.name) {
            let arena = Arena.take()
            defer { arena.giveBack() }
            guard let found = try? known.record(of: fields, in: arena, limits: .default) else { continue }
            write(known.field, named: known.field.jsonName, of: found)
            known.remove(from: &fields)
        }
        // Groups are there as fields, too.
        let groups = table.fields.filter(\.isGroup).map(\.number)
        fields.bytes.withUnsafeBytes { bytes in
            var reader = WireReader(bytes)
            writeFields(&reader, except: groups, levels: Self.mostUnknownLevels)
        }
    }

    /// Writes well-formed fields up to the end, or to the end tag of the group that they are in.
    private mutating func writeFields(_ reader: inout WireReader, except skipped: [UInt32] = [], levels: Int) {
        while !reader.isAtEnd, let tag = try? reader.tag(), tag.form != .groupEnd {
            if skipped.contains(tag.number) {
                guard (try? reader.skipValue(of: tag)) != nil else { return }
            } else {
                write(tag, &reader, levels: levels)
            }
        }
    }

    private mutating func write(_ tag: WireTag, _ reader: inout WireReader, levels: Int) {
        let name = "\(tag.number)"
        switch tag.form {
        case .varint:
            guard let value = try? reader.varint() else { return }
            startField(name)
            out.append(value)
        case .fixed32:
            guard let value = try? reader.fixed32() else { return }
            startField(name)
            writeHex(UInt64(value), digits: 8)
        case .fixed64:
            guard let value = try? reader.fixed64() else { return }
            startField(name)
            writeHex(value, digits: 16)
        case .bytes:
            guard let bytes = try? reader.bytes() else { return }
            if levels > 0, bytes.holdsFields(levels: levels) {
                open(name)
                var inner = WireReader(bytes)
                writeFields(&inner, levels: levels - 1)
                close()
                return
            }
            startField(name)
            writeString(ByteSpan(bytes.baseAddress, count: bytes.count), keepsUTF8: false)
        case .groupStart:
            open(name)
            writeFields(&reader, levels: levels)
            close()
            return
        case .groupEnd: return
        }
        endLine()
    }

    private mutating func writeHex(_ value: UInt64, digits: Int) {
        out.append("0x")
        for digit in (0..<digits).reversed() {
            out.append(JSONText.hexDigit(UInt8(truncatingIfNeeded: value >> UInt64(4 * digit)) & 15))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes look like a message: at least one field, and nothing else.
    fileprivate func holdsFields(levels: Int) -> Bool {
        var reader = WireReader(self)
        var openGroups: [UInt32] = []
        while !reader.isAtEnd {
            guard let tag = try? reader.tag() else { return false }
            switch tag.form {
            case .groupStart:
                if openGroups.count == levels { return false }
                openGroups.append(tag.number)
            case .groupEnd: if openGroups.popLast() != tag.number { return false }
            default: if (try? reader.skip(tag.form)) == nil { return false }
            }
        }
        return !isEmpty && openGroups.isEmpty
    }
}

extension MessageTable.Field {
    fileprivate var isGroup: Bool { if case .group = kind { true } else { false } }
}
