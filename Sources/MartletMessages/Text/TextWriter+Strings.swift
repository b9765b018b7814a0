extension TextWriter {
    /// In quotes, with C's escapes: for control characters, and for all bytes beyond ASCII where they are no text.
    mutating func writeString(_ span: ByteSpan, keepsUTF8: Bool) {
        let keepsHighBytes = keepsUTF8 && (span.isASCII || (try? UTF8Span(validating: span.bytes.span)) != nil)
        out.append(UInt8(ascii: "\""))
        for byte in span.bytes {
            switch byte {
            case UInt8(ascii: "\n"): out.append("\\n")
            case UInt8(ascii: "\r"): out.append("\\r")
            case UInt8(ascii: "\t"): out.append("\\t")
            case UInt8(ascii: "\""): out.append("\\\"")
            case UInt8(ascii: "'"): out.append("\\'")
            case UInt8(ascii: "\\"): out.append("\\\\")
            case 0x20..<0x7F: out.append(byte)
            case 0x80... where keepsHighBytes: out.append(byte)
            default:
                out.append(UInt8(ascii: "\\"))
                for shift in [6, 3, 0] as [UInt8] { out.append(UInt8(ascii: "0") + (byte >> shift & 7)) }
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
