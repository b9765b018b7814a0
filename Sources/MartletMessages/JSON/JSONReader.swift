/// Reads JSON into records.
struct JSONReader {
    var scanner: JSONScanner
    let options: JSONDecodingOptions

    var arena: Arena { scanner.arena }

    /// Reads a whole text.
    static func read<M: GeneratedMessage>(
        _ text: UnsafeBufferPointer<UInt8>, _ options: JSONDecodingOptions, in arena: Arena
    ) throws(JSONDecodingError) -> M {
        guard text.count > 0 else {
            throw JSONDecodingError(.notJSON, "expected a value, found the end of the text", line: 1, column: 1)
        }
        arena.prepare(options.limits, size: text.count)
        let scanner = JSONScanner(text, arena: arena, limits: options.limits)
        try scanner.checkUTF8()
        var reader = JSONReader(scanner: scanner, options: options)
        reader.scanner.skipSpace()
        let record = try reader.readMessage(M.table)
        reader.scanner.skipSpace()
        guard reader.scanner.position == reader.scanner.end else {
            throw reader.scanner.error(.notJSON, "the text goes on after its value")
        }
        return try reader.value(of: record)
    }

    /// The Swift value of a record.
    func value<M: GeneratedMessage>(of record: UnsafeMutableRawPointer) throws(JSONDecodingError) -> M {
        try scanner.descend()
        do throws(DecodingError) {
            let message = try M(reading: RecordReader(record, in: arena))
            arena.ascend()
            return message
        } catch {
            throw scanner.error(error.isTooDeep ? .tooDeep : .wrongValue, "\(error)")
        }
    }

    mutating func readMessage(_ table: MessageTable) throws(JSONDecodingError) -> UnsafeMutableRawPointer {
        try scanner.descend()
        let record = try makeRecord(table)
        let json = table.json
        if let wellKnown = json.wellKnown {
            try read(wellKnown, into: record, json.fields)
        } else {
            try readObject(json, into: record)
        }
        arena.ascend()
        return record
    }

    func makeRecord(_ table: MessageTable) throws(JSONDecodingError) -> UnsafeMutableRawPointer {
        let size = table.size
        let record = try scanner.allocate(size)
        record.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        record.storeBytes(of: table.descriptor, as: UnsafeRawPointer.self)
        return record
    }

    /// - Parameter isPacked: Whether the object is that of an `Any`, whose `@type` is no field.
    mutating func readObject(
        _ table: JSONTable, into record: UnsafeMutableRawPointer, isPacked: Bool = false
    ) throws(JSONDecodingError) {
        let start = scanner.position
        try scanner.openObject()
        let fields = table.fields
        let seen = try JSONFieldSet(count: fields.count, scanner)
        if !scanner.take(UInt8(ascii: "}")) {
            var guess = 0
            var hasType = false
            var extensions = JSONExtensions()
            repeat {
                let place = scanner.position
                let name = try scanner.name()
                if let index = table.index(of: name, guess: guess) {
                    guard seen.insert(index) else {
                        throw scanner.error(.duplicate, "the field comes twice", at: place).inside(field: fields[index])
                    }
                    guess = index + 1
                    try readField(fields[index], into: record)
                } else if isPacked, name.isText("@type") {
                    if hasType { throw scanner.error(.duplicate, "the member \"@type\" comes twice", at: place) }
                    hasType = true
                    _ = try scanner.string()
                } else if let field = knownExtension(name, of: record) {
                    try readExtension(field, &extensions, at: place)
                } else {
                    try readUnknown(name, at: place)
                }
            } while try scanner.takesSeparator(orEnd: UInt8(ascii: "}"))
            if !extensions.fields.isEmpty { try store(extensions.fields, in: record) }
        }
        if table.hasRequired { try checkRequired(fields, record, object: start) }
    }
}

extension JSONReader {
    private func checkRequired(
        _ fields: UnsafeBufferPointer<JSONField>, _ record: UnsafeMutableRawPointer,
        object start: UnsafePointer<UInt8>
    ) throws(JSONDecodingError) {
        for field in fields where field.isRequired {
            let isThere =
                field.kind == .message
                ? record.load(fromByteOffset: field.offset, as: Int.self) != 0
                : record.load(fromByteOffset: field.hasOffset, as: Int32.self) != 0
            if !isThere {
                throw scanner.error(.missingRequiredField, "the required field is missing", at: start)
                    .inside(field: field)
            }
        }
    }

    mutating func readUnknown(_ name: ByteSpan, at place: UnsafePointer<UInt8>) throws(JSONDecodingError) {
        if !options.ignoresUnknownFields {
            let name = String(decoding: name.bytes, as: UTF8.self)
            throw scanner.error(
                .unknownField,
                "no field is named \"\(name)\": correct the name, or let JSONDecodingOptions ignore unknown fields",
                at: place)
        }
        try scanner.skipValue()
    }
}

/// Which of a message's fields have come. Lies in the scratch memory.
private struct JSONFieldSet {
    private let words: UnsafeMutablePointer<UInt64>

    init(count: Int, _ scanner: JSONScanner) throws(JSONDecodingError) {
        let wordCount = (count + 63) / 64
        words = try scanner.allocate(wordCount * 8).bindMemory(to: UInt64.self, capacity: wordCount)
        words.initialize(repeating: 0, count: wordCount)
    }

    /// False where it is in already.
    @inline(__always)
    func insert(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(index & 63)
        if words[index >> 6] & bit != 0 { return false }
        words[index >> 6] |= bit
        return true
    }
}

extension Arena {
    /// Bounds what reading a text of `size` bytes may use.
    fileprivate func prepare(_ limits: DecodingLimits, size: Int) {
        limit(to: limits.memory ?? max(1 << 20, 64 * size))
        state.pointee.refusal = nil
        state.pointee.depthLimit = limits.depth
        state.pointee.levelsLeft = limits.depth
    }
}

extension DecodingError {
    fileprivate var isTooDeep: Bool { if case .tooDeep = reason { true } else { false } }
}
