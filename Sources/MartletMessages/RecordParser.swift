/// Reads protobuf's binary form into records, as all other implementations do: messages that come twice are merged,
/// the last of other values wins, packed and unpacked lists are both taken, groups are read, and what doesn't fit
/// the schema is kept as unknown fields (https://protobuf.dev/programming-guides/encoding).
///
/// Slower than libprotobuf-c, and used only on what that one gets wrong, and to say what is wrong with bytes that
/// nobody can read. The arena's budget, its count of levels and its stack bound what it uses.
struct RecordParser {
    let arena: Arena
    /// Whether a closed enum had a number that it doesn't know.
    private var sawUnknownNumber = false

    init(in arena: Arena) { self.arena = arena }

    /// A record of `bytes`; a level has been entered for it.
    mutating func parse(
        _ bytes: UnsafeRawBufferPointer, as table: MessageTable
    ) throws(ParseFailure) -> ParsedRecord {
        var reader = WireReader(bytes)
        let record = try ParsedRecord(table, in: arena, for: reader)
        try parseFields(&reader, into: record, group: nil)
        return record
    }

    /// Up to the end of the bytes, or behind the end tag of the group that is being read.
    private mutating func parseFields(
        _ reader: inout WireReader, into record: ParsedRecord, group: UInt32?
    ) throws(ParseFailure) {
        guard arena.descend() else {
            throw ParseFailure(.tooDeep(limit: arena.depthLimit), at: reader.position)
        }
        var search = FieldSearch(record.table)
        while !reader.isAtEnd {
            let start = reader
            let tag = try reader.tag()
            if tag.form == .groupEnd {
                guard tag.number == group else { throw ParseFailure(.groupEnd, at: start.position) }
                arena.ascend()
                return
            }
            let value = reader
            if let index = search.index(of: tag.number),
                try parse(record.table.fields[index], tag, &reader, into: record)
            {
                continue
            }
            reader = value
            try skip(tag, &reader)
            try record.keepUnknown(tag, value.position..<reader.position, in: arena)
        }
        if group != nil { throw ParseFailure(.unendedGroup, at: reader.position) }
        arena.ascend()
    }

    /// False where the value's form doesn't fit the field.
    private mutating func parse(
        _ field: MessageTable.Field, _ tag: WireTag, _ reader: inout WireReader, into record: ParsedRecord
    ) throws(ParseFailure) -> Bool {
        if let entry = field.entry {
            return tag.form == .bytes ? try parseEntry(entry, field, &reader, into: record) : false
        }
        do throws(ParseFailure) {
            switch field.kind {
            case .scalar(let scalar):
                if tag.form == scalar.wireForm {
                    let value = try reader.scalar(scalar, in: arena)
                    try record.store(value, field, in: arena, for: reader)
                } else if tag.form == .bytes && field.isList {
                    try parsePacked(scalar, field, try reader.bytes(), into: record)
                } else {
                    return false
                }
            case .enumeration(let table):
                if tag.form == .varint {
                    let number = Int32(truncatingIfNeeded: try reader.varint())
                    guard knows(number, table) else { return false }
                    try record.store(.bits32(UInt32(bitPattern: number)), field, in: arena, for: reader)
                } else if tag.form == .bytes && field.isList {
                    try parsePacked(table, field, try reader.bytes(), into: record)
                } else {
                    return false
                }
            case .message(let table):
                guard tag.form == .bytes else { return false }
                var content = WireReader(try reader.bytes())
                try parseMessage(table, field, &content, into: record, group: nil)
            case .group(let table):
                guard tag.form == .groupStart else { return false }
                try parseMessage(table, field, &reader, into: record, group: tag.number)
            }
            return true
        } catch {
            throw error.within(field.step(count: record.count(of: field)))
        }
    }

    private mutating func knows(_ number: Int32, _ table: EnumTable) -> Bool {
        if !table.isClosed || table.contains(number) { return true }
        sawUnknownNumber = true
        return false
    }

    /// A singular message is merged into the one that is there.
    private mutating func parseMessage(
        _ table: MessageTable, _ field: MessageTable.Field, _ reader: inout WireReader, into record: ParsedRecord,
        group: UInt32?
    ) throws(ParseFailure) {
        if let earlier = record.message(field, table) {
            try parseFields(&reader, into: earlier, group: group)
        } else {
            let message = try ParsedRecord(table, in: arena, for: reader)
            try parseFields(&reader, into: message, group: group)
            try record.store(.pointer(message.base), field, in: arena, for: reader)
        }
    }
}

// MARK: - Lists, maps and unknown fields

extension RecordParser {
    private mutating func parsePacked(
        _ scalar: ScalarType, _ field: MessageTable.Field, _ bytes: UnsafeRawBufferPointer, into record: ParsedRecord
    ) throws(ParseFailure) {
        var reader = WireReader(bytes)
        try record.reserve(try reader.count(of: scalar), field, in: arena, for: reader)
        while !reader.isAtEnd {
            let value = try reader.scalar(scalar, in: arena)
            try record.store(value, field, in: arena, for: reader)
        }
    }

    /// Numbers that a closed enum doesn't know become unknown fields, each of its own.
    private mutating func parsePacked(
        _ table: EnumTable, _ field: MessageTable.Field, _ bytes: UnsafeRawBufferPointer, into record: ParsedRecord
    ) throws(ParseFailure) {
        var reader = WireReader(bytes)
        while !reader.isAtEnd {
            let start = reader.position
            let number = Int32(truncatingIfNeeded: try reader.varint())
            if knows(number, table) {
                try record.store(.bits32(UInt32(bitPattern: number)), field, in: arena, for: reader)
            } else {
                let tag = WireTag(number: field.number, form: .varint)
                try record.keepUnknown(tag, start..<reader.position, in: arena)
            }
        }
    }

    /// An entry whose value is a number that a closed enum doesn't know is an unknown field as a whole: false then.
    private mutating func parseEntry(
        _ table: MessageTable, _ field: MessageTable.Field, _ reader: inout WireReader, into record: ParsedRecord
    ) throws(ParseFailure) -> Bool {
        var entry: ParsedRecord?
        do throws(ParseFailure) {
            var content = WireReader(try reader.bytes())
            let new = try ParsedRecord(table, in: arena, for: reader)
            entry = new
            sawUnknownNumber = false
            // Only the value counts as a level.
            arena.ascend()
            try parseFields(&content, into: new, group: nil)
            arena.state.pointee.levelsLeft -= 1
            if case .enumeration(let values) = field.kind {
                if sawUnknownNumber { return false }
                new.setDefault(values.values[0].number)
            }
            new.markComplete()
            try record.store(.pointer(new.base), field, in: arena, for: reader)
            return true
        } catch {
            throw error.within(field, key: entry?.key)
        }
    }

    /// Skips a value. Groups within it count as levels.
    private mutating func skip(_ tag: WireTag, _ reader: inout WireReader) throws(ParseFailure) {
        guard tag.form == .groupStart else { return try reader.skip(tag.form) }
        guard arena.descend() else { throw ParseFailure(.tooDeep(limit: arena.depthLimit), at: reader.position) }
        while true {
            if reader.isAtEnd { throw ParseFailure(.unendedGroup, at: reader.position) }
            let start = reader.position
            let inner = try reader.tag()
            if inner.form == .groupEnd {
                guard inner.number == tag.number else { throw ParseFailure(.groupEnd, at: start) }
                break
            }
            try skip(inner, &reader)
        }
        arena.ascend()
    }
}
