/// Walks over the fields of one protobuf message in place.
///
/// The pointer makes it possible to read without a copy or a check per byte beyond those written here. Every access
/// is preceded by a comparison with `bytes.count`; the value must not outlive the closure that lends the bytes.
struct FieldReader {
    /// A field's number and wire type (https://protobuf.dev/programming-guides/encoding/).
    struct Tag: Equatable {
        let number: UInt32
        let type: UInt8

        static func varint(_ number: UInt32) -> Tag { Tag(number: number, type: 0) }
        static func bytes(_ number: UInt32) -> Tag { Tag(number: number, type: 2) }
    }

    let bytes: UnsafeRawBufferPointer
    /// Offset of the next unread byte.
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next field's tag; nil at the end of the message.
    @inline(__always)
    mutating func nextTag() throws(MalformedMessage) -> Tag? {
        guard offset < bytes.count else { return nil }
        let start = offset
        let key = try varint()
        let number = key >> 3
        guard number != 0, number <= 0x1FFF_FFFF else { throw malformed("a field number is out of range", at: start) }
        return Tag(number: UInt32(truncatingIfNeeded: number), type: UInt8(truncatingIfNeeded: key & 7))
    }

    @inline(__always)
    mutating func varint() throws(MalformedMessage) -> UInt64 {
        if offset < bytes.count, bytes[offset] < 0x80 {
            defer { offset += 1 }
            return UInt64(bytes[offset])
        }
        return try longVarint()
    }

    /// The range, in `bytes`, of a length-delimited field's content.
    @inline(__always)
    mutating func content() throws(MalformedMessage) -> Range<Int> {
        let start = offset
        let length = try varint()
        guard length <= UInt64(bytes.count - offset) else {
            throw malformed("a length runs past the end", at: start)
        }
        let content = offset..<offset + Int(length)
        offset = content.upperBound
        return content
    }

    /// Bytes that aren't UTF-8 are repaired: names that don't match and texts that look odd harm nobody.
    mutating func string() throws(MalformedMessage) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[try content()]), as: UTF8.self)
    }

    /// Passes over the value of a field that this version doesn't know.
    mutating func skip(_ tag: Tag) throws(MalformedMessage) {
        try skip(tag, depth: 0)
    }

    private mutating func skip(_ tag: Tag, depth: Int) throws(MalformedMessage) {
        let start = offset
        switch tag.type {
        case 0: _ = try varint()
        case 1: try advance(by: 8)
        case 2: _ = try content()
        case 3:
            guard depth < Self.maxGroupDepth else { throw malformed("groups nest too deeply", at: start) }
            while true {
                guard let inner = try nextTag() else { throw malformed("a group has no end", at: start) }
                if inner == Tag(number: tag.number, type: 4) { return }
                try skip(inner, depth: depth + 1)
            }
        case 5: try advance(by: 4)
        default: throw malformed("wire type \(tag.type) has no place here", at: start)
        }
    }

    private mutating func advance(by count: Int) throws(MalformedMessage) {
        guard bytes.count - offset >= count else { throw malformed("a field is cut short", at: offset) }
        offset += count
    }

    @inline(never)
    private mutating func longVarint() throws(MalformedMessage) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < bytes.count else { throw malformed("a varint is cut short", at: start) }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw malformed("a varint is longer than 10 bytes", at: start)
    }

    private func malformed(_ problem: String, at offset: Int) -> MalformedMessage {
        MalformedMessage(problem: problem, offset: offset)
    }

    /// As deep as other protobuf implementations let messages nest.
    private static let maxGroupDepth = 100
}

/// Bytes that aren't a protobuf message.
struct MalformedMessage: Error {
    let problem: String
    /// Where, in bytes from the start of the message it is about.
    let offset: Int
}
