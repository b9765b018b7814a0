/// The numbers: a record holds them as Swift does.
public protocol NumberFieldValue: FieldValue, BitwiseCopyable {}

extension NumberFieldValue {
    /// Never fails: all bits are a number.
    @inlinable @inline(__always)
    public static func loadField(from record: RecordReader, at offset: Int) -> Self { record.load(at: offset) }

    @inlinable @inline(__always)
    public static func storeField(_ value: Self, into record: RecordWriter, at offset: Int) {
        record.store(value, at: offset)
    }

    /// Never fails: all bits are numbers.
    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) -> [Self] {
        Array(record.elements(Self.self, at: offset))
    }

    /// Borrows the array: the message keeps it alive while its record is used.
    @inlinable
    public static func storeFields(_ values: [Self], into record: RecordWriter, at offset: Int) {
        values.withUnsafeBufferPointer { record.storeElements($0.baseAddress, count: $0.count, at: offset) }
    }
}

extension NumberFieldValue where Self: FixedWidthInteger {
    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Self) -> Bool { value == 0 }
}

extension Int32: NumberFieldValue {}
extension Int64: NumberFieldValue {}
extension UInt32: NumberFieldValue {}
extension UInt64: NumberFieldValue {}

extension Float: NumberFieldValue {
    /// −0.0 is not the default.
    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Float) -> Bool { value.bitPattern == 0 }
}

extension Double: NumberFieldValue {
    /// −0.0 is not the default.
    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Double) -> Bool { value.bitPattern == 0 }
}

/// A record holds a bool as 64 bits: libprotobuf-c's own bool accepts every wire type.
extension Bool: FieldValue {
    @inlinable @inline(__always)
    public static func loadField(from record: RecordReader, at offset: Int) -> Bool {
        record.load(at: offset) as UInt64 != 0
    }

    @inlinable @inline(__always)
    public static func storeField(_ value: Bool, into record: RecordWriter, at offset: Int) {
        record.store(value ? 1 : 0 as UInt64, at: offset)
    }

    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Bool) -> Bool { !value }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) -> [Bool] {
        record.elements(UInt64.self, at: offset).map { $0 != 0 }
    }

    @inlinable
    public static func storeFields(_ values: [Bool], into record: RecordWriter, at offset: Int) {
        var element = record.makeElements(UInt64.self, count: values.count, at: offset)
        for value in values {
            element.initialize(to: value ? 1 : 0)
            element += 1
        }
    }
}
