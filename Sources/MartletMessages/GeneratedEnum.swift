/// An enum made by the generator: open, so that numbers of a newer schema survive as `unrecognized`.
public protocol GeneratedEnum: RawRepresentable, CaseIterable, FieldValue where RawValue == Int32 {
    static var enumTable: EnumTable { get }

    init(rawValue: Int32)
}

extension GeneratedEnum {
    /// Values are equal when their numbers are.
    @inlinable
    public static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }

    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension GeneratedEnum {
    @inlinable @inline(__always)
    public static func loadField(from record: RecordReader, at offset: Int) -> Self {
        Self(rawValue: record.load(at: offset))
    }

    @inlinable @inline(__always)
    public static func storeField(_ value: Self, into record: RecordWriter, at offset: Int) {
        record.store(value.rawValue, at: offset)
    }

    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Self) -> Bool { value.rawValue == 0 }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) -> [Self] {
        record.elements(Int32.self, at: offset).map { Self(rawValue: $0) }
    }

    @inlinable
    public static func storeFields(_ values: [Self], into record: RecordWriter, at offset: Int) {
        var element = record.makeElements(Int32.self, count: values.count, at: offset)
        for value in values {
            element.initialize(to: value.rawValue)
            element += 1
        }
    }
}
