extension JSONReader {
    mutating func readField(_ field: JSONField, into record: UnsafeMutableRawPointer) throws(JSONDecodingError) {
        // Null says that there is no value.
        if scanner.byte == UInt8(ascii: "n"), field.isRepeated || field.isMap || !field.takesNull,
            scanner.take(word: "null")
        {
            return
        }
        do throws(JSONDecodingError) {
            if field.isRepeated {
                try readList(field, into: record)
            } else if field.isMap {
                try readMap(field, into: record)
            } else {
                try readSingular(field, into: record)
            }
        } catch {
            throw error.inside(field: field)
        }
    }

    private mutating func readSingular(
        _ field: JSONField, into record: UnsafeMutableRawPointer
    ) throws(JSONDecodingError) {
        if field.oneofCase > 0, record.load(fromByteOffset: field.oneofCase, as: UInt32.self) != 0 {
            throw scanner.error(.duplicate, "another field of the same oneof has come before: only one may be set")
        }
        if try readValue(field, to: record + field.offset) { field.mark(in: record) }
    }

    /// Reads one value into its slot. False where it is an enum's name that the options let pass.
    mutating func readValue(_ field: JSONField, to slot: UnsafeMutableRawPointer) throws(JSONDecodingError) -> Bool {
        switch field.kind {
        case .int32: slot.storeBytes(of: try integer(Int32.self), as: Int32.self)
        case .uint32: slot.storeBytes(of: try integer(UInt32.self), as: UInt32.self)
        case .int64: slot.storeBytes(of: try integer(Int64.self), as: Int64.self)
        case .uint64: slot.storeBytes(of: try integer(UInt64.self), as: UInt64.self)
        case .float: slot.storeBytes(of: try floating("float", \.float), as: Float.self)
        case .double: slot.storeBytes(of: try floating("double", \.double), as: Double.self)
        case .bool: slot.storeBytes(of: try bool() ? 1 : 0, as: UInt64.self)
        case .string: slot.storeBytes(of: try scanner.string(), as: ByteSpan.self)
        case .bytes: slot.storeBytes(of: try bytes(), as: ByteSpan.self)
        case .message: slot.storeBytes(of: try readMessage(field.table), as: UnsafeMutableRawPointer.self)
        case .nullValue:
            if !scanner.take(word: "null") { return try readEnum(field, to: slot) }
            slot.storeBytes(of: 0, as: Int32.self)
        case .enumeration: return try readEnum(field, to: slot)
        }
        return true
    }

    mutating func readList(_ field: JSONField, into record: UnsafeMutableRawPointer) throws(JSONDecodingError) {
        try scanner.openArray()
        if scanner.take(UInt8(ascii: "]")) { return }
        var list = JSONList(slotSize: field.kind.slotSize)
        var index = 0
        repeat {
            let slot = try list.next(scanner)
            do throws(JSONDecodingError) {
                if try readValue(field, to: slot) { list.keep() }
            } catch {
                throw error.inside(index: index)
            }
            index += 1
        } while try scanner.takesSeparator(orEnd: UInt8(ascii: "]"))
        list.store(in: record, at: field.offset)
    }

    private mutating func readEnum(
        _ field: JSONField, to slot: UnsafeMutableRawPointer
    ) throws(JSONDecodingError) -> Bool {
        let table = field.enumTable
        let place = scanner.position
        if scanner.byte == UInt8(ascii: "\"") {
            let name = String(decoding: try scanner.string().bytes, as: UTF8.self)
            if let number = table.number(of: name) {
                slot.storeBytes(of: number, as: Int32.self)
                return true
            }
            if options.ignoresUnknownFields { return false }
            throw scanner.error(.wrongValue, "\(table.name) has no value named \"\(name)\"", at: place)
        }
        guard scanner.byte == UInt8(ascii: "-") || scanner.byte.isDigit else {
            throw scanner.unexpected("the name or number of an enum's value")
        }
        let number = try integer(Int32.self)
        if table.isClosed, !table.contains(number) {
            if options.ignoresUnknownFields { return false }
            throw scanner.error(.wrongValue, "\(table.name) has no value with the number \(number)", at: place)
        }
        slot.storeBytes(of: number, as: Int32.self)
        return true
    }
}

extension JSONField {
    /// Says in the record that the field is set.
    func mark(in record: UnsafeMutableRawPointer) {
        if oneofCase > 0 {
            record.storeBytes(of: number, toByteOffset: oneofCase, as: UInt32.self)
        } else if hasOffset > 0 {
            record.storeBytes(of: 1, toByteOffset: hasOffset, as: Int32.self)
        }
    }
}

/// A repeated field's array in the scratch memory, which doubles as it grows.
struct JSONList {
    private let slotSize: Int
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0
    private var count = 0

    init(slotSize: Int) { self.slotSize = slotSize }

    /// The slot of the next value.
    @inline(__always)
    mutating func next(_ scanner: JSONScanner) throws(JSONDecodingError) -> UnsafeMutableRawPointer {
        if count == capacity { try grow(scanner) }
        return start.unsafelyUnwrapped + count &* slotSize
    }

    /// Makes the value of the slot handed out last part of the list.
    @inline(__always)
    mutating func keep() { count &+= 1 }

    func store(in record: UnsafeMutableRawPointer, at offset: Int) {
        record.storeBytes(of: count, toByteOffset: offset, as: Int.self)
        record.storeBytes(of: start, toByteOffset: offset + 8, as: UnsafeMutableRawPointer?.self)
    }

    private mutating func grow(_ scanner: JSONScanner) throws(JSONDecodingError) {
        let larger = try scanner.allocate(max(8, 2 * capacity) * slotSize)
        if let start { larger.copyMemory(from: start, byteCount: count * slotSize) }
        start = larger
        capacity = max(8, 2 * capacity)
    }
}
