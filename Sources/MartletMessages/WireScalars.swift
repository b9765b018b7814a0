extension ScalarType {
    /// How a value that isn't packed is written.
    var wireForm: WireTag.Form {
        switch self {
        case .int32, .sint32, .uint32, .int64, .sint64, .uint64, .bool: .varint
        case .sfixed32, .fixed32, .float: .fixed32
        case .sfixed64, .fixed64, .double: .fixed64
        case .string, .bytes: .bytes
        }
    }
}

extension WireReader {
    /// A value as a record's slot holds it. Strings are checked, and copied into the arena as byte strings are.
    mutating func scalar(_ scalar: ScalarType, in arena: Arena) throws(ParseFailure) -> ParsedRecord.Slot {
        switch scalar {
        case .int32, .uint32: return .bits32(UInt32(truncatingIfNeeded: try varint()))
        case .sint32:
            let bits = UInt32(truncatingIfNeeded: try varint())
            return .bits32(bits >> 1 ^ (0 &- bits & 1))
        case .int64, .uint64: return .bits64(try varint())
        case .sint64:
            let bits = try varint()
            return .bits64(bits >> 1 ^ (0 &- bits & 1))
        case .bool: return .bits64(try varint() == 0 ? 0 : 1)
        case .fixed32, .sfixed32, .float: return .bits32(try fixed32())
        case .fixed64, .sfixed64, .double: return .bits64(try fixed64())
        case .string:
            let text = try bytes()
            try checkUTF8(text)
            return .span(try copy(text, to: arena))
        case .bytes: return .span(try copy(try bytes(), to: arena))
        }
    }

    /// The number of elements of a packed list that begins here and takes the rest of the bytes. Of one that ends
    /// within a varint, that one isn't counted.
    func count(of scalar: ScalarType) throws(ParseFailure) -> Int {
        let bytes = UnsafeRawBufferPointer(start: position, count: end - position)
        let size: Int
        switch scalar.wireForm {
        case .varint: return bytes.count { $0 < 0x80 }
        case .fixed32: size = 4
        default: size = 8
        }
        guard bytes.count.isMultiple(of: size) else { throw ParseFailure(.packedLength, at: position) }
        return bytes.count / size
    }

    private func checkUTF8(_ text: UnsafeRawBufferPointer) throws(ParseFailure) {
        if ByteSpan(text.baseAddress, count: text.count).isASCII { return }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: text.bindMemory(to: UInt8.self).span)
        } catch {
            throw ParseFailure(.invalidUTF8, at: text.baseAddress.map { $0 + error.byteOffsets.lowerBound })
        }
    }

    private func copy(_ bytes: UnsafeRawBufferPointer, to arena: Arena) throws(ParseFailure) -> ByteSpan {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return ByteSpan(nil, count: 0) }
        let isLarge = bytes.count >= LargeBlocks.leastSize
        guard let copy = isLarge ? arena.tryAllocateLarge(bytes.count) : arena.tryAllocate(bytes.count) else {
            throw ParseFailure(.overBudget(limit: arena.state.pointee.budget), at: position)
        }
        copy.copyMemory(from: start, byteCount: bytes.count)
        return ByteSpan(copy, count: bytes.count)
    }
}
