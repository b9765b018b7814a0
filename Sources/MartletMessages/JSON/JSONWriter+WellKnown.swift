extension JSONWriter {
    mutating func write(
        _ type: WellKnownType, _ record: RecordReader, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONEncodingError) {
        switch type {
        case .any: try writeAny(record, fields)
        case .timestamp:
            let (seconds, nanos) = Self.secondsAndNanos(record, fields)
            guard let text = TimestampText.text(seconds: seconds, nanos: nanos) else {
                throw JSONEncodingError(
                    """
                    the timestamp of \(seconds) seconds and \(nanos) nanoseconds isn't between \
                    0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z
                    """)
            }
            out.append("\"\(text)\"")
        case .duration:
            let (seconds, nanos) = Self.secondsAndNanos(record, fields)
            guard let text = DurationText.text(seconds: seconds, nanos: nanos) else {
                throw JSONEncodingError(
                    """
                    the duration of \(seconds) seconds and \(nanos) nanoseconds isn't within 315576000000 seconds, \
                    or its parts differ in sign
                    """)
            }
            out.append("\"\(text)\"")
        case .fieldMask: try writeFieldMask(record, fields[0])
        case .structure: try writeMap(fields[0], of: record)
        case .listValue: try writeList(fields[0], of: record)
        case .value: try writeJSONValue(record, fields)
        case .wrapper: try writeValue(fields[0], at: record.base + fields[0].offset, in: record.arena)
        }
    }

    private static func secondsAndNanos(
        _ record: RecordReader, _ fields: UnsafeBufferPointer<JSONField>
    ) -> (Int64, Int32) {
        (record.load(at: fields[0].offset), record.load(at: fields[1].offset))
    }

    private mutating func writeFieldMask(_ record: RecordReader, _ paths: JSONField) throws(JSONEncodingError) {
        var texts: [String] = []
        for span in record.elements(ByteSpan.self, at: paths.offset) {
            let path = String(decoding: span.bytes, as: UTF8.self)
            guard let text = FieldMaskText.camelCase(path) else {
                throw JSONEncodingError(
                    "the path \"\(path)\" would not come back from camelCase: write it in lower_snake_case")
            }
            texts.append(text)
        }
        writeString(texts.joined(separator: ","))
    }

    /// A `google.protobuf.Value`.
    private mutating func writeJSONValue(
        _ record: RecordReader, _ fields: UnsafeBufferPointer<JSONField>
    ) throws(JSONEncodingError) {
        let number = record.oneofCase(at: fields[0].oneofCase)
        guard let field = fields.first(where: { $0.number == number }) else {
            throw JSONEncodingError("the google.protobuf.Value has no kind: set it, to nullValue for null")
        }
        if field.kind == .double {
            let number: Double = record.load(at: field.offset)
            if !number.isFinite {
                throw JSONEncodingError("the google.protobuf.Value holds \(number), for which JSON has no number")
            }
        }
        try writeValue(field, at: record.base + field.offset, in: record.arena)
    }
}
