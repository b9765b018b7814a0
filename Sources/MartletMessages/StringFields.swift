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
}

extension String: FieldValue {
    /// Up to this many bytes a string is copied into the scratch memory; a longer one is borrowed.
    @usableFromInline static var longestCopy: Int { @inlinable @inline(__always) get { 64 } }

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
            return
        }
        guard let utf8 = try? UTF8Span(validating: span.bytes.span) else { return nil }
        self = String(copying: utf8)
    }

    /// The closures are separate on purpose: with the branch inside one closure, retain and release stay.
    @inlinable @inline(__always)
    public static func storeField(_ value: String, into record: RecordWriter, at offset: Int) {
        let count = value.utf8.count
        let stored: Void?
        if count > longestCopy {
            stored = value.utf8.withContiguousStorageIfAvailable {
                record.store(ByteSpan($0.baseAddress, count: count), at: offset)
            }
        } else if count > 0 {
            let copy = record.arena.bump(count)
            record.store(ByteSpan(copy, count: count), at: offset)
            stored = value.utf8.withContiguousStorageIfAvailable {
                copy.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count)
            }
        } else {
            stored = ()
        }
        if stored == nil { record.storeForeign(value, count: count, at: offset) }
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

    @inlinable
    public static func storeFields(_ values: [String], into record: RecordWriter, at offset: Int) {
        var element = record.makeElements(ByteSpan.self, count: values.count, at: offset)
        for value in values {
            element.initialize(to: ByteSpan(nil, count: 0))
            record.arena.ensure(longestCopy)
            String.storeField(value, into: RecordWriter(element, in: record.arena), at: 0)
            element += 1
        }
    }
}
