/// Length and start of a string or byte string in a record, as libprotobuf-c lays them out.
@frozen @usableFromInline
struct ByteSpan: BitwiseCopyable {
    @usableFromInline let count: Int
    @usableFromInline let start: UnsafeRawPointer?

    @inlinable @inline(__always)
    init(_ start: UnsafeRawPointer?, count: Int) {
        self.count = count
        self.start = start
    }

    @inlinable @inline(__always)
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// Tells the common case apart at eight bytes a step, faster than checking for UTF-8. The last step may
    /// overlap the one before.
    @inlinable @inline(__always)
    var isASCII: Bool {
        guard let start else { return true }
        var highBits: UInt64 = 0
        if count >= 8 {
            var index = 0
            while index < count &- 8 {
                highBits |= start.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            highBits |= start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else if count >= 4 {
            highBits |= UInt64(start.loadUnaligned(as: UInt32.self))
            highBits |= UInt64(start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
        } else if count > 0 {
            highBits |= UInt64(start.load(as: UInt8.self))
            highBits |= UInt64(start.load(fromByteOffset: count / 2, as: UInt8.self))
            highBits |= UInt64(start.load(fromByteOffset: count &- 1, as: UInt8.self))
        }
        return highBits & 0x8080_8080_8080_8080 == 0
    }
}

extension String: FieldValue {
    /// Up to this many bytes a string may lie inside its value, and is copied into the scratch memory. A longer one
    /// lies in memory of its own, and is borrowed.
    @usableFromInline static var longestCopy: Int { @inlinable @inline(__always) get { 15 } }

    @inlinable @inline(__always)
    public static func loadField(from record: RecordReader, at offset: Int) throws(DecodingError) -> String {
        guard let string = String(validating: record.load(at: offset) as ByteSpan) else {
            throw record.error(.invalidUTF8, at: offset)
        }
        return string
    }

    @inlinable @inline(__always)
    init?(validating span: ByteSpan) {
        if span.count == 0 {
            self = ""
        } else if span.isASCII {
            self = String(copying: UTF8Span(unchecked: span.bytes.span, isKnownASCII: true))
        } else {
            guard let utf8 = try? UTF8Span(validating: span.bytes.span) else { return nil }
            self = String(copying: utf8)
        }
    }

    @inlinable @inline(__always)
    public static func storeField(_ value: String, into record: RecordWriter, at offset: Int) {
        let count = value.utf8.count
        #if canImport(ObjectiveC)
            if !value.isContiguousUTF8 {
                record.store(record.copyForeign(value, count: count), at: offset)
                return
            }
        #endif
        if count > longestCopy {
            record.store(value.borrowed(count), at: offset)
        } else if count > 0 {
            record.store(value.copied(count, to: record.arena.bump(count)), at: offset)
        }
    }

    /// Valid as long as this string's message, for more than `longestCopy` bytes.
    @inlinable @inline(__always)
    func borrowed(_ count: Int) -> ByteSpan {
        utf8.withContiguousStorageIfAvailable { ByteSpan($0.baseAddress, count: count) }.unsafelyUnwrapped
    }

    @inlinable @inline(__always)
    func copied(_ count: Int, to copy: UnsafeMutableRawPointer) -> ByteSpan {
        utf8.withContiguousStorageIfAvailable {
            copy.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count)
            return ByteSpan(copy, count: count)
        }.unsafelyUnwrapped
    }

    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: String) -> Bool { value.isEmpty }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) throws(DecodingError) -> [String] {
        let spans = record.elements(ByteSpan.self, at: offset)
        var strings: [String] = []
        strings.reserveCapacity(spans.count)
        for span in spans {
            guard let string = String(validating: span) else { throw record.error(.invalidUTF8, at: offset) }
            strings.append(string)
        }
        return strings
    }

    /// In two passes, so that the second calls nothing and thereby needs no retain and release.
    @inlinable
    public static func storeFields(_ values: [String], into record: RecordWriter, at offset: Int) {
        var room = 0
        for value in values {
            let count = value.utf8.count
            if count <= longestCopy { room += (count + 7) & ~7 }
        }
        var element = record.makeElements(ByteSpan.self, count: values.count, at: offset)
        var copy = record.arena.allocate(room)
        for value in values {
            let count = value.utf8.count
            #if canImport(ObjectiveC)
                if !value.isContiguousUTF8 {
                    element.initialize(to: record.copyForeign(value, count: count))
                    element += 1
                    continue
                }
            #endif
            if count > longestCopy {
                element.initialize(to: value.borrowed(count))
            } else {
                element.initialize(to: value.copied(count, to: copy))
                copy += (count + 7) & ~7
            }
            element += 1
        }
        record.arena.ensure(record.room)
    }
}
