/// The tag of a field in the binary form (https://protobuf.dev/programming-guides/encoding).
struct WireTag {
    enum Form: UInt8 {
        case varint, fixed64, bytes, groupStart, groupEnd, fixed32
    }

    let number: UInt32
    let form: Form
}

/// Reads protobuf's binary form, one tag or value at a time.
struct WireReader {
    private(set) var position: UnsafeRawPointer
    let end: UnsafeRawPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        // Never read where there are no bytes.
        position = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
        end = position + bytes.count
    }

    var isAtEnd: Bool { position == end }

    mutating func tag() throws(ParseFailure) -> WireTag {
        let start = position
        let value = try varint(longest: 5)
        let number = value >> 3
        guard 1...UInt64(MessageTable.largestFieldNumber) ~= number else { throw ParseFailure(.fieldNumber, at: start) }
        guard let form = WireTag.Form(rawValue: UInt8(value & 7)) else { throw ParseFailure(.wireType, at: start) }
        return WireTag(number: UInt32(number), form: form)
    }

    /// Bits beyond 64 are dropped, as everywhere.
    mutating func varint(longest: Int = 10) throws(ParseFailure) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<longest {
            guard position + index < end else { throw ParseFailure(.cutShort, at: position) }
            let byte = position.load(fromByteOffset: index, as: UInt8.self)
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                position += index + 1
                return value
            }
        }
        throw ParseFailure(.varint, at: position)
    }

    mutating func fixed32() throws(ParseFailure) -> UInt32 {
        UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    mutating func fixed64() throws(ParseFailure) -> UInt64 {
        UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self))
    }

    /// A length and that many bytes.
    mutating func bytes() throws(ParseFailure) -> UnsafeRawBufferPointer {
        let start = position
        let count = try varint(longest: 5)
        guard count <= UInt64(end - position) else {
            throw ParseFailure(count > UInt64(largestMessageSize) ? .length : .cutShort, at: start)
        }
        defer { position += Int(count) }
        return UnsafeRawBufferPointer(start: position, count: Int(count))
    }

    /// Skips the value of a field that isn't a group.
    mutating func skip(_ form: WireTag.Form) throws(ParseFailure) {
        switch form {
        case .varint: _ = try varint()
        case .fixed64: _ = try take(8)
        case .bytes: _ = try bytes()
        case .fixed32: _ = try take(4)
        case .groupStart, .groupEnd: preconditionFailure("groups nest, which their reader must count")
        }
    }

    /// Skips the value of a field in bytes that have been read once before, so that groups nest as they should.
    mutating func skipValue(of tag: WireTag) throws(ParseFailure) {
        var openGroups = tag.form == .groupStart ? 1 : 0
        if openGroups == 0 { try skip(tag.form) }
        while openGroups > 0 {
            let form = try self.tag().form
            switch form {
            case .groupStart: openGroups += 1
            case .groupEnd: openGroups -= 1
            default: try skip(form)
            }
        }
    }

    private mutating func take(_ count: Int) throws(ParseFailure) -> UnsafeRawPointer {
        guard end - position >= count else { throw ParseFailure(.cutShort, at: position) }
        defer { position += count }
        return position
    }
}
