/// Walks over the fields of one protobuf message in place.
///
/// The pointer makes it possible to read without copying, and to check bounds once per field instead of once per
/// byte. Every access is preceded by a comparison with `end`. The value must not outlive the closure that lends it
/// the bytes.
struct FieldReader {
    /// A field's number and wire type (https://protobuf.dev/programming-guides/encoding/).
    struct Tag: Equatable {
        let number: UInt32
        let wireType: UInt8

        static func varint(_ number: UInt32) -> Tag { Tag(number: number, wireType: 0) }
        static func bytes(_ number: UInt32) -> Tag { Tag(number: number, wireType: 2) }
        static func fixed64(_ number: UInt32) -> Tag { Tag(number: number, wireType: 1) }
    }

    private let bytes: UnsafeRawBufferPointer
    /// Of the next unread byte.
    private var offset: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(bytes, in: 0..<bytes.count)
    }

    /// Reads the message that takes up a part of the bytes.
    private init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    /// The next field's tag; nil at the end of the message.
    @inline(__always)
    mutating func nextTag() throws(MalformedMessage) -> Tag? {
        guard offset < end else { return nil }
        let start = offset
        let key = try varint()
        let number = key >> 3
        guard 1...0x1FFF_FFFF ~= number else { throw malformed("a field number is out of range", at: start) }
        return Tag(number: UInt32(truncatingIfNeeded: number), wireType: UInt8(truncatingIfNeeded: key & 7))
    }

    @inline(__always)
    mutating func varint() throws(MalformedMessage) -> UInt64 {
        if offset < end, bytes[offset] < 0x80 {
            defer { offset += 1 }
            return UInt64(bytes[offset])
        }
        return try longVarint()
    }

    /// Where the content of a length-delimited field lies.
    @inline(__always)
    mutating func content() throws(MalformedMessage) -> Range<Int> {
        let start = offset
        let length = try varint()
        guard length <= UInt64(end - offset) else { throw malformed("a length runs past the end", at: start) }
        let content = offset..<offset + Int(length)
        offset = content.upperBound
        return content
    }

    /// Reads a field's content as a message.
    mutating func message() throws(MalformedMessage) -> FieldReader {
        FieldReader(bytes, in: try content())
    }

    mutating func byteArray() throws(MalformedMessage) -> [UInt8] {
        [UInt8](bytes[try content()])
    }

    /// Bytes that aren't UTF-8 are repaired: a name that matches nothing and a text that looks odd do no harm.
    mutating func string() throws(MalformedMessage) -> String {
        string(at: try content())
    }

    mutating func fixed64() throws(MalformedMessage) -> UInt64 {
        let start = offset
        try advance(by: 8)
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    func string(at range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Passes over the value of a field that this version doesn't know.
    mutating func skip(_ tag: Tag) throws(MalformedMessage) {
        try skip(tag, depth: 0)
    }

    private mutating func skip(_ tag: Tag, depth: Int) throws(MalformedMessage) {
        let start = offset
        switch tag.wireType {
        case 0: _ = try varint()
        case 1: try advance(by: 8)
        case 2: _ = try content()
        case 3:
            guard depth < Self.maxGroupDepth else { throw malformed("groups nest too deeply", at: start) }
            while true {
                guard let inner = try nextTag() else { throw malformed("a group has no end", at: start) }
                if inner == Tag(number: tag.number, wireType: 4) { return }
                try skip(inner, depth: depth + 1)
            }
        case 5: try advance(by: 4)
        default: throw malformed("wire type \(tag.wireType) has no place here", at: start)
        }
    }

    private mutating func advance(by count: Int) throws(MalformedMessage) {
        guard end - offset >= count else { throw malformed("a field is cut short", at: offset) }
        offset += count
    }

    @inline(never)
    private mutating func longVarint() throws(MalformedMessage) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < end else { throw malformed("a varint is cut short", at: start) }
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
struct MalformedMessage: Error, CustomStringConvertible {
    let problem: String
    /// In bytes from the start of the frame's data.
    let offset: Int

    var description: String { "\(problem), at byte \(offset)" }
}
