internal import CProtobufC

/// A record that a parser fills, laid out as ``FieldRow`` says.
struct ParsedRecord {
    let base: UnsafeMutableRawPointer
    let table: MessageTable

    /// A value as a slot holds it.
    enum Slot {
        case bits32(UInt32)
        case bits64(UInt64)
        case span(ByteSpan)
        case pointer(UnsafeMutableRawPointer)
    }

    /// An empty record.
    init(_ table: MessageTable, in arena: Arena, for reader: WireReader) throws(ParseFailure) {
        self.table = table
        base = try arena.allocate(table.size, for: reader)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: table.size)
        base.storeBytes(of: table.descriptor, as: UnsafeRawPointer.self)
    }

    /// Sets a singular field, or adds to a list.
    func store(
        _ value: Slot, _ field: MessageTable.Field, in arena: Arena, for reader: WireReader
    ) throws(ParseFailure) {
        let slot = field.isList ? try newElement(field, in: arena, for: reader) : claim(field)
        switch value {
        case .bits32(let bits): slot.storeBytes(of: bits, as: UInt32.self)
        case .bits64(let bits): slot.storeBytes(of: bits, as: UInt64.self)
        case .span(let span): slot.storeBytes(of: span, as: ByteSpan.self)
        case .pointer(let pointer): slot.storeBytes(of: pointer, as: UnsafeMutableRawPointer.self)
        }
    }

    /// The slot of a singular field, which from now on is set.
    private func claim(_ field: MessageTable.Field) -> UnsafeMutableRawPointer {
        let slot = base + field.offset
        if let oneofCase = field.oneofCase {
            // The whole slot, of which another member may have used more.
            slot.storeBytes(of: (0, 0), as: (UInt64, UInt64).self)
            base.storeBytes(of: field.number, toByteOffset: oneofCase, as: UInt32.self)
        } else if field.hasOffset != 0 {
            base.storeBytes(of: 1, toByteOffset: field.hasOffset, as: Int32.self)
        }
        return slot
    }

    /// The message that a singular field holds.
    func message(_ field: MessageTable.Field, _ table: MessageTable) -> ParsedRecord? {
        if field.isList { return nil }
        if let oneofCase = field.oneofCase,
            base.load(fromByteOffset: oneofCase, as: UInt32.self) != field.number
        {
            return nil
        }
        let message = base.load(fromByteOffset: field.offset, as: UnsafeMutableRawPointer?.self)
        return message.map { ParsedRecord(base: $0, table: table) }
    }

    private init(base: UnsafeMutableRawPointer, table: MessageTable) {
        self.base = base
        self.table = table
    }
}

// MARK: - Lists

extension ParsedRecord {
    /// The number of elements of a list, 0 for other fields.
    func count(of field: MessageTable.Field) -> Int {
        field.isList ? base.load(fromByteOffset: field.offset, as: Int.self) : 0
    }

    /// Makes room for further elements.
    func reserve(
        _ added: Int, _ field: MessageTable.Field, in arena: Arena, for reader: WireReader
    ) throws(ParseFailure) {
        let count = count(of: field)
        let capacity = Self.capacity(count + added, least: 4)
        guard capacity > Self.capacity(count, least: 4) else { return }
        let larger = try arena.allocate(capacity * field.elementSize, for: reader)
        if let elements = base.load(fromByteOffset: field.offset + 8, as: UnsafeMutableRawPointer?.self) {
            larger.copyMemory(from: elements, byteCount: count * field.elementSize)
        }
        base.storeBytes(of: larger, toByteOffset: field.offset + 8, as: UnsafeMutableRawPointer.self)
    }

    private func newElement(
        _ field: MessageTable.Field, in arena: Arena, for reader: WireReader
    ) throws(ParseFailure) -> UnsafeMutableRawPointer {
        try reserve(1, field, in: arena, for: reader)
        let count = count(of: field)
        base.storeBytes(of: count + 1, toByteOffset: field.offset, as: Int.self)
        let elements = base.load(fromByteOffset: field.offset + 8, as: UnsafeMutableRawPointer.self)
        return elements + count * field.elementSize
    }

    /// The room that `count` elements have, which no record says: powers of two.
    private static func capacity(_ count: Int, least: Int) -> Int {
        count == 0 ? 0 : max(least, 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount))
    }
}

// MARK: - Unknown fields

extension ParsedRecord {
    /// Adds a field's tag and value, to the only unknown field that the record has: the first one's tag, and as its
    /// data all that follows.
    func keepUnknown(_ tag: WireTag, _ value: Range<UnsafeRawPointer>, in arena: Arena) throws(ParseFailure) {
        typealias Field = ProtobufCMessageUnknownField
        let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
        let bits = tag.number << 3 | UInt32(tag.form.rawValue)
        let added = bits.varintSize + (value.upperBound - value.lowerBound)
        let place = WireReader(UnsafeRawBufferPointer(start: value.lowerBound, count: 0))
        if message.pointee.n_unknown_fields == 0 {
            let field = try arena.allocate(MemoryLayout<Field>.size, for: place).assumingMemoryBound(to: Field.self)
            field.initialize(
                to: Field(tag: tag.number, wire_type: ProtobufCWireType(rawValue: bits & 7), len: 0, data: nil))
            message.pointee.unknown_fields = field
            message.pointee.n_unknown_fields = 1
        }
        let field = message.pointee.unknown_fields.unsafelyUnwrapped
        let firstTag = field.pointee.tag << 3 | field.pointee.wire_type.rawValue
        let size = field.pointee.data == nil ? 0 : field.pointee.len + firstTag.varintSize
        var bytes = field.pointee.data.map { UnsafeMutableRawPointer($0) - firstTag.varintSize }
        let capacity = Self.capacity(size + added, least: 32)
        if capacity > Self.capacity(size, least: 32) {
            let larger = try arena.allocate(capacity, for: place)
            if let bytes { larger.copyMemory(from: bytes, byteCount: size) }
            bytes = larger
        }
        let start = bytes.unsafelyUnwrapped
        let position = (start + size).writeVarint(bits)
        position.copyMemory(from: value.lowerBound, byteCount: value.upperBound - value.lowerBound)
        field.pointee.len = size + added - firstTag.varintSize
        field.pointee.data = (start + firstTag.varintSize).assumingMemoryBound(to: UInt8.self)
    }
}

// MARK: - Map entries

extension ParsedRecord {
    /// An entry's key, for paths. Nil where it hasn't come yet.
    var key: String? { RecordReader.entryKey(base, table) }

    /// What an entry's missing enum value means: the enum's first.
    func setDefault(_ number: Int32) {
        if base.load(fromByteOffset: MapEntry.hasValue, as: Int32.self) == 0 {
            base.storeBytes(of: number, toByteOffset: MapEntry.value, as: Int32.self)
        }
    }

    /// Says that an entry has both its key and its value, which may be their types' defaults, and nothing else.
    func markComplete() {
        base.storeBytes(of: 0, toByteOffset: 8, as: UInt32.self)
        base.storeBytes(of: 1, toByteOffset: MapEntry.hasKey, as: Int32.self)
        base.storeBytes(of: 1, toByteOffset: MapEntry.hasValue, as: Int32.self)
    }
}

extension Arena {
    /// A block, within the budget.
    func allocate(_ size: Int, for reader: WireReader) throws(ParseFailure) -> UnsafeMutableRawPointer {
        guard let block = tryAllocate(size) else {
            throw ParseFailure(.overBudget(limit: state.pointee.budget), at: reader.position)
        }
        return block
    }
}
