extension JSONReader {
    mutating func read(
        _ type: WellKnownType, into record: UnsafeMutableRawPointer, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONDecodingError) {
        switch type {
        case .any: try readAny(into: record, fields)
        case .timestamp:
            try readTime(
                into: record, fields, TimestampText.parse,
                """
                expected a time of the form 2001-02-03T04:05:06.789Z, from 0001-01-01T00:00:00Z to \
                9999-12-31T23:59:59.999999999Z
                """)
        case .duration:
            try readTime(
                into: record, fields, DurationText.parse,
                "expected seconds of the form 1.5s, from -315576000000s to 315576000000s")
        case .fieldMask: try readFieldMask(into: record, fields[0])
        case .structure: try readMap(fields[0], into: record)
        case .listValue: try readList(fields[0], into: record)
        case .value: try readJSONValue(into: record, fields)
        case .wrapper:
            if try readValue(fields[0], to: record + fields[0].offset) { fields[0].mark(in: record) }
        }
    }

    /// A timestamp or a duration.
    private mutating func readTime(
        into record: UnsafeMutableRawPointer, _ fields: UnsafeBufferPointer<JSONField>,
        _ parse: (UnsafeBufferPointer<UInt8>) -> (seconds: Int64, nanos: Int32)?, _ problem: String
    ) throws(JSONDecodingError) {
        let place = scanner.position
        guard let time = parse(try scanner.string().bytes) else {
            throw scanner.error(.wrongValue, problem, at: place)
        }
        record.storeBytes(of: time.seconds, toByteOffset: fields[0].offset, as: Int64.self)
        record.storeBytes(of: time.nanos, toByteOffset: fields[1].offset, as: Int32.self)
        fields[0].mark(in: record)
        fields[1].mark(in: record)
    }

    private mutating func readFieldMask(
        into record: UnsafeMutableRawPointer, _ paths: JSONField
    ) throws(JSONDecodingError) {
        let place = scanner.position
        let text = try scanner.string().bytes
        if text.isEmpty { return }
        var list = JSONList(slotSize: 16)
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let path = FieldMaskText.snakeCase(part) else {
                throw scanner.error(
                    .wrongValue, "a path of a field mask is in camelCase, without underscores", at: place)
            }
            let copy = try scanner.allocate(path.count)
            path.withUnsafeBytes { copy.copyMemory(from: $0.baseAddress!, byteCount: path.count) }
            try list.next(scanner).storeBytes(of: ByteSpan(copy, count: path.count), as: ByteSpan.self)
            list.keep()
        }
        list.store(in: record, at: paths.offset)
    }

    /// A `google.protobuf.Value`, whose fields are its kinds in the order of their numbers.
    private mutating func readJSONValue(
        into record: UnsafeMutableRawPointer, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONDecodingError) {
        let kind =
            switch scanner.byte {
            case UInt8(ascii: "n"): 0
            case UInt8(ascii: "\""): 2
            case UInt8(ascii: "t"), UInt8(ascii: "f"): 3
            case UInt8(ascii: "{"): 4
            case UInt8(ascii: "["): 5
            default: 1
            }
        if kind == 1 {
            let place = scanner.position
            let number = try scanner.number("a value").double
            if number.isInfinite {
                throw scanner.error(.wrongValue, "the number is out of a double's range", at: place)
            }
            record.storeBytes(of: number, toByteOffset: fields[1].offset, as: Double.self)
        } else {
            _ = try readValue(fields[kind], to: record + fields[kind].offset)
        }
        fields[kind].mark(in: record)
    }
}
