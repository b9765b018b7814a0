/// The protobuf type `bytes`.
extension Array: FieldValue where Element == UInt8 {
    @inlinable @inline(__always)
    public static func loadField(from record: RecordReader, at offset: Int) -> [UInt8] {
        Array((record.load(at: offset) as ByteSpan).bytes)
    }

    /// Borrows the array: the message keeps it alive while its record is used.
    @inlinable @inline(__always)
    public static func storeField(_ value: [UInt8], into record: RecordWriter, at offset: Int) {
        if value.isEmpty { return }
        value.withUnsafeBufferPointer { record.store(ByteSpan($0.baseAddress, count: $0.count), at: offset) }
    }

    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: [UInt8]) -> Bool { value.isEmpty }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) -> [[UInt8]] {
        record.elements(ByteSpan.self, at: offset).map { Array($0.bytes) }
    }

    @inlinable
    public static func storeFields(_ values: [[UInt8]], into record: RecordWriter, at offset: Int) {
        var element = record.makeElements(ByteSpan.self, count: values.count, at: offset)
        for value in values {
            element.initialize(to: value.withUnsafeBufferPointer { ByteSpan($0.baseAddress, count: $0.count) })
            element += 1
        }
    }
}
