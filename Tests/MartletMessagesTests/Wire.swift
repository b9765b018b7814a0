/// Builds bytes in protobuf's wire format, right and wrong ones.
enum Wire {
    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func varint(_ value: UInt64, field: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }

    static func bytes(_ content: [UInt8], field: UInt64) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(content.count)) + content
    }

    /// Messages nested `levels` deep in `field`, the innermost one empty.
    static func nested(levels: Int, field: UInt64) -> [UInt8] {
        var reversed: [UInt8] = []
        for _ in 1..<levels {
            reversed += varint(UInt64(reversed.count)).reversed()
            reversed += varint(field << 3 | 2).reversed()
        }
        return reversed.reversed()
    }
}
