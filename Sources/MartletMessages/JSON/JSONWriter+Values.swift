extension JSONWriter {
    /// The value of a field, or one of its values, from its slot.
    mutating func writeValue(
        _ field: JSONField, at slot: UnsafeRawPointer, in arena: Arena
    ) throws(JSONEncodingError) {
        switch field.kind {
        case .int32: out.append(Int64(slot.load(as: Int32.self)))
        case .uint32: out.append(UInt64(slot.load(as: UInt32.self)))
        case .int64:
            // JSON's numbers are doubles, which would lose digits.
            out.append(UInt8(ascii: "\""))
            out.append(slot.load(as: Int64.self))
            out.append(UInt8(ascii: "\""))
        case .uint64:
            out.append(UInt8(ascii: "\""))
            out.append(slot.load(as: UInt64.self))
            out.append(UInt8(ascii: "\""))
        case .float: writeNumber(slot.load(as: Float.self))
        case .double: writeNumber(slot.load(as: Double.self))
        case .bool: out.append(slot.load(as: UInt64.self) != 0 ? "true" : "false" as StaticString)
        case .string: try writeString(slot.load(as: ByteSpan.self))
        case .bytes: Base64.write(slot.load(as: ByteSpan.self).bytes, to: &out)
        case .enumeration: writeEnum(slot.load(as: Int32.self), field.enumTable)
        case .nullValue: out.append("null")
        case .message:
            // A map's entry may come without its value, which then is the empty message.
            let record = slot.load(as: UnsafeRawPointer?.self) ?? field.table.emptyRecord
            try writeMessage(RecordReader(record, in: arena), field.table.json)
        }
    }

    private mutating func writeEnum(_ number: Int32, _ table: EnumTable) {
        if !options.writesEnumsAsNumbers, let name = table.name(of: number) {
            out.append(UInt8(ascii: "\""))
            out.append(name)
            out.append(UInt8(ascii: "\""))
        } else {
            out.append(Int64(number))
        }
    }

    private mutating func writeNumber<Number: BinaryFloatingPoint & CustomStringConvertible>(_ number: Number) {
        if number.isNaN {
            out.append("\"NaN\"")
        } else if number.isInfinite {
            out.append(number < 0 ? "\"-Infinity\"" : "\"Infinity\"" as StaticString)
        } else {
            out.append(number: number)
        }
    }

    mutating func writeString(_ text: String) {
        var text = text
        text.withUTF8 { writeQuoted($0) }
    }

    /// Strings in records that were made from bytes may not be UTF-8.
    mutating func writeString(_ span: ByteSpan) throws(JSONEncodingError) {
        if !span.isASCII, (try? UTF8Span(validating: span.bytes.span)) == nil {
            throw JSONEncodingError("the string is not valid UTF-8")
        }
        writeQuoted(span.bytes)
    }

    private mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        out.append(UInt8(ascii: "\""))
        if let start = text.baseAddress { writeEscaped(start, count: text.count) }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ start: UnsafePointer<UInt8>, count: Int) {
        var done = 0
        var index = 0
        while true {
            index = JSONText.endOfPlainRun(start, from: index, count: count)
            out.append(start + done, count: index - done)
            if index == count { return }
            writeEscape(start[index])
            index += 1
            done = index
        }
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): out.append("\\\"")
        case UInt8(ascii: "\\"): out.append("\\\\")
        case 0x08: out.append("\\b")
        case 0x09: out.append("\\t")
        case 0x0A: out.append("\\n")
        case 0x0C: out.append("\\f")
        case 0x0D: out.append("\\r")
        default:
            out.append("\\u00")
            out.append(JSONText.hexDigit(byte >> 4))
            out.append(JSONText.hexDigit(byte & 15))
        }
    }
}

extension ByteOutput {
    /// The shortest decimal form that reads back as the same number.
    mutating func append<Number: BinaryFloatingPoint & CustomStringConvertible>(number: Number) {
        if let integer = Int64(exactly: number), integer.magnitude < 1 << 53, integer != 0 || number.sign == .plus {
            append(integer)
        } else {
            var text = number.description
            if text.hasSuffix(".0") { text.removeLast(2) }
            append(text)
        }
    }
}
