/// An enum made by the generator.
///
/// An open enum keeps numbers of a newer schema as `unrecognized`, so that its initializer never fails. A closed
/// one has exactly the declared cases: other numbers become unknown fields of the message. (Of a singular field that
/// comes twice only the last number counts; others keep an earlier unknown one too.)
public protocol GeneratedEnum: RawRepresentable, CaseIterable, FieldValue where RawValue == Int32 {
    /// The names and numbers of its cases.
    static var enumTable: EnumTable { get }
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
    public static func loadField(from record: RecordReader, at offset: Int) throws(DecodingError) -> Self {
        guard let value = Self(rawValue: record.load(at: offset)) else { throw record.unknownNumber(at: offset) }
        return value
    }

    @inlinable @inline(__always)
    public static func storeField(_ value: Self, into record: RecordWriter, at offset: Int) {
        record.store(value.rawValue, at: offset)
    }

    @inlinable @inline(__always)
    public static func isFieldDefault(_ value: Self) -> Bool { value.rawValue == 0 }

    @inlinable
    public static func loadFields(from record: RecordReader, at offset: Int) throws(DecodingError) -> [Self] {
        let numbers = record.elements(Int32.self, at: offset)
        var values: [Self] = []
        values.reserveCapacity(numbers.count)
        for number in numbers {
            guard let value = Self(rawValue: number) else { throw record.unknownNumber(at: offset) }
            values.append(value)
        }
        return values
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

extension RecordReader {
    /// libprotobuf-c checks no enums, so that the number is still in the field.
    @usableFromInline @inline(never)
    func unknownNumber(at offset: Int) -> DecodingError { error(.malformed(.cutShort), at: offset) }
}
