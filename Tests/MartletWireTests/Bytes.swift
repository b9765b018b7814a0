/// Bytes from a text: hex digits, `'text'` for ASCII, `#` for a comment to the end of the line.
func bytes(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    for line in text.split(separator: "\n") {
        for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                result += part.utf8
                continue
            }
            let code = part.split(separator: "#", omittingEmptySubsequences: false)
            let digits = code[0].filter { !$0.isWhitespace }
            precondition(digits.count % 2 == 0, "half a byte in \(text)")
            var rest = digits[...]
            while !rest.isEmpty {
                result.append(UInt8(rest.prefix(2), radix: 16)!)
                rest = rest.dropFirst(2)
            }
            if code.count > 1 { break }
        }
    }
    return result
}

/// A frame around the data.
func frame(_ type: UInt8, stream: UInt32, flags: UInt8 = 0, _ data: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(data.count)) + bigEndian(stream) + [type, flags] + data
}

func frame(_ type: UInt8, stream: UInt32, flags: UInt8 = 0, _ data: String) -> [UInt8] {
    frame(type, stream: stream, flags: flags, bytes(data))
}

/// A length-delimited protobuf field.
func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    varint(UInt64(number) << 3 | 2) + varint(UInt64(content.count)) + content
}

func field(_ number: UInt8, _ content: String) -> [UInt8] {
    field(number, Array(content.utf8))
}

func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// The smallest Hello.
let hello = bytes(
    """
    00 00 00 02  00 00 00 00  10 00  # 2 bytes of data, stream 0, Hello, no flags
    08 01                            # version: 1
    """)
