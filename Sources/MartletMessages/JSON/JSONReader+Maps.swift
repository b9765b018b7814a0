extension JSONReader {
    mutating func readMap(_ map: JSONField, into record: UnsafeMutableRawPointer) throws(JSONDecodingError) {
        let table = map.entryTable
        let fields = table.json.fields
        let (key, value) = (fields[0], fields[1])
        try scanner.openObject()
        if scanner.take(UInt8(ascii: "}")) { return }
        var entries = JSONList(slotSize: 8)
        var keys = MapKeys(areStrings: key.kind == .string)
        repeat {
            let place = scanner.position
            let name = try scanner.name()
            let entry = try makeRecord(table)
            do throws(JSONDecodingError) {
                try readKey(key, name, into: entry, at: place)
                guard keys.insert(entry) else {
                    throw scanner.error(.duplicate, "the key comes twice", at: place)
                }
                if scanner.byte == UInt8(ascii: "n"), !value.takesNull {
                    throw scanner.unexpected("a value for the key")
                }
                if try readValue(value, to: entry + value.offset) {
                    value.mark(in: entry)
                    let slot = try entries.next(scanner)
                    slot.storeBytes(of: entry, as: UnsafeMutableRawPointer.self)
                    entries.keep()
                }
            } catch {
                throw error.inside(key: name)
            }
        } while try scanner.takesSeparator(orEnd: UInt8(ascii: "}"))
        entries.store(in: record, at: map.offset)
    }

    /// Keys are strings in JSON, whatever their type.
    private func readKey(
        _ key: JSONField, _ text: ByteSpan, into entry: UnsafeMutableRawPointer, at place: UnsafePointer<UInt8>
    ) throws(JSONDecodingError) {
        let slot = entry + key.offset
        func store<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(JSONDecodingError) {
            guard let value = JSONNumber(whole: text)?.integer(type) else {
                throw scanner.error(
                    .wrongValue, "the key isn't a whole number from \(Integer.min) to \(Integer.max)", at: place)
            }
            slot.storeBytes(of: value, as: Integer.self)
        }
        switch key.kind {
        case .int32: try store(Int32.self)
        case .uint32: try store(UInt32.self)
        case .int64: try store(Int64.self)
        case .uint64: try store(UInt64.self)
        case .bool:
            guard text.isText("true") || text.isText("false") else {
                throw scanner.error(.wrongValue, "the key is neither \"true\" nor \"false\"", at: place)
            }
            slot.storeBytes(of: text.isText("true") ? 1 : 0, as: UInt64.self)
        default: slot.storeBytes(of: text, as: ByteSpan.self)
        }
        key.mark(in: entry)
    }
}

/// The keys that have come in one map. Few of them are compared one by one, which costs less than hashing them.
private struct MapKeys {
    private static let few = 8

    private let areStrings: Bool
    private var first: [8 of UnsafeRawPointer?] = .init(repeating: nil)
    private var count = 0
    private var all: Set<MapKey> = []

    init(areStrings: Bool) { self.areStrings = areStrings }

    /// False where the key of the entry has come before.
    mutating func insert(_ entry: UnsafeMutableRawPointer) -> Bool {
        let key = MapKey(entry, isString: areStrings)
        if count > Self.few { return all.insert(key).inserted }
        for index in 0..<count {
            guard let other = first[index] else { break }
            if MapKey(other, isString: areStrings) == key { return false }
        }
        if count < Self.few {
            first[count] = UnsafeRawPointer(entry)
        } else {
            for index in 0..<count {
                if let other = first[index] { all.insert(MapKey(other, isString: areStrings)) }
            }
            all.insert(key)
        }
        count += 1
        return true
    }
}

/// A map's key in an entry's record.
private struct MapKey: Hashable {
    /// The bytes of a string's slot, or a number, whose slot is followed by zeros.
    let span: ByteSpan
    let isString: Bool

    init(_ entry: UnsafeRawPointer, isString: Bool) {
        span = entry.load(fromByteOffset: MapEntry.key, as: ByteSpan.self)
        self.isString = isString
    }

    static func == (a: MapKey, b: MapKey) -> Bool {
        a.isString ? a.span.hasSameBytes(as: b.span) : a.span.count == b.span.count
    }

    func hash(into hasher: inout Hasher) {
        if isString {
            hasher.combine(bytes: UnsafeRawBufferPointer(span.bytes))
        } else {
            hasher.combine(span.count)
        }
    }
}
